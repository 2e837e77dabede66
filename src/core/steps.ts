/**
 * Work on thousands of things, which need not be done at one go: it stands still now and then, where whoever runs it may
 * let others go, and answers what came of it.
 */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** So many things take well under a millisecond. */
const FEW = 64;

/** Does something with each of these, in their order. */
export function* each<Item>(items: Iterable<Item>, work: (item: Item, at: number) => void): Steps<void> {
  let at = 0;
  for (const item of items) {
    work(item, at++);
    if (at % FEW === 0) yield;
  }
}

/** What comes of it, at one go. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
