/** Something that must hold, as a sentence with its figures. */
export type Bound = { readonly holds: boolean; readonly text: string };

/** Prints what holds and what does not, as a list; this process then ends with status 1 if anything does not. */
export function judge(bounds: readonly Bound[]): void {
  const lines = bounds.map(({ holds, text }) => `- ${holds ? 'holds' : 'FAILS'}: ${text}`);
  console.log(`\n${lines.join('\n')}\n`);
  if (bounds.some(({ holds }) => !holds)) process.exitCode = 1;
}
