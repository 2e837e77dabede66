import { DrizzleQueryError } from 'drizzle-orm';
import { ServiceError } from '../../core/errors.ts';

/**
 * Runs a piece of work on the database; whatever it throws becomes `unavailable`: the caller's input has been parsed,
 * so what fails here is the database or the way to it, and is never to be taken for "not found".
 */
export async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    // Drizzle's own error has the parameters in its message: only what it wraps may be seen.
    const cause = error instanceof DrizzleQueryError ? error.cause : error;
    throw new ServiceError('unavailable', 'the database could not answer', { cause });
  }
}
