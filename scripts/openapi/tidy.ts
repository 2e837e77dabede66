/** The document as JSON holds it: schemas in their shortest form, and texts with a line for each paragraph. */
export function tidy(document: object): object {
  return JSON.parse(JSON.stringify(document), (key, value) => {
    if ((key === 'required' || key === 'properties') && isEmpty(value)) return undefined;
    if (key === 'description' && typeof value === 'string') return value.replaceAll(/(?<!\n)\n(?!\n)/g, ' ');
    return nullable(value) ?? value;
  });
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** A schema that also takes null, as one with two types instead of a choice of two schemas. */
function nullable(value: unknown): object | undefined {
  if (typeof value !== 'object' || value === null || !('anyOf' in value) || !Array.isArray(value.anyOf))
    return undefined;
  const { anyOf, ...rest } = value;
  const [schema, other, ...more] = anyOf;
  // What an enumeration or a constant holds is not null, whatever the type.
  const isPlain = typeof schema.type === 'string' && !('enum' in schema) && !('const' in schema);
  if (!isPlain || other?.type !== 'null' || more.length > 0) return undefined;
  return { ...rest, ...schema, type: [schema.type, 'null'] };
}
