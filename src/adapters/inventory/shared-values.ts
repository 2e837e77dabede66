/** So many different values are shared; a site with more has nothing to gain. */
const CAPACITY = 10_000;

/**
 * Has equal values be one. In an inventory a hundred thousand nodes hardly differ in most of what is said of them: a copy
 * for each would be most of the memory.
 */
export function sharedValues<Value>(): (value: Value) => Value {
  const known = new Map<string, Value>();
  return (value) => {
    const key = JSON.stringify(value);
    const same = known.get(key);
    if (same !== undefined) return same;
    if (known.size >= CAPACITY) known.clear();
    known.set(key, value);
    return value;
  };
}
