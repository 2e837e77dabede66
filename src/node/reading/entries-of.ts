const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** Bytes of entries that are parsed at a time. */
const PART = 256 * 1024;

/** Space as JSON has it, which is less than what a regular expression or `trim` takes for it. */
const SPACE = /[ \t\r\n]*/;

/**
 * The entries of a list of objects in a JSON text, some at a time: what JSON makes of 20 MB at once is five times that. The
 * list is the text itself, or its member `key`; when that does not come first, all its entries come at once. Ends with the
 * text without these entries. Throws for what is no JSON, for what has the list twice, and for most entries that are no
 * objects.
 */
export function* entriesOf(json: Buffer, key: string | undefined): Generator<readonly unknown[], unknown> {
  const begin = json.indexOf(OPEN_LIST) + 1;
  const head = json.toString('utf8', 0, begin);
  if (!isHead(head, key)) return yield* entriesIn(JSON.parse(json.toString()), key);
  let end = begin;
  let first: number | undefined;
  for (const object of objectsIn(json, begin)) {
    if (first === undefined) {
      const between = json.toString('utf8', end, object.from);
      if (!isSpaceAround(between, end === begin ? '' : ','))
        throw new SyntaxError('something stands between the entries of a list');
      first = object.from;
    }
    end = object.to;
    if (end - first < PART) continue;
    yield JSON.parse(`[${json.toString('utf8', first, end)}]`);
    first = undefined;
  }
  if (first !== undefined) yield JSON.parse(`[${json.toString('utf8', first, end)}]`);
  const rest = JSON.parse(head + json.toString('utf8', end));
  if ((key === undefined ? rest : rest[key])?.length !== 0)
    throw new SyntaxError('a list is there twice, or has entries that are no objects');
  return rest;
}

/** The entries of what has been parsed already. */
function* entriesIn(value: unknown, key: string | undefined): Generator<readonly unknown[], unknown> {
  const members = key === undefined ? {} : { ...(typeof value === 'object' ? value : {}) };
  const list: unknown = key === undefined ? undefined : Reflect.get(members, key);
  if (key === undefined || !Array.isArray(list)) return value;
  yield list;
  return { ...members, [key]: [] };
}

/** Whether this is all that stands before the entries. */
function isHead(head: string, key: string | undefined): boolean {
  const signs = key === undefined ? ['\\['] : ['\\{', JSON.stringify(key), ':', '\\['];
  return new RegExp(`^${SPACE.source}${signs.join(SPACE.source)}$`).test(head);
}

function isSpaceAround(text: string, sign: string): boolean {
  return new RegExp(`^${SPACE.source}${sign}${SPACE.source}$`).test(text);
}

/** Where each object of a list begins and ends, until the list does. */
function* objectsIn(json: Buffer, begin: number): Generator<{ readonly from: number; readonly to: number }> {
  let depth = 0;
  let from = begin;
  for (let at = begin; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfText(json, at);
    else if (byte === OPEN || byte === OPEN_LIST) {
      if (depth === 0) from = at;
      depth += 1;
    } else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth -= 1;
      if (depth < 0) return;
      if (depth === 0) yield { from, to: at + 1 };
    }
  }
}

function endOfText(json: Buffer, quote: number): number {
  let at = quote + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}
