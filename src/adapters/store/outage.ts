import { DrizzleQueryError } from 'drizzle-orm';
import { ServiceError } from '../../core/errors.ts';

/**
 * SQLSTATE classes that speak of the server's state and not of the statement: connection, resources, locks, operator,
 * rollback; and a right that the role has not been granted yet.
 */
const OUTAGE = /^(08|25|40|53|55|57|58|42501)/;

/** Two writers that met: serialisation failure, deadlock, and keys that another one was first to use or remove. */
const MEETING = new Set(['40001', '40P01', '23503', '23505']);

/**
 * Asks the database. When it cannot answer, that is `unavailable`, never to be taken for "not found". A statement that
 * it refuses is a fault of the program, and stays one.
 */
export async function orUnavailable<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    // Drizzle's own error has the parameters in its message: only what it wraps may be seen.
    const cause = error instanceof DrizzleQueryError ? error.cause : error;
    const state = sqlState(cause);
    const isFault = state === undefined ? cause instanceof RangeError : !OUTAGE.test(state);
    if (isFault) throw cause;
    throw new ServiceError('unavailable', 'the database could not answer', { cause });
  }
}

/** Whether a write failed because another one came in between; nothing of it was done. */
export function hasMet(error: unknown): boolean {
  const cause = error instanceof DrizzleQueryError || error instanceof ServiceError ? error.cause : error;
  return MEETING.has(sqlState(cause) ?? '');
}

/** PostgreSQL's code for an error, if it comes from there. */
function sqlState(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  // Each has a digit; EPIPE has none, and is Node's.
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
