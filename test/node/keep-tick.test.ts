import { expect, it } from 'vitest';
import { printedBy } from './program.ts';

const MODULE = new URL('../../src/node/keep-tick.ts', import.meta.url).href;

/** Says how many of the objects of work in the next tick are still there after a full collection. */
const PROGRAM = `
import { createHook } from 'node:async_hooks';
import { setTimeout } from 'node:timers/promises';
import { keepTick } from '${MODULE}';
const ticks = [];
const hook = createHook({ init: (_id, type, _trigger, tick) => type === 'TickObject' && ticks.push(new WeakRef(tick)) });
hook.enable();
keepTick();
process.nextTick(() => {});
hook.disable();
await setTimeout(1);
globalThis.gc();
console.log(JSON.stringify([ticks.length, ticks.filter((tick) => tick.deref() !== undefined).length]));
process.exit(0);
`;

it('keeps one of the objects by which Node has work done in the next tick, and no other', async () => {
  expect(await printedBy(PROGRAM, '--expose-gc')).toEqual([2, 1]);
});
