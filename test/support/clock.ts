import { onTestFinished, vi } from 'vitest';

/** The performance clock with a hand on it, until the running test ends. */
export type Clock = {
  /** Lets so many milliseconds go by at once. */
  pass(ms: number): void;
};

export function clockForTest(): Clock {
  const now = performance.now.bind(performance);
  let passed = 0;
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => now() + passed);
  onTestFinished(() => spy.mockRestore());
  return {
    pass(ms) {
      passed += ms;
    },
  };
}
