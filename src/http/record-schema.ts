import * as v from 'valibot';
import { MAC_PATTERN, parseMac } from '../core/identifiers/mac.ts';
import { MAX_NID, nidOf } from '../core/identifiers/nid.ts';
import { parseTag, TAG_PATTERN, type Tag } from '../core/identifiers/tag.ts';
import { componentType, parseXname, type Xname } from '../core/identifiers/xname.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { PHONE_HOME_FIELDS } from '../core/phone-home.ts';
import { type LintFinding, lintParams, lintUri, MAX_LENGTH, PARAMS_PATTERN, URI_PATTERN } from '../core/script/lint.ts';
import { MAX_IDENTIFIERS } from './identifier-limit.ts';
import { jsonObject } from './json-object.ts';

/** A name among the hosts. */
export type Host = { readonly xname: Xname } | { readonly tag: Tag };

const NO_HOST = 'is neither the xname of a node nor a tag';

const host = v.pipe(
  v.string('must be a text'),
  v.regex(TAG_PATTERN, NO_HOST),
  v.rawTransform(({ dataset, addIssue, NEVER }): Host => {
    const xname = parseXname(dataset.value);
    if (xname !== undefined) return { xname };
    const tag = parseTag(dataset.value);
    if (tag !== undefined) return { tag };
    const type = componentType(dataset.value);
    addIssue({ message: type === undefined ? NO_HOST : `names a ${type}, not a node` });
    return NEVER;
  }),
);

/** A value that one of core's parsers reads; what it refuses is answered with `message`. */
function parsedBy<Raw, T>(raw: v.GenericSchema<Raw>, parse: (value: Raw) => T | undefined, message: string) {
  return v.pipe(
    raw,
    v.rawTransform(({ dataset, addIssue, NEVER }): T => {
      const parsed = parse(dataset.value);
      if (parsed !== undefined) return parsed;
      addIssue({ message });
      return NEVER;
    }),
  );
}

const NO_MAC = 'must be six pairs of hex digits joined by colons';
const NO_NID = `must be an integer from 0 to ${MAX_NID}`;

const mac = parsedBy(v.pipe(v.string('must be a text'), v.regex(MAC_PATTERN, NO_MAC)), parseMac, NO_MAC);
const nid = parsedBy(
  v.pipe(v.number('must be a number'), v.integer(NO_NID), v.minValue(0, NO_NID), v.maxValue(MAX_NID, NO_NID)),
  nidOf,
  NO_NID,
);

function listOf<Item extends v.GenericSchema>(item: Item, description: string) {
  return v.nullish(
    v.pipe(
      v.array(item, 'must be a list'),
      v.maxLength(MAX_IDENTIFIERS, `must hold at most ${MAX_IDENTIFIERS}`),
      v.description(description),
    ),
  );
}

/**
 * A text that goes into scripts; an empty or blank one counts as absent, as the `ochami` CLI sends it. `pattern` is what
 * the API's document can say of the lint.
 */
function linted(lint: (text: string) => LintFinding | undefined, pattern: RegExp, description: string) {
  return v.nullish(
    v.pipe(
      v.string('must be a text'),
      v.rawCheck(({ dataset, addIssue }) => {
        const finding = dataset.typed ? lint(dataset.value) : undefined;
        if (finding !== undefined) addIssue({ message: `${finding.reason} at offset ${finding.offset}` });
      }),
      v.metadata({ maxLength: MAX_LENGTH, pattern: pattern.source, description }),
      v.transform((text) => (/[^ \t]/.test(text) ? text : undefined)),
    ),
  );
}

function object(description: string) {
  return v.nullish(
    v.pipe(v.custom<JsonObject>(isJsonObject, 'must be an object'), v.metadata({ type: 'object', description })),
  );
}

function text(description: string) {
  return v.nullish(v.pipe(v.string('must be a text'), v.description(description)));
}

const cloudInit = jsonObject({
  'meta-data': object('What `/meta-data` gives the nodes.'),
  'user-data': object('What `/user-data` gives the nodes.'),
  'phone-home': v.nullish(
    jsonObject(v.entriesFromList([...PHONE_HOME_FIELDS, 'pub_key_ed25519'], v.nullish(v.string('must be a text')))),
  ),
});

const identifiers = {
  hosts: listOf(host, 'Xnames of nodes and tags: `Default`, `Global`, a role, a group, `Unknown-<arch>`.'),
  macs: listOf(mac, 'MAC addresses of nodes.'),
  nids: listOf(nid, 'Numeric ids of nodes.'),
};

/** The body of POST, PUT and PATCH. Members that are not known are ignored. */
export const recordSchema = jsonObject({
  ...identifiers,
  params: linted(lintParams, PARAMS_PATTERN, 'The parameters of the kernel, at most 190 words.'),
  kernel: linted(lintUri, URI_PATTERN, 'The URI of the kernel.'),
  initrd: linted(lintUri, URI_PATTERN, 'The URI of the initrd.'),
  'cloud-init': v.nullish(cloudInit),
  priority: v.nullish(
    v.pipe(
      v.number('must be a number'),
      v.integer('must be an integer'),
      v.minValue(-2147483648, 'is too small'),
      v.maxValue(2147483647, 'is too large'),
      v.description('Of a named group: the higher wins. 0 when it is not said.'),
    ),
  ),
});

/** The body of DELETE, and of a GET with one: whom or what is meant. Texts are compared, so they need no lint. */
export const selectorSchema = jsonObject({
  ...identifiers,
  kernel: text('The URI of a kernel.'),
  initrd: text('The URI of an initrd.'),
  params: text('The parameters of a kernel.'),
});

/** The body of a GET: what is malformed names nobody, but a NID must be one. */
export const filterSchema = jsonObject({
  hosts: listOf(v.string('must be a text'), 'Xnames and tags.'),
  macs: listOf(v.string('must be a text'), 'MAC addresses.'),
  nids: listOf(nid, 'Numeric ids.'),
  kernel: text('The URI of a kernel.'),
  initrd: text('The URI of an initrd.'),
});

export type RecordBody = v.InferOutput<typeof recordSchema>;
