import { describe, expect, it } from 'vitest';
import { atOnce, each, type Steps } from '../../src/core/steps.ts';
import { inTurns, letOthersGo } from '../../src/let-others-go.ts';

const many = Array.from({ length: 1000 }, (_, at) => at);

function* squares(): Steps<number[]> {
  const all: number[] = [];
  yield* each(many, (one, at) => all.push(one * at));
  return all;
}
const expected = many.map((one) => one * one);

/** Steps that take a while each. */
function* slow(milliseconds: number, count: number): Steps<string> {
  for (let step = 0; step < count; step++) {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
    yield;
  }
  return 'done';
}

describe('work in steps', () => {
  it('does something with each thing, in order, and stands still now and then', () => {
    const steps = squares();
    let stops = 0;
    for (let step = steps.next(); ; step = steps.next(), stops++) {
      if (step.done !== true) continue;
      expect(step.value).toEqual(expected);
      break;
    }
    expect(stops).toBeGreaterThan(9);
  });

  it('comes to the same at one go and in turns', async () => {
    expect(atOnce(squares())).toEqual(expected);
    expect(await inTurns(squares())).toEqual(expected);
  });

  it('lets others go while it takes long', async () => {
    let others = 0;
    const timer = setInterval(() => {
      others += 1;
    }, 1);
    expect(await inTurns(slow(2, 12))).toBe('done');
    expect(others).toBeGreaterThanOrEqual(3);
    clearInterval(timer);
  });

  it('stops between two pieces only where these are large', async () => {
    let hasGone = false;
    setImmediate(() => {
      hasGone = true;
    });
    await letOthersGo(12);
    expect(hasGone).toBe(false);
    await letOthersGo(1000);
    expect(hasGone).toBe(true);
  });

  it('fails as its steps do, whoever runs it', async () => {
    function* failing(): Steps<void> {
      yield;
      throw new Error('no more');
    }
    expect(() => atOnce(failing())).toThrow('no more');
    await expect(inTurns(failing())).rejects.toThrow('no more');
  });
});
