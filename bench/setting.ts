/** A number from the environment, or the one that counts without it. Throws a sentence when it is none. */
export function setting(name: string, usual: number): number {
  const [value = usual, ...more] = numbers(name, [usual]);
  if (more.length > 0) throw new Error(`${name} must be one number`);
  return value;
}

/** Numbers from the environment, joined by commas, or those that count without it. */
export function numbers(name: string, usual: readonly number[]): readonly number[] {
  const text = process.env[name];
  if (text === undefined) return usual;
  const values = text.split(',').map(Number);
  if (text.trim() === '' || !values.every((value) => value > 0)) throw new Error(`${name} must be a number above 0`);
  return values;
}
