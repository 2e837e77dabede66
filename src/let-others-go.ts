import type { Steps } from './core/steps.ts';

/** Milliseconds of work after which others are let go, and in which they are: those who came meanwhile, and some more. */
const WORK = 1.5;
const REST = 3;
/** So many nodes take milliseconds. */
const MANY = 500;

/** Does work in such a way that scripts go out meanwhile. */
export async function inTurns<Result>(steps: Steps<Result>): Promise<Result> {
  for (let began = performance.now(); ; ) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - began < WORK) continue;
    await rest();
    began = performance.now();
  }
}

/** Between two pieces of work on so many nodes, or whatever they are, scripts go out. */
export async function letOthersGo(count: number): Promise<void> {
  if (count > MANY) await rest();
}

function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, REST));
}
