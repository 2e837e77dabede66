/** A row of a table. */
export type Row = { readonly id: string; readonly area: string; readonly nodeOnly: boolean };

/** An id that a test's title names. */
export type Claim = { readonly id: string; readonly file: string; readonly onBothEntries: boolean };

/** What is wrong, under its heading. */
export type Findings = Readonly<Record<string, readonly string[]>>;

/** The rows of an area's tables `| id | what holds |`. One that begins with `(Node)` holds of the Node entry alone. */
export function rowsOf(area: string, markdown: string): Row[] {
  return markdown.split('\n').flatMap((line) => {
    const [before, id, text] = line.split('|').map((cell) => cell.trim());
    if (before !== '' || id === undefined || text === undefined || id === 'id' || /^-+$/.test(id)) return [];
    return [{ id, area, nodeOnly: text.startsWith('(Node)') }];
  });
}

// The text that `it(`, `test(`, `it.concurrent(` or the second call of `it.each(…)(` begins with.
const TITLE = /(?:\b(?:it|test)((?:\.\w+)*)|\))\(\s*(['"`])((?:\\.|(?!\2)[^\\])*)\2/g;
const ID = /\[([a-z][a-z0-9-]*\.[a-z0-9][a-z0-9-]*)\]/g;

/** The ids that the titles of a file's tests name; a test that is skipped claims nothing. */
export function claimsOf(file: string, source: string): Claim[] {
  const onBothEntries = /\bdescribe(Service|With(Smd|Database)?)\(/.test(source);
  return [...source.matchAll(TITLE)]
    .filter(([, how = '']) => !/\.(skip|todo|fails)\b/.test(how))
    .flatMap(([, , , title = '']) => [...title.matchAll(ID)])
    .map(([, id = '']) => ({ id, file, onBothEntries }));
}

/** Holds the claims against the rows. */
export function compare(rows: readonly Row[], claims: readonly Claim[]): Findings {
  const demanded = new Set(rows.map(({ id }) => id));
  const claimed = new Set(claims.map(({ id }) => id));
  const onBoth = new Set(claims.filter(({ onBothEntries }) => onBothEntries).map(({ id }) => id));
  const ids = (isWrong: (row: Row, at: number) => boolean): string[] => rows.filter(isWrong).map(({ id }) => id);
  return {
    'ids that are none, or of another area than their file': ids(
      ({ id, area }) => !id.startsWith(`${area}.`) || !/^[a-z0-9-]+\.[a-z0-9-]+$/.test(id),
    ),
    'ids that the tables have twice': ids(({ id }, at) => rows.findIndex((row) => row.id === id) !== at),
    'ids that are claimed and in no table': claims
      .filter(({ id }) => !demanded.has(id))
      .map(({ id, file }) => `${id} (${file})`),
    'ids without a case': ids(({ id }) => !claimed.has(id)),
    'ids without a case that runs on both entries': ids(
      ({ id, nodeOnly }) => !nodeOnly && claimed.has(id) && !onBoth.has(id),
    ),
  };
}
