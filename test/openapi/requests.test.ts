import * as fc from 'fast-check';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { parseMac } from '../../src/core/identifiers/mac.ts';
import { parseNid } from '../../src/core/identifiers/nid.ts';
import { lintParams, lintUri, PARAMS_PATTERN, URI_PATTERN } from '../../src/core/script/lint.ts';
import { phoneHomeSchema } from '../../src/http/phone-home-request.ts';
import { recordSchema, selectorSchema } from '../../src/http/record-schema.ts';
import { stateChangeSchema } from '../../src/http/resources/state-changes.ts';
import { at, misfit } from '../support/openapi-document.ts';

/** Texts that lie near the borders of what is accepted. */
const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom(' ', '\t', '\n', '\0', '\x7f', '\x85', '\u00a0', '#', '-', '|', 'a', ':', '0', 'G', '🙂'),
  }),
  fc.constantFrom('02:00:00:00:00:01', 'A4:bF:00:00:00:0g', 'x0c0s0b0n0', 'X1c0s0b0', 'Compute', 'a b', '-n', '../'),
  fc.string({ unit: 'binary' }),
);
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -0, -1, 1.5, 2147483647, 2147483648));
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const list = fc.oneof(fc.array(scalar, { maxLength: 3 }), fc.array(text, { maxLength: 3 }), scalar);
const small = fc.dictionary(fc.string(), scalar, { maxKeys: 2 });
const part = fc.oneof(small, list);
const phoneHome = fc.record({ pub_key_rsa: scalar, hostname: scalar, pub_key_ed25519: scalar }, { requiredKeys: [] });

const record = fc.record(
  {
    hosts: list,
    macs: list,
    nids: fc.oneof(list, fc.array(number, { maxLength: 3 })),
    params: scalar,
    kernel: scalar,
    initrd: scalar,
    'cloud-init': fc.oneof(
      part,
      fc.record(
        { 'meta-data': part, 'user-data': part, 'phone-home': fc.oneof(part, phoneHome) },
        { requiredKeys: [] },
      ),
    ),
    priority: scalar,
  },
  { requiredKeys: [] },
);

const BODIES = [
  ['BootRecordRequest', recordSchema, fc.oneof(record, part)],
  ['BootRecordSelector', selectorSchema, fc.oneof(record, part)],
  ['PhoneHomeReport', phoneHomeSchema, fc.oneof(phoneHome, part)],
  ['StateChange', stateChangeSchema, fc.oneof(fc.record({ Components: list }), part)],
] as const;

it.each(BODIES)('%s forbids nothing that the service accepts', (name, schema: v.GenericSchema, arbitrary) => {
  const seen = { accepted: 0, refused: 0, forbidden: 0 };
  fc.assert(
    fc.property(arbitrary, (given) => {
      // As it comes over the wire.
      const body: unknown = JSON.parse(JSON.stringify(given));
      const accepts = v.safeParse(schema, body).success;
      const fault = misfit(['components', 'schemas', name], body);
      seen[accepts ? 'accepted' : 'refused']++;
      if (fault !== undefined) seen.forbidden++;
      return !accepts || fault === undefined;
    }),
    { numRuns: 3000 },
  );
  // Otherwise nothing would have been shown.
  expect(Math.min(seen.accepted, seen.forbidden)).toBeGreaterThan(200);
});

it('takes no list for an object, at any depth', () => {
  for (const [schema, body] of [
    [recordSchema, []],
    [recordSchema, { 'cloud-init': [] }],
    [recordSchema, { 'cloud-init': { 'phone-home': [null, null] } }],
    [recordSchema, { 'cloud-init': { 'meta-data': [] } }],
    [selectorSchema, []],
    [phoneHomeSchema, []],
    [stateChangeSchema, []],
  ] as const) {
    const { issues } = v.safeParse<v.GenericSchema>(schema, body);
    expect([body, issues?.[0].message]).toEqual([body, 'must be an object']);
  }
});

it('has patterns for texts that the lint is no kinder than', () => {
  for (const [pattern, lint] of [
    [PARAMS_PATTERN, lintParams],
    [URI_PATTERN, lintUri],
  ] as const) {
    fc.assert(
      fc.property(text, (given) => pattern.test(given) || lint(given) !== undefined),
      { numRuns: 3000 },
    );
    for (const given of ['', 'http://files/k', '🙂']) expect(pattern.test(given)).toBe(true);
  }
});

it('has patterns for what stands in a query that say what the service reads', () => {
  const pattern = (...place: (string | number)[]): RegExp =>
    new RegExp(String(at(['paths', ...place, 'pattern'])), 'u');
  const macPattern = pattern('/boot/v1/bootscript', 'get', 'parameters', 0, 'schema');
  const nidPattern = pattern('/boot/v1/bootparameters', 'get', 'parameters', 2, 'schema', 'items');
  const words = fc.string({ unit: fc.constantFrom('0', '1', '9', 'f', 'F', ':', ',', 'x', '-', '\n') });
  const near = fc.oneof(
    words,
    fc.constantFrom('02:00:00:00:00:aF', '02:00:00:00:00:aF,x', '7,8', '0,0', '00', '7,', ''),
  );
  fc.assert(
    fc.property(near, (given) => macPattern.test(given) === (parseMac(given.split(',')[0] ?? '') !== undefined)),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(
      near,
      (given) => nidPattern.test(given) || !given.split(',').every((one) => parseNid(one) !== undefined),
    ),
    { numRuns: 3000 },
  );
});
