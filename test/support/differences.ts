/** A place where two JSON answers are not the same; what is not there is `undefined`. */
export type Difference = { readonly path: string; readonly ours: unknown; readonly theirs: unknown };

/** A kind of difference that is there on purpose. */
export type Expected = {
  /** Matches the whole path. */
  readonly at: RegExp;
  /** What the difference consists of. */
  readonly is: (difference: Difference) => boolean;
  readonly times: number;
  readonly because: string;
};

type JsonObject = { readonly [key: string]: unknown };

/** Members whose order means nothing: identifiers of a record. */
const UNORDERED = /\.(hosts|macs|nids)$/;

/**
 * Every difference between two answers, by the path of its place. Records in a list are matched by what they are about,
 * whatever their order; all other lists are compared in order.
 */
export function differences(ours: unknown, theirs: unknown, path: string): Difference[] {
  if (isObject(ours) && isObject(theirs)) {
    const keys = new Set([...Object.keys(theirs), ...Object.keys(ours)]);
    return [...keys].flatMap((key) => differences(ours[key], theirs[key], `${path}.${key}`));
  }
  if (isRecordList(ours) && isRecordList(theirs)) return recordDifferences(ours, theirs, path);
  return sameValue(ours, theirs, path) ? [] : [{ path, ours, theirs }];
}

/** What was not expected of the differences, and what was expected and is not there; a sentence each. */
export function surprises(found: readonly Difference[], expected: readonly Expected[]): string[] {
  const isMeant = (difference: Difference, { at, is }: Expected): boolean =>
    new RegExp(`^(?:${at.source})$`).test(difference.path) && is(difference);
  const unmeant = found.filter((difference) => !expected.some((kind) => isMeant(difference, kind)));
  const miscounted = expected
    .map((kind) => ({ ...kind, seen: found.filter((difference) => isMeant(difference, kind)).length }))
    .filter(({ times, seen }) => seen !== times);
  return [
    ...unmeant.map(({ path, ours, theirs }) => `${path} is ${JSON.stringify(ours)}, was ${JSON.stringify(theirs)}`),
    ...miscounted.map(({ at, times, seen, because }) => `${at} ${seen} times and not ${times}, though ${because}`),
  ];
}

function recordDifferences(ours: readonly JsonObject[], theirs: readonly JsonObject[], path: string): Difference[] {
  const [our, their] = [Map.groupBy(ours, subjectOf), Map.groupBy(theirs, subjectOf)];
  return [...new Set([...their.keys(), ...our.keys()])].flatMap((subject) => {
    const [a, b] = [our.get(subject) ?? [], their.get(subject) ?? []];
    const longest = a.length > b.length ? a : b;
    return longest.flatMap((_, at) => differences(a[at], b[at], `${path}[${subject}]`));
  });
}

/** What a record, a component or an entry of the history is about; `undefined` for any other object. */
function subjectOf({ ID, hosts, macs, nids, kernel, initrd, name, endpoint }: JsonObject): string | undefined {
  const identifiers = [hosts, macs, nids].filter(Array.isArray).flat();
  if (identifiers.length > 0) return identifiers.map(String).sort().join(' ');
  if (typeof ID === 'string') return ID;
  if (typeof name === 'string' && typeof endpoint === 'string') return `${name} ${endpoint}`;
  return [kernel, initrd].find((uri) => typeof uri === 'string');
}

function isRecordList(value: unknown): value is JsonObject[] {
  return Array.isArray(value) && value.every((item) => isObject(item) && subjectOf(item) !== undefined);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sameValue(ours: unknown, theirs: unknown, path: string): boolean {
  const isUnordered = UNORDERED.test(path) && Array.isArray(ours) && Array.isArray(theirs);
  return isUnordered ? text(ours.toSorted()) === text(theirs.toSorted()) : text(ours) === text(theirs);
}

/** Equal for values that are the same, whatever the order of their members. */
function text(value: unknown): string | undefined {
  return JSON.stringify(value, (_, member: unknown) =>
    isObject(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );
}
