import type { Statement } from '../driver.ts';

/** Runs statements one after the other on a transaction that is open. */
export async function runInOrder(statements: readonly Statement[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const statement of statements) answers.push(await statement.execute());
  return answers;
}
