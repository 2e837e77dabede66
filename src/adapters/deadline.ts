import { ServiceError } from '../core/errors.ts';
import type { Soon } from '../core/soon.ts';
import type { Inventory } from '../ports/inventory.ts';

/**
 * An inventory whose look-ups of one node take no longer than so many milliseconds in all, however many requests they
 * are made of: then they throw `unavailable`, while the requests go on behind. Whole lists take their time.
 */
export function withinDeadline(inventory: Inventory, ms: number): Inventory {
  return { ...inventory, find: (key) => inTime(inventory.find(key), ms) };
}

/** What work comes to, unless that takes longer: then it throws `unavailable`. */
export async function inTime<Answer>(work: Soon<Answer>, ms: number): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ServiceError('unavailable', `no answer within ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
