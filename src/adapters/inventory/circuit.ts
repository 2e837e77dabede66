/** Milliseconds between two tries while look-ups fail. */
const REST = 1000;

/** Whether an inventory that fails is worth asking for what is known anyway. */
export type Circuit = {
  /** True while all is well, and to one caller in a second while it is not. */
  mayAsk(): boolean;
  failed(): void;
  succeeded(): void;
};

/** A circuit that takes all to be well until something fails. */
export function createCircuit(): Circuit {
  let restsUntil: number | undefined;
  return {
    mayAsk() {
      if (restsUntil === undefined) return true;
      const now = performance.now();
      if (now < restsUntil) return false;
      restsUntil = now + REST;
      return true;
    },
    failed() {
      restsUntil = performance.now() + REST;
    },
    succeeded() {
      restsUntil = undefined;
    },
  };
}
