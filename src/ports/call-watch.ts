/** What became of a call: it was answered; the other side was away or late; or it was refused, or its answer not understood. */
export type CallOutcome = 'ok' | 'unavailable' | 'error';

/**
 * Watches calls out of the process. It is told of each as it begins, by one of a few names, and answers what is to be told,
 * once, how it ended. Both return at once and never fail.
 */
export type CallWatch = (call: string) => (outcome: CallOutcome) => void;
