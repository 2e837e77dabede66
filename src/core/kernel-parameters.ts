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

/** What a word begins with that the service adds to the parameters of a node unless one is there, in the order of the services in the field. */
const ADDED = ['xname=', 'nid=', 'bss_referral_token=', 'BOOTIF=', 'ds='] as const;

/** What is added for one node. */
export type Additions = Readonly<Partial<Record<(typeof ADDED)[number], string | number | undefined>>>;

/** The parameters as an administrator wrote them: the same for all nodes that boot by them. */
export type WrittenParameters = {
  readonly text: string;
  /** What may be added to them: that of which there is no word yet. */
  readonly open: readonly (typeof ADDED)[number][];
};

/**
 * The administrator's text as it was written, behind `initrd=initrd` (which older EFI kernels need, and which replaces any
 * other `initrd=` word), and behind it the parameters of the images that boot.
 */
export function writtenParameters(parts: {
  readonly params: string | undefined;
  readonly hasInitrd: boolean;
  readonly image: readonly string[];
}): WrittenParameters {
  const written = [parts.params ?? '', ...parts.image].map(trimBlanks).filter((text) => text !== '');
  const given = parts.hasInitrd ? written.map(withoutInitrd).filter((text) => text !== '') : written;
  const present = given.flatMap(words);
  return {
    text: [...(parts.hasInitrd ? ['initrd=initrd'] : []), ...given].join(' '),
    open: ADDED.filter((key) => !present.some((word) => word.startsWith(key))),
  };
}

/** What comes behind the text in the script of one node. */
export function addedTo({ text, open }: WrittenParameters, additions: Additions): string {
  const added = open.flatMap((key) => (additions[key] === undefined ? [] : `${key}${additions[key]}`));
  return (text === '' ? added : ['', ...added]).join(' ');
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
