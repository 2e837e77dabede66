import { readFileSync } from 'node:fs';
import * as v from 'valibot';

/** A request that gives a predecessor's records to this service. */
export type Write = {
  readonly hosts?: readonly string[];
  readonly macs?: readonly string[];
  readonly nids?: readonly number[];
  readonly kernel?: string | undefined;
  readonly initrd?: string | undefined;
  readonly params?: string | undefined;
  readonly 'cloud-init'?: unknown;
};

/** What a predecessor was asked for, by path below `/boot/v1`, and answered. */
export const ASKED = ['/bootparameters', '/dumpstate', '/hosts', '/endpoint-history'] as const;

/** The answers of OpenCHAMI's `bss` or HPE's `hms-bss`, by what was asked for. */
export function recordedAnswers(service: 'bss' | 'hms-bss'): Record<(typeof ASKED)[number], unknown> {
  const read = (asked: string): unknown => JSON.parse(fixture(`${service}-${asked}.json`));
  return {
    '/bootparameters': read('bootparameters'),
    '/dumpstate': read('dumpstate'),
    '/hosts': read('hosts'),
    '/endpoint-history': read('endpoint-history'),
  };
}

/** The records in the database of `bss`, a write for each group of nodes and each kind of identifier. */
export function writesOfDatabase(): Write[] {
  const rows = (table: string): string[][] =>
    Array.from(fixture('bssdb.sql').matchAll(/^INSERT INTO public\.(\w+) VALUES \((.*)\);$/gm)).flatMap(
      ([, name, values = '']) => (name === table ? [valuesOf(values)] : []),
    );
  const assignments = rows('boot_group_assignments');
  return rows('boot_groups').flatMap(([group, configuration]): Write[] => {
    const [, kernel, initrd, params] = rows('boot_configs').find(([id]) => id === configuration) ?? [];
    const members = new Set(assignments.filter(([id]) => id === group).map(([, node]) => node));
    const nodes = rows('nodes').filter(([id]) => members.has(id));
    const macs = nodes.flatMap(([, mac]) => mac || []);
    const hosts = nodes.flatMap(([, , xname]) => xname || []);
    const nids = nodes.map(([, , , nid]) => Number(nid)).filter((nid) => nid !== 0);
    const kinds = [hosts.length > 0 && { hosts }, macs.length > 0 && { macs }, nids.length > 0 && { nids }];
    return kinds.filter((kind) => kind !== false).map((kind) => ({ ...kind, kernel, initrd, params }));
  });
}

const etcdRange = v.object({ kvs: v.array(v.object({ key: v.string(), value: v.string() })) });
const etcdImage = v.object({ path: v.string() });
const etcdRecord = v.object({
  params: v.optional(v.string()),
  kernel: v.optional(v.string()),
  initrd: v.optional(v.string()),
  'cloud-init': v.unknown(),
  ReferralToken: v.string(),
});

/** The records in the etcd of `hms-bss`, a write for those that have one referral token: they were written together. */
export function writesOfEtcd(): Write[] {
  const { kvs } = v.parse(etcdRange, JSON.parse(fixture('etcd-v3-range.json')));
  const decode = (text: string): string => Buffer.from(text, 'base64').toString('utf8');
  const values = new Map(kvs.map(({ key, value }) => [decode(key), decode(value)]));
  const pathOf = (key: string | undefined): string | undefined =>
    key === undefined ? undefined : v.parse(etcdImage, JSON.parse(values.get(key) ?? 'null')).path;
  const records = [...values]
    .filter(([key]) => key.startsWith('/params/'))
    .map(([key, value]) => ({ host: key.slice('/params/'.length), ...v.parse(etcdRecord, JSON.parse(value)) }));
  return [...Map.groupBy(records, ({ ReferralToken }) => ReferralToken).values()].flatMap((together): Write[] => {
    const [first] = together;
    if (first === undefined) return [];
    const { params, kernel, initrd, 'cloud-init': cloudInit } = first;
    const hosts = together.map(({ host }) => host);
    return [{ hosts, params, kernel: pathOf(kernel), initrd: pathOf(initrd), 'cloud-init': cloudInit }];
  });
}

/** Of a row of values: texts in quotes, in which a quote stands twice, and numbers. */
function valuesOf(row: string): string[] {
  return Array.from(
    row.matchAll(/'((?:[^']|'')*)'|[^',\s]+/g),
    ([whole, text]) => text?.replaceAll("''", "'") ?? whole,
  );
}

function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/legacy/${name}`, import.meta.url), 'utf8');
}
