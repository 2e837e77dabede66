import type { Context } from 'hono';
import { ServiceError } from '../core/errors.ts';
import type { Runtime } from '../http/runtime.ts';

/** So many large requests may wait for their turn. */
const MAX_WAITING = 16;
/** Milliseconds that one may wait: a gateway would cut it off at 10 s. */
const PATIENCE = 6000;

/** One large request after the other. A turn ends with the work, not with the answer: who reads slowly keeps nobody waiting. */
export function takingTurns(patience = PATIENCE): Pick<Runtime, 'turn' | 'endTurn'> {
  const endings = new WeakMap<Context, () => void>();
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  return {
    async turn(c) {
      if (waiting >= MAX_WAITING) throw tooMany();
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      const begins = last;
      last = begins.then(() => ended);
      endings.set(c, end);
      waiting += 1;
      const inTime = await isInTime(begins, patience);
      waiting -= 1;
      if (inTime) return;
      end();
      throw tooMany();
    },
    endTurn: (c) => endings.get(c)?.(),
  };
}

async function isInTime(begins: Promise<void>, patience: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, patience, false);
  });
  const inTime = await Promise.race([begins.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

function tooMany(): ServiceError {
  return new ServiceError('unavailable', 'too many large requests at once');
}
