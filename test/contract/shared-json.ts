/**
 * JSON in which an object stands once however many refer to it, as thousands of nodes do to one configuration. What is no
 * object stands where it is used; in the place of an object is its number, in brackets.
 */
export function toSharedJson(value: unknown): string {
  const numbers = new Map<object, number>();
  const objects: unknown[] = [];
  const refer = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    const number = numbers.get(part) ?? objects.length;
    if (number === objects.length) {
      numbers.set(part, number);
      objects.push(undefined);
      objects[number] = mapParts(part, refer);
    }
    return [number];
  };
  return JSON.stringify({ root: refer(value), objects });
}

/** Reads it; what was shared is shared again. */
export function fromSharedJson<Value>(text: string): Value {
  const { root, objects }: { root: unknown; objects: object[] } = JSON.parse(text);
  const made: unknown[] = [];
  const resolve = (part: unknown): unknown => {
    if (!Array.isArray(part)) return part;
    const number = Number(part[0]);
    made[number] ??= mapParts(objects[number] ?? [], resolve);
    return made[number];
  };
  return resolve(root) as Value;
}

function mapParts(whole: object, change: (part: unknown) => unknown): object {
  if (Array.isArray(whole)) return whole.map(change);
  return Object.fromEntries(Object.entries(whole).map(([key, part]) => [key, change(part)]));
}
