/** What is counted over all rounds on one store. */
export type Figures = {
  /** Writes answered 2xx. */
  acknowledged: number;
  /** Places that do not hold what the last acknowledged write left there. */
  lost: number;
  /** Nodes with two records, by the API and by the rows. */
  duplicated: number;
  /** Requests of which a part was done. */
  torn: number;
  /** Good writes answered 4xx. */
  refused: number;
  /** Rows that nothing uses, or that use what is not there. */
  orphans: number;
  /** Answers 5xx other than 503 with `Retry-After`. */
  failed: number;
  /** Writes answered 503 that were done all the same. */
  doneAfterAll: number;
  /** Scripts that are not what the records say. */
  astray: number;
  /** Writes answered 503. */
  putOff: number;
  /** Writes whose connection broke. */
  unanswered: number;
  /** Of those, the ones that were done. */
  unansweredYetDone: number;
  /** Writes to places that several writers fight for which came too late: POST to what is there, PATCH and DELETE of what is not. */
  tooLate: number;
};

/** These have to be 0. */
const FAULTS = {
  lost: 'lost',
  duplicated: 'duplicated',
  torn: 'torn',
  refused: 'good writes refused with 4xx',
  orphans: 'orphans',
  failed: '5xx other than 503',
  doneAfterAll: '503, and done after all',
  astray: 'scripts that differ from the records',
} as const;

const OTHERS = {
  acknowledged: 'acknowledged writes',
  putOff: '503',
  unanswered: 'unanswered',
  unansweredYetDone: 'of them done',
  tooLate: 'too late for a place that others wanted',
} as const;

export function noFigures(): Figures {
  return {
    ...{
      acknowledged: 0,
      lost: 0,
      duplicated: 0,
      torn: 0,
      refused: 0,
      orphans: 0,
      failed: 0,
      doneAfterAll: 0,
      astray: 0,
    },
    ...{ putOff: 0, unanswered: 0, unansweredYetDone: 0, tooLate: 0 },
  };
}

/** What has come to the figures since they were these. */
export function gainedSince(before: Figures, now: Figures): Figures {
  const gained = noFigures();
  for (const [key] of entriesOf({ ...FAULTS, ...OTHERS })) gained[key] = now[key] - before[key];
  return gained;
}

/** The faults that are not 0, in words. */
export function faultsOf(figures: Figures): string {
  const found = entriesOf(FAULTS).filter(([key]) => figures[key] !== 0);
  return found.map(([key, words]) => `${words} ${figures[key]}`).join(', ');
}

/** All figures, a line each. */
export function tableOf(figures: Figures): string {
  const lines = [...entriesOf(FAULTS), ...entriesOf(OTHERS)].map(([key, words]) => {
    return `  ${String(figures[key]).padStart(7)}  ${words}`;
  });
  return `${lines.join('\n')}\n`;
}

function entriesOf<Key extends keyof Figures>(words: Readonly<Record<Key, string>>): [Key, string][] {
  const isKey = (key: string): key is Key => key in words;
  return Object.entries<string>(words).flatMap(([key, text]): [Key, string][] => (isKey(key) ? [[key, text]] : []));
}
