/** The words of a parameter string, split as iPXE splits them. */
export function words(params: string): string[] {
  return params.split(/[ \t]+/).filter((word) => word !== '');
}

/** Without the white space at both ends: only what is white space to iPXE, so that what the lint saw stays as it is. */
export function trimBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text.charAt(start))) start++;
  while (end > start && isBlank(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** A parameter that is added unless it is there: `key` is what a word that stands in for it begins with. */
export type Addition = { readonly key: string; readonly word: string };

/**
 * The kernel's parameters as they go into a script. The administrator's text stands as it was written, between
 * `initrd=initrd` (which older EFI kernels need, and which replaces any other `initrd=` word) and what is added.
 */
export function kernelParameters(parts: {
  readonly params: string | undefined;
  readonly hasInitrd: boolean;
  /** Parameters of the image that boots. */
  readonly image: readonly string[];
  readonly additions: readonly Addition[];
}): string {
  const written = [parts.params ?? '', ...parts.image].map(trimBlanks).filter((text) => text !== '');
  const given = parts.hasInitrd ? written.map(withoutInitrd).filter((text) => text !== '') : written;
  const present = given.flatMap(words);
  const added = parts.additions
    .filter(({ key }) => !present.some((word) => word.startsWith(key)))
    .map(({ word }) => word);
  return [...(parts.hasInitrd ? ['initrd=initrd'] : []), ...given, ...added].join(' ');
}

/** Removes whole words that begin with `initrd=`; the letters `initrd` inside another word are left alone. */
function withoutInitrd(params: string): string {
  const pieces = params.match(/[ \t]+|[^ \t]+/g) ?? [];
  const kept = pieces.filter(
    (piece, at) => !isInitrd(piece) && !(isBlank(piece.charAt(0)) && isInitrd(pieces[at + 1])),
  );
  return trimBlanks(kept.join(''));
}

function isInitrd(word: string | undefined): boolean {
  return word?.startsWith('initrd=') ?? false;
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}
