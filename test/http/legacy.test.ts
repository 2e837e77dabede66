import * as v from 'valibot';
import { expect, it } from 'vitest';
import { type Difference, differences, type Expected, surprises } from '../support/differences.ts';
import { ASKED, recordedAnswers, type Write, writesOfDatabase, writesOfEtcd } from '../support/legacy-data.ts';
import { asAnswered, namedRecords, queryOf, singlesOf } from '../support/named-records.ts';
import { type ClientWithSmd, describeWithSmd, NO_CLOUD_INIT, PARAMETERS, SCRIPT } from './describe-service.ts';

const components = v.array(v.looseObject({ ID: v.string(), NID: v.number(), MAC: v.array(v.string()) }));
const accesses = v.array(v.object({ name: v.string(), endpoint: v.literal('bootscript'), last_epoch: v.number() }));

/** Differences from both predecessors, in the two places where each shows its inventory. */
const OF_THE_INVENTORY: Expected[] = ['/hosts', '/dumpstate\\.Components'].flatMap((list) => [
  {
    at: new RegExp(`${list}\\[x1000c0s[0-3]b0n[01]\\]\\.MAC`),
    is: ({ ours, theirs }: Difference) =>
      Array.isArray(ours) && differences([...ours, ...ours], theirs, '').length === 0,
    times: 8,
    because: 'a MAC is listed once: that both list each twice is a fault, not a contract',
  },
  {
    at: new RegExp(`${list}\\[x3000c0s1b0n0\\]\\.EndpointEnabled`),
    is: ({ ours, theirs }: Difference) => ours === true && theirs === false,
    times: 1,
    because: 'a node without a component endpoint is not disabled',
  },
]);

const ofTheHistory = (nodes: number): Expected => ({
  at: /\/endpoint-history\[x\w+ bootscript\]\.last_epoch/,
  is: ({ ours }) => typeof ours === 'number' && Math.abs(ours - Date.now() / 1000) < 60,
  times: nodes,
  because: 'nodes ask here when the case is run',
});

/** Differences from `hms-bss`, in the two places where it lists images. */
const OF_THE_IMAGES: Expected[] = ['/bootparameters', '/dumpstate\\.Params'].map((list) => ({
  at: new RegExp(`${list}\\[(http|s3):.*\\]`),
  is: ({ ours, theirs }) => ours === undefined && isImageWithoutParameters(theirs),
  times: 7,
  because: 'an image is listed only when it has parameters',
}));

describeWithSmd('a site that comes from bss', {}, (client) => {
  const expected = [...OF_THE_INVENTORY, ofTheHistory(2)];
  cases(client, { recorded: recordedAnswers('bss'), writes: writesOfDatabase(), expected });
});

describeWithSmd('a site that comes from hms-bss', { settings: { BSS_DIALECT: 'csm' } }, (client) => {
  const recorded = recordedAnswers('hms-bss');
  const known = v.parse(components, recorded['/hosts']);
  const componentsOf = (hosts: readonly string[] = []) => known.filter(({ ID }) => hosts.includes(ID));

  /** What `hms-bss` keeps under an xname may have come under a MAC or a NID. */
  const writes = writesOfEtcd().map(({ hosts, ...rest }): Write => {
    if (hosts?.includes('x1000c0s1b0n0'))
      return { ...rest, macs: componentsOf(hosts).flatMap(({ MAC: [mac] }) => mac ?? []) };
    if (hosts?.includes('x1000c0s2b0n0')) return { ...rest, nids: componentsOf(hosts).map(({ NID }) => NID) };
    return { ...rest, hosts: hosts ?? [] };
  });

  cases(client, { recorded, writes, expected: [...OF_THE_INVENTORY, ofTheHistory(4), ...OF_THE_IMAGES] });

  it('finds its records by every MAC and NID that SMD knows, and answers them by xname [get-bootparameters.csm-known-as-xname]', async () => {
    await writeAll(client, 'POST', writes);
    const nodes = v
      .parse(namedRecords, await ask(client, '/bootparameters'))
      .filter(({ hosts: [host = ''] }) => /^x/.test(host));
    expect(nodes).toHaveLength(8);
    for (const node of nodes) {
      const [component] = componentsOf(node.hosts);
      for (const query of [`nid=${component?.NID}`, ...(component?.MAC ?? []).map((mac) => `mac=${mac}`)]) {
        expect([query, await ask(client, `/bootparameters?${query}`)]).toEqual([query, [asAnswered(node)]]);
      }
    }
  });
});

type Site = {
  readonly recorded: ReturnType<typeof recordedAnswers>;
  readonly writes: readonly Write[];
  readonly expected: readonly Expected[];
};

/** What holds whichever service a site comes from. */
function cases(client: ClientWithSmd, { recorded, writes, expected }: Site): void {
  it('gets the answers that it got before, but for differences that are meant', async () => {
    await writeAll(client, 'POST', writes);
    for (const { name } of v.parse(accesses, recorded['/endpoint-history'])) {
      for (const _ of ['first', 'again']) expect((await client.send('GET', `${SCRIPT}?name=${name}`)).status).toBe(200);
    }
    const found: Difference[] = [];
    for (const path of ASKED) found.push(...differences(await ask(client, path), recorded[path], path));
    expect(surprises(found, expected)).toEqual([]);
  });

  it('finds each record by its identifiers, together and one by one, and no more than was asked for [records.filtered-hold-only-what-was-asked-for]', async () => {
    await writeAll(client, 'POST', writes);
    for (const record of v.parse(namedRecords, await ask(client, '/bootparameters'))) {
      for (const asked of [record, ...singlesOf(record)]) {
        expect(await ask(client, `/bootparameters?${queryOf(asked)}`)).toEqual([asAnswered(asked)]);
        const { hosts, macs, nids } = asked;
        expect(await ask(client, '/bootparameters', { hosts, macs, nids })).toEqual([asAnswered(asked)]);
      }
    }
  });

  it('puts back unchanged what it reads [records.put-takes-what-get-answers] [records.put-takes-what-a-filtered-get-answers]', async () => {
    await writeAll(client, 'POST', writes);
    const before = await client.send('GET', PARAMETERS);
    const records = v.parse(namedRecords, before.json());
    for (const record of [...records, ...records.flatMap(singlesOf)].map(asAnswered)) {
      const put = await client.send('PUT', PARAMETERS, record);
      expect([put.status, put.json()]).toEqual([200, record]);
    }
    expect((await client.send('GET', PARAMETERS)).text).toBe(before.text);
  });

  it('moves by putting what its old service answers', async () => {
    const records = v.parse(namedRecords, recorded['/bootparameters']);
    const theirs = records.filter((record) => queryOf(record) !== '').map(asAnswered);
    expect(theirs.length).toBeGreaterThan(3);
    await writeAll(client, 'PUT', theirs);
    expect(differences(await ask(client, '/bootparameters'), theirs, '$')).toEqual([]);
  });
}

async function writeAll({ send }: ClientWithSmd, method: 'POST' | 'PUT', writes: readonly object[]): Promise<void> {
  for (const write of writes) {
    const { status, text } = await send(method, PARAMETERS, write);
    expect(status, text).toBe(method === 'POST' ? 201 : 200);
  }
}

async function ask({ send }: ClientWithSmd, path: string, body?: unknown): Promise<unknown> {
  const answer = await send('GET', `/boot/v1${path}`, body);
  expect(answer.status, path).toBe(200);
  return answer.json();
}

function isImageWithoutParameters(record: unknown): boolean {
  const uri = v.optional(v.string());
  const parsed = v.safeParse(v.strictObject({ kernel: uri, initrd: uri, 'cloud-init': v.unknown() }), record);
  return parsed.success && differences(parsed.output['cloud-init'], NO_CLOUD_INIT, '').length === 0;
}
