import * as v from 'valibot';

/** An object of a body whose other members are not looked at. */
export function closedObject<Entries extends v.ObjectEntries>(entries: Entries) {
  return withoutLists(v.object(entries, messageOf));
}

/** An object of a body whose other members are kept. */
export function openObject<Entries extends v.ObjectEntries>(entries: Entries) {
  return withoutLists(v.looseObject(entries, messageOf));
}

/** What is wrong with an object: that it is none, or that it has no such member. */
function messageOf({ expected }: { readonly expected: string | null }): string {
  return expected === 'Object' ? 'must be an object' : 'is missing';
}

/** Valibot by itself takes a list for an object. */
function withoutLists<Schema extends v.GenericSchema>(schema: Schema): Schema {
  const run: Schema['~run'] = (dataset, config) =>
    schema['~run'](Array.isArray(dataset.value) ? { value: undefined } : dataset, config);
  return { ...schema, '~run': run };
}
