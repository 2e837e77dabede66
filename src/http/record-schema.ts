import * as v from 'valibot';
import { parseMac } from '../core/identifiers/mac.ts';
import { nidOf } from '../core/identifiers/nid.ts';
import { parseTag, type Tag } from '../core/identifiers/tag.ts';
import { componentType, parseXname, type Xname } from '../core/identifiers/xname.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { PHONE_HOME_FIELDS } from '../core/phone-home.ts';
import { type LintFinding, lintParams, lintUri } from '../core/script/lint.ts';

/** So many identifiers a request may name. */
const MAX_IDENTIFIERS = 100_000;

/** A name among the hosts. */
export type Host = { readonly xname: Xname } | { readonly tag: Tag };

const host = v.pipe(
  v.string('must be a text'),
  v.rawTransform(({ dataset, addIssue, NEVER }): Host => {
    const xname = parseXname(dataset.value);
    if (xname !== undefined) return { xname };
    const tag = parseTag(dataset.value);
    if (tag !== undefined) return { tag };
    const type = componentType(dataset.value);
    addIssue({
      message: type === undefined ? 'is neither the xname of a node nor a tag' : `names a ${type}, not a node`,
    });
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

const mac = parsedBy(v.string('must be a text'), parseMac, 'must be six pairs of hex digits joined by colons');
const nid = parsedBy(v.number('must be a number'), nidOf, 'must be an integer from 0 to 2147483647');

function listOf<Item extends v.GenericSchema>(item: Item) {
  return v.nullish(
    v.pipe(v.array(item, 'must be a list'), v.maxLength(MAX_IDENTIFIERS, `must hold at most ${MAX_IDENTIFIERS}`)),
  );
}

/** A text that goes into scripts; an empty or blank one counts as absent, as the `ochami` CLI sends it. */
function linted(lint: (text: string) => LintFinding | undefined) {
  return v.nullish(
    v.pipe(
      v.string('must be a text'),
      v.rawCheck(({ dataset, addIssue }) => {
        const finding = dataset.typed ? lint(dataset.value) : undefined;
        if (finding !== undefined) addIssue({ message: `${finding.reason} at offset ${finding.offset}` });
      }),
      v.transform((text) => (/[^ \t]/.test(text) ? text : undefined)),
    ),
  );
}

const object = v.nullish(v.custom<JsonObject>(isJsonObject, 'must be an object'));

const text = v.nullish(v.string('must be a text'));

const cloudInit = v.object(
  {
    'meta-data': object,
    'user-data': object,
    'phone-home': v.nullish(
      v.object({ ...v.entriesFromList(PHONE_HOME_FIELDS, text), pub_key_ed25519: text }, 'must be an object'),
    ),
  },
  'must be an object',
);

const identifiers = { hosts: listOf(host), macs: listOf(mac), nids: listOf(nid) };

/** The body of POST, PUT and PATCH. Members that are not known are ignored. */
export const recordSchema = v.object(
  {
    ...identifiers,
    params: linted(lintParams),
    kernel: linted(lintUri),
    initrd: linted(lintUri),
    'cloud-init': v.nullish(cloudInit),
    priority: v.nullish(
      v.pipe(
        v.number('must be a number'),
        v.integer('must be an integer'),
        v.minValue(-2147483648, 'is too small'),
        v.maxValue(2147483647, 'is too large'),
      ),
    ),
  },
  'must be an object',
);

/** The body of DELETE, and of a GET with one: whom or what is meant. Texts are compared, so they need no lint. */
export const selectorSchema = v.object(
  { ...identifiers, kernel: text, initrd: text, params: text },
  'must be an object',
);

/** The body of a GET: what is malformed names nobody, but a NID must be one. */
export const filterSchema = v.object(
  {
    hosts: listOf(v.string('must be a text')),
    macs: listOf(v.string('must be a text')),
    nids: listOf(nid),
    kernel: text,
    initrd: text,
  },
  'must be an object',
);

export type RecordBody = v.InferOutput<typeof recordSchema>;
