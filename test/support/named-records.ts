import * as v from 'valibot';

const texts = v.optional(v.array(v.string()), []);

/** Records as they are answered, with a list, perhaps empty, of each kind of identifier. */
export const namedRecords = v.array(
  v.looseObject({ hosts: texts, macs: texts, nids: v.optional(v.array(v.number()), []) }),
);

export type NamedRecord = v.InferOutput<typeof namedRecords>[number];

/** The query that filters by a record's identifiers; empty for a record without any. */
export function queryOf({ hosts, macs, nids }: NamedRecord): string {
  const query = new URLSearchParams();
  for (const name of hosts) query.append('name', name);
  for (const mac of macs) query.append('mac', mac);
  for (const nid of nids) query.append('nid', String(nid));
  return query.toString();
}

/** The same record for each of its identifiers alone. */
export function singlesOf(record: NamedRecord): NamedRecord[] {
  const nobody = { hosts: [], macs: [], nids: [] };
  return [
    ...record.hosts.map((host) => ({ ...record, ...nobody, hosts: [host] })),
    ...record.macs.map((mac) => ({ ...record, ...nobody, macs: [mac] })),
    ...record.nids.map((nid) => ({ ...record, ...nobody, nids: [nid] })),
  ];
}

/** A record as it is answered: without the lists that are empty. */
export function asAnswered(record: NamedRecord): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => !Array.isArray(value) || value.length > 0));
}
