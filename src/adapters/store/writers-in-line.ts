import { inTime } from '../deadline.ts';

/** What a write reads and changes, by names of any kind; all of them where it cannot be said which. */
export type Names = readonly (string | number)[] | 'all';

/** Does work when all that came before it and names any of the same is over. */
export type Line = <Result>(names: Names, work: () => Promise<Result>) => Promise<Result>;

/** Milliseconds that one waits for others: longer than that no write tries. */
const PATIENCE = 8000;

/** Its names are only made a set when another one comes: as a rule there is none, and they may be thirty thousand. */
type Writer = { names(): ReadonlySet<string | number> | 'all'; readonly isDone: Promise<void> };

/**
 * Lets the writers of one process that would meet go one after the other, in the order in which they came: those of the
 * others are all that each may still meet in the database. Throws `unavailable` when that takes too long.
 */
export function writersInLine(): Line {
  const line = new Set<Writer>();
  return async (named, work) => {
    let set: ReadonlySet<string | number> | undefined;
    const names = (): ReturnType<Writer['names']> => {
      if (named === 'all') return named;
      set ??= new Set(named);
      return set;
    };
    const before = [...line].filter((other) => haveInCommon(names(), other.names()));
    const { promise: isDone, resolve } = Promise.withResolvers<void>();
    const writer: Writer = { names, isDone };
    line.add(writer);
    try {
      await inTime(Promise.all(before.map((other) => other.isDone)), PATIENCE);
      return await work();
    } finally {
      line.delete(writer);
      resolve();
    }
  };
}

function haveInCommon(one: ReturnType<Writer['names']>, other: ReturnType<Writer['names']>): boolean {
  if (one === 'all' || other === 'all') return true;
  const [fewer, more] = one.size < other.size ? [one, other] : [other, one];
  for (const name of fewer) if (more.has(name)) return true;
  return false;
}
