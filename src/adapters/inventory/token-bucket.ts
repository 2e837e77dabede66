/** Bounds how often something is done: numbers only, so that requests of one isolate can share it. */
export type TokenBucket = {
  /** Whether it may be done now; then it counts. */
  take(): boolean;
  /** Whether much of it has been done: less than half of what may be done at once is left. */
  isLow(): boolean;
};

/** So many in a second, and as many at once after a quiet time. */
export function createTokenBucket(perSecond: number): TokenBucket {
  let tokens = perSecond;
  let filledAt = performance.now();

  function fill(): void {
    const now = performance.now();
    tokens = Math.min(perSecond, tokens + Math.max(((now - filledAt) / 1000) * perSecond, 0));
    filledAt = now;
  }

  return {
    take() {
      fill();
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    isLow() {
      fill();
      return tokens < perSecond / 2;
    },
  };
}
