import * as v from 'valibot';
import { named } from '../json-form.ts';
import { component } from './component.ts';
import { dumpedRecord, object } from './record.ts';

/** A text that is no JSON: a script, a page. */
export const plainText = v.pipe(v.string(), v.nonEmpty());

/** A script of iPXE. */
export const script = v.pipe(v.string(), v.regex(/^#!ipxe\n/));

/** What a script would boot. */
export const bootable = named(
  'Bootable',
  v.strictObject({
    params: v.pipe(v.string(), v.description('The word `kernel`, then the whole command line of the kernel.')),
    kernel: image('The kernel.'),
    initrd: v.optional(image('The initrd.')),
  }),
  'What the script of a node boots.',
);

function image(description: string) {
  return v.pipe(
    v.strictObject({
      path: v.pipe(v.string(), v.nonEmpty(), v.description('The URI that it is loaded from.')),
      params: v.optional(v.pipe(v.string(), v.description('Parameters that go with this image.'))),
    }),
    v.description(description),
  );
}

/** When a node last asked for something. */
export const access = named(
  'Access',
  v.strictObject({
    name: v.pipe(v.string(), v.nonEmpty(), v.description('The xname, or what the node is known by without one.')),
    endpoint: v.picklist(['bootscript', 'user-data']),
    last_epoch: v.pipe(v.number(), v.integer(), v.description('Seconds of Unix time.')),
  }),
  'When a node last asked for its script or its user-data.',
);

/** All that is known. */
export const dump = v.strictObject({ Components: v.array(component), Params: v.array(dumpedRecord) });

/** Meta-data: an object, or whatever stands at the place that was asked for. */
export const metaData = v.union([
  named(
    'MetaData',
    v.looseObject({
      'instance-id': v.pipe(v.unknown(), v.description('A new one each time, unless the record says one.')),
      Global: v.pipe(object, v.description('The meta-data of the tag `Global`.')),
    }),
    'The meta-data of a node, with what the inventory knows of it.',
  ),
  v.pipe(v.unknown(), v.description('With `key`: the value that stands there, of any kind.')),
]);

/** User-data, once its YAML is read. */
export const userData = v.pipe(object, v.description('YAML, whose first line is `#cloud-config`.'));

/** What the service is. */
export const serviceInfo = named(
  'ServiceInfo',
  v.strictObject({
    service: v.literal('bss-edge'),
    version: v.pipe(v.string(), v.nonEmpty()),
    links: v.pipe(v.record(v.string(), v.string()), v.description('Paths by the name of what is there.')),
  }),
  'What this service is, and where its parts are.',
);

/** This document. */
export const openApiDocument = v.looseObject({
  openapi: v.pipe(v.string(), v.regex(/^3\.1\./)),
  info: object,
  paths: object,
});
