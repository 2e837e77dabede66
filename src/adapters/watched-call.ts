import { isUnavailable } from '../core/errors.ts';
import type { CallOutcome, CallWatch } from '../ports/call-watch.ts';

/** Watches nothing. */
export const unwatched: CallWatch = () => () => {};

/** Makes a call, and has it watched. */
export async function watchedCall<Answer>(
  watch: CallWatch,
  name: string,
  call: () => Promise<Answer>,
): Promise<Answer> {
  const ended = watch(name);
  try {
    const answer = await call();
    ended('ok');
    return answer;
  } catch (error) {
    ended(outcomeOf(error));
    throw error;
  }
}

/** The same for what comes in parts: the call ends with the last one, or when nobody wants more. */
export async function* watchedParts<Part>(
  watch: CallWatch,
  name: string,
  parts: AsyncIterable<Part>,
): AsyncGenerator<Part> {
  const ended = watch(name);
  let outcome: CallOutcome = 'ok';
  try {
    yield* parts;
  } catch (error) {
    outcome = outcomeOf(error);
    throw error;
  } finally {
    ended(outcome);
  }
}

/** Has both watch. */
export function watchBy(one: CallWatch, other: CallWatch): CallWatch {
  return (name) => {
    const [oneEnded, otherEnded] = [one(name), other(name)];
    return (outcome) => {
      oneEnded(outcome);
      otherEnded(outcome);
    };
  };
}

function outcomeOf(error: unknown): CallOutcome {
  return isUnavailable(error) ? 'unavailable' : 'error';
}
