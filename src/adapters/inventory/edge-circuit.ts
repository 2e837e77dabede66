/** Milliseconds between two tries while look-ups fail. */
const REST = 1000;

/** Whether an inventory that fails, here or for another isolate, is worth asking for what is known anyway. */
export type EdgeCircuit = {
  /**
   * True while all is well, and to one caller in a second while it is not. `awayAt` is when another isolate last found it
   * away, `refreshedAt` when one last looked at it again, in milliseconds of Unix time.
   */
  mayAsk(marks: { readonly awayAt: number; readonly refreshedAt: number }): boolean;
  failed(): void;
  succeeded(): void;
};

/** A circuit that takes all to be well until something fails. */
export function createEdgeCircuit(): EdgeCircuit {
  let failedAt = Number.NEGATIVE_INFINITY;
  let wellAt = Number.NEGATIVE_INFINITY;
  return {
    mayAsk({ awayAt, refreshedAt }) {
      failedAt = Math.max(failedAt, awayAt);
      if (failedAt <= Math.max(wellAt, refreshedAt)) return true;
      const now = Date.now();
      if (now - failedAt < REST) return false;
      failedAt = now;
      return true;
    },
    failed() {
      failedAt = Date.now();
    },
    succeeded() {
      wellAt = Date.now();
    },
  };
}
