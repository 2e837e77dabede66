/**
 * Has something done anew, never twice at once: who asks while it is under way waits for the next run, together with all
 * others who do. What it answers was begun after the question.
 */
export function nextRun<Answer>(work: () => Promise<Answer>): () => Promise<Answer> {
  let running: Promise<unknown> | undefined;
  let next: Promise<Answer> | undefined;

  async function run(): Promise<Answer> {
    await running?.catch(() => {});
    next = undefined;
    const answer = work();
    running = answer;
    return answer;
  }

  return async () => {
    // A moment later even if nothing is running, so that those who ask together share one run.
    next ??= Promise.resolve().then(run);
    return next;
  };
}
