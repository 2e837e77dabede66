import * as v from 'valibot';

/** An object of a body. Valibot by itself takes a list for one. */
export function jsonObject<Entries extends v.ObjectEntries>(entries: Entries) {
  const schema = v.object(entries, 'must be an object');
  return {
    ...schema,
    '~run'(dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) {
      return schema['~run'](Array.isArray(dataset.value) ? { value: undefined } : dataset, config);
    },
  };
}
