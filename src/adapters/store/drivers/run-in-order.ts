import type { Statement } from '../driver.ts';

/**
 * Runs statements one after the other on a transaction that is open, with a pause before each if there is one; after a
 * claim without an answer the rest is left out.
 */
export async function runInOrder(
  statements: readonly Statement[],
  claim: number,
  pause = async (): Promise<void> => {},
): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const [at, statement] of statements.entries()) {
    await pause();
    const answer = await statement.execute();
    answers.push(answer);
    if (at === claim && Array.isArray(answer) && answer.length === 0) break;
  }
  return answers;
}
