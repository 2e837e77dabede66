/** What one request has of the database. */
export type RequestScope = {
  /** Runs work of the request. */
  run<T>(work: () => T): T;
  /** Gives back what the request had, once nothing of it goes on any more. */
  close(): Promise<void>;
};

/** For a driver that keeps nothing open. */
export const nothingOpen: RequestScope = { run: (work) => work(), close: async () => {} };
