import { resolver } from 'hono-openapi';
import * as v from 'valibot';

/** What stands for a schema in the document: the JSON form of what it takes, before anything is made of it. */
export function jsonForm(schema: v.GenericSchema) {
  return resolver(schema, {
    options: {
      typeMode: 'input',
      // What has no JSON form stops the script; a custom schema gives its own in its metadata.
      errorMode: 'throw',
      overrideSchema: ({ valibotSchema }: { valibotSchema: v.GenericSchema }) =>
        valibotSchema.type === 'custom' ? {} : undefined,
    },
  });
}

/** A schema that the document holds once, under `name`. */
export function named<Schema extends v.GenericSchema>(name: string, schema: Schema, description: string) {
  return v.pipe(schema, v.metadata({ description, ref: name }));
}
