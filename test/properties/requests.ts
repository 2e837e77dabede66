import fc from 'fast-check';
import type { Body, CloudInit, Identifier, JsonObject, Named } from './model-body.ts';
import type { RecordJson } from './model-record.ts';

/** One step of a sequence, and whom a GET asks for after it. */
export type Step = {
  /** `back` puts a listed record back as it was read. */
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'back';
  readonly body: Body;
  /** Which of the listed records is meant, if there are any: of those that are put back, or that a body is aimed at. */
  readonly pick: number;
  /** Whether the body names whom the picked record does, instead of whom it names by itself; not for POST. */
  readonly aimed: boolean;
  readonly asked: Named;
};

/** What a step sends, given the records that are listed; `undefined` when there is nothing to put back. */
export function bodyOf({ method, body, pick, aimed }: Step, listed: readonly RecordJson[]): Body | undefined {
  const picked = listed[pick % listed.length];
  if (method === 'back') return picked;
  return aimed && method !== 'POST' && picked !== undefined ? aimedAt(picked, body) : body;
}

/** A body that names whom a record does, or which image. */
function aimedAt({ hosts, macs, nids, kernel, initrd }: RecordJson, body: Body): Body {
  const { hosts: _hosts, macs: _macs, nids: _nids, ...what } = body;
  if (hosts ?? macs ?? nids) return { ...what, hosts: hosts ?? [], macs: macs ?? [], nids: nids ?? [] };
  return { params: body.params ?? null, ...(kernel === undefined ? { initrd: initrd ?? '' } : { kernel }) };
}

/** Few of each, so that requests meet the same ones again and again. */
export const XNAMES = ['x0c0s0b0n0', 'x0c0s1b0n0', 'x0c0s2b0n0'] as const;
export const MACS = ['02:00:00:00:00:0a', '02:00:00:00:00:0b', '02:00:00:00:00:0c', '02:00:00:00:00:0d'] as const;
export const NIDS = [1, 2, 3] as const;
/** Case counts. */
const TAGS = ['Default', 'Compute', 'compute'] as const;
const KERNELS = ['http://files/vmlinuz', 'http://files/rescue', 'http://files/image'];
/** The last is a kernel too. */
const INITRDS = ['http://files/initrd', 'http://files/image'];
const PARAMS = ['quiet', ' console=ttyS0  quiet ', 'single'];
const META_DATA: JsonObject[] = [{ a: 1 }, { a: null, b: { c: [1, null] } }, { b: { c: null, d: 'x' } }];
const USER_DATA: JsonObject[] = [{ runcmd: ['true'] }, { runcmd: null }];

/** What the `ochami` CLI sends with everything. */
const OF_THE_CLI: CloudInit = {
  'meta-data': null,
  'user-data': null,
  'phone-home': { pub_key_dsa: '', pub_key_rsa: '', pub_key_ecdsa: '', instance_id: '', hostname: '', fqdn: '' },
};

/** Mostly one of the good ones, sometimes one of the rest. */
function mostly<T>(good: readonly T[], rest: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...rest) },
  );
}

function optional<Members>(members: { [Key in keyof Members]: fc.Arbitrary<Members[Key]> }) {
  return fc.record(members, { requiredKeys: [] });
}

/** At least one; repeats are meant to happen. */
function some<T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(item, { minLength: 1, maxLength: 3 });
}

const xname = mostly(XNAMES, ['X0C0S0B0N0']);
const mac = mostly<string>(MACS, ['02:00:00:00:00:0A', '', '02:00:00:00:00']);
const nid = mostly<number>(NIDS, [-1, 1.5]);
const host = fc.oneof(xname, mostly<string>(TAGS, ['', 'x0c0s0b0', 'a b']));

const whom: fc.Arbitrary<Body> = fc.oneof(
  { weight: 9, arbitrary: fc.oneof(one('hosts', host), one('macs', mac), one('nids', nid)) },
  { weight: 1, arbitrary: fc.constantFrom<Body>({ hosts: null, macs: [] }, { nids: null }) },
  { weight: 4, arbitrary: optional({ hosts: some(host), macs: some(mac), nids: some(nid) }) },
  // What a DELETE is to match, or too much or too little for an image.
  { weight: 1, arbitrary: fc.constant({}) },
);

function one<Key extends 'hosts' | 'macs' | 'nids', T>(key: Key, item: fc.Arbitrary<T>): fc.Arbitrary<Body> {
  return item.map((value) => ({ [key]: [value] }));
}

const phoneHome = fc.constantFrom<CloudInit['phone-home'] & {}>(
  { hostname: 'n1', fqdn: '' },
  { fqdn: 'n1.lab', pub_key_rsa: 'key', hostname: null },
  { hostname: 'n2', pub_key_ed25519: 'short' },
);

const cloudInit = fc.oneof(
  fc.constantFrom<CloudInit | null>(OF_THE_CLI, OF_THE_CLI, {}, null),
  optional({
    'meta-data': mostly<JsonObject | null>(META_DATA, [{}, null]),
    'user-data': mostly<JsonObject | null>(USER_DATA, [{}, null]),
    'phone-home': phoneHome,
  }),
);

const what: fc.Arbitrary<Body> = optional({
  kernel: mostly<string | null>(KERNELS, ['', null, 'http://files/a b']),
  initrd: mostly<string | null>(INITRDS, ['', null, '-n']),
  params: mostly<string | null>(PARAMS, ['', null, ' \t', 'quiet #x', 'a || b']),
  'cloud-init': cloudInit,
  priority: mostly<number | null>([-1, 0, 1, 2], [null, 1.5]),
});

/** What leaves nothing of a record, or parts of it; in a POST or PUT it says nothing. */
const clearing: fc.Arbitrary<Body> = optional({
  kernel: fc.constant(null),
  initrd: fc.constant(null),
  params: fc.constant(null),
  'cloud-init': fc.constant(null),
});

const ofWhom = fc
  .tuple(
    whom,
    fc.oneof(
      { weight: 14, arbitrary: what },
      { weight: 2, arbitrary: phoneHome.map((said): Body => ({ 'cloud-init': { 'phone-home': said } })) },
      { weight: 2, arbitrary: clearing },
      { weight: 1, arbitrary: fc.constant<Body>({}) },
    ),
  )
  .map(([named, said]): Body => ({ ...named, ...said }));

/** Parameters of an image. */
const ofImage: fc.Arbitrary<Body> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...KERNELS).map((kernel): Body => ({ kernel })),
      fc.constantFrom(...INITRDS).map((initrd): Body => ({ initrd })),
    ),
    mostly<string | null>(PARAMS, ['', null]),
  )
  .map(([image, params]) => ({ ...image, params }));

const body = fc.oneof({ weight: 8, arbitrary: ofWhom }, { weight: 1, arbitrary: ofImage });

const asked: fc.Arbitrary<Named> = fc.record({
  nodes: fc.array(fc.constantFrom<Identifier>(...XNAMES, ...MACS, ...NIDS), { maxLength: 2 }),
  tags: fc.array(fc.constantFrom<string>(...TAGS), { maxLength: 1 }),
});

/** One to 25 steps. */
export const sequences: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    method: fc.oneof(
      fc.constantFrom<Step['method'][]>('POST', 'PUT', 'PATCH'),
      fc.constantFrom<Step['method'][]>('POST', 'PUT', 'PATCH', 'DELETE', 'back'),
    ),
    body,
    pick: fc.nat(7),
    aimed: fc.boolean(),
    asked,
  }),
  { minLength: 1, maxLength: 25, size: 'max' },
);
