/** Says how far a benchmark is. Its results alone go to the standard output, as Markdown. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
