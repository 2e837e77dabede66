import { executionAsyncResource } from 'node:async_hooks';

const kept: object[] = [];

/**
 * Keeps one of the objects by which Node has work done in the next tick, so that V8 goes on knowing what they are like. It
 * forgets that with a full collection while there is none, as when nobody asks for anything; and where Node makes them, it can
 * learn that only once. Each of the handful that a script needs would then be put together step by step, which is a tenth of
 * the script's time, until the process ends. To be called before there is a full collection.
 */
export function keepTick(): void {
  process.nextTick(() => kept.push(executionAsyncResource()));
}
