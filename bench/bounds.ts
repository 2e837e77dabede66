/** Something that must hold, as a sentence with its figures. */
export type Bound = { readonly holds: boolean; readonly text: string };

/** Prints what holds and what does not; this process then ends with status 1 if anything does not. */
export function judge(bounds: readonly Bound[]): void {
  for (const { holds, text } of bounds) {
    console.log(`${holds ? 'holds' : 'FAILS'}: ${text}`);
    if (!holds) process.exitCode = 1;
  }
}
