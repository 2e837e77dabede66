import { describe, expect, it } from 'vitest';
import { planCreate } from '../../src/core/changes/create.ts';
import { planPatch } from '../../src/core/changes/patch.ts';
import { recordOf } from '../../src/core/changes/planned.ts';
import { planRemove } from '../../src/core/changes/remove.ts';
import { planReplace } from '../../src/core/changes/replace.ts';
import type { Component, NodeIdentifiers } from '../../src/core/component.ts';
import type { BootConfiguration } from '../../src/core/configuration.ts';
import { ServiceError } from '../../src/core/errors.ts';
import { EMPTY_PHONE_HOME } from '../../src/core/phone-home.ts';
import type { StoredGroup, StoredNode } from '../../src/core/record.ts';
import type { RecordRequest } from '../../src/core/record-request.ts';
import { atOnce } from '../../src/core/steps.ts';
import { keysOf, type NodeTarget, storedNodesOf, targetsOf } from '../../src/core/target.ts';
import { macOf, nidFrom, tagOf, xnameOf } from '../support/identifiers.ts';
import { boot, storedGroup, storedNode } from './stored.ts';

const x1 = xnameOf('x1000c0s0b0n0');
const [m1, m2, m9] = [macOf('02:00:00:00:00:01'), macOf('02:00:00:00:00:02'), macOf('02:00:00:00:00:09')];
const n1 = nidFrom(1);
/** The one node that the inventory knows. */
const known: Component = { xname: x1, macs: [m1, m2], nid: n1, groups: [], addresses: [], details: {}, enabled: true };
const linux: BootConfiguration = { kernel: 'http://files/vmlinuz', params: 'quiet' };
const rescue: BootConfiguration = { kernel: 'http://files/rescue' };
const home = { ...EMPTY_PHONE_HOME, hostname: 'nid1' };

const named = (names: Partial<NodeIdentifiers>): NodeIdentifiers => ({ xnames: [], macs: [], nids: [], ...names });
const request = (names: Partial<NodeIdentifiers>, rest: Partial<RecordRequest> = {}): RecordRequest => ({
  identifiers: named(names),
  tags: [],
  patch: {},
  ...rest,
});
/** The targets of a request, with the inventory's knowledge of the one node or with none. */
function located({ identifiers }: RecordRequest, inventory: 'here' | 'away' = 'here'): readonly NodeTarget[] {
  const mine = new Set<string | number | undefined>([x1, m1, m2, n1]);
  const keys = keysOf(identifiers);
  const components = keys.map((key) => {
    const value = key.kind === 'mac' ? key.mac : key.kind === 'xname' ? key.xname : key.kind === 'nid' && key.nid;
    return inventory === 'here' && value !== false && mine.has(value) ? known : undefined;
  });
  return atOnce(targetsOf(keys, components));
}
function makings() {
  let made = 0;
  return { newId: () => `new ${++made}`, referralToken: 'new token' };
}
const stored = (nodes: StoredNode[] = [], groups: StoredGroup[] = []) => ({ nodes, groups });
/** The targets of a request, and what of all that is stored is theirs. */
function matched(asked: RecordRequest, { nodes, groups }: ReturnType<typeof stored>, inventory?: 'here' | 'away') {
  const targets = located(asked, inventory);
  return [targets, { nodesOf: atOnce(storedNodesOf(targets, nodes)), groups }] as const;
}
const errorOf = (run: () => unknown): Pick<ServiceError, 'code' | 'message'> => {
  try {
    run();
  } catch (error) {
    if (error instanceof ServiceError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
};

const underMac = storedNode('a', { mac: m1, resolved: x1, createdAt: 1, boot: boot(linux, 'old token') });
const underNid = storedNode('b', { nid: n1, createdAt: 2, boot: boot(rescue, 'older token'), phoneHome: home });
const homeOnly = storedNode('c', { mac: m2, createdAt: 0, phoneHome: home });

describe('creating', () => {
  const create = (asked: RecordRequest, found = stored(), inventory: 'here' | 'away' = 'here') =>
    atOnce(planCreate(asked, linux, ...matched(asked, found, inventory), makings()));

  it('makes a record for every node and tag, all of one configuration and one token', () => {
    const asked = request({ xnames: [x1], macs: [m9], nids: [nidFrom(7)] }, { tags: [tagOf('Default')] });
    const common = { configuration: linux, referralToken: 'new token' };
    expect(create(asked)).toEqual({
      nodes: [
        { id: 'new 1', xname: x1, resolved: x1, phoneHome: undefined, ...common },
        { id: 'new 2', mac: m9, resolved: undefined, phoneHome: undefined, ...common },
        { id: 'new 3', nid: 7, resolved: undefined, phoneHome: undefined, ...common },
      ],
      groups: [{ id: 'new 4', name: 'Default', priority: 0, ...common }],
      removeNodes: [],
      removeGroups: [],
    });
  });

  it('is a conflict when the node has a record under another identifier, and says under which', () => {
    const asked = request({ macs: [m9], xnames: [x1] });
    expect(errorOf(() => create(asked, stored([underMac])))).toEqual({
      code: 'conflict',
      message: expect.stringMatching(/x1000c0s0b0n0 has .* already under 02:00:00:00:00:01/),
    });
    const byMac = request({ macs: [m2] });
    expect(errorOf(() => create(byMac, stored([underNid]))).message).toMatch(/02:00:00:00:00:02 .* under NID 1\b/);
    const underXname = storedNode('d', { xname: x1, boot: boot(linux) });
    expect(errorOf(() => create(byMac, stored([underXname]))).message).toMatch(/02 .* under x1000c0s0b0n0/);
  });

  it('is a conflict when the very identifier has a record, with the inventory away too', () => {
    for (const inventory of ['here', 'away'] as const) {
      const { code, message } = errorOf(() => create(request({ macs: [m1] }), stored([underMac]), inventory));
      expect(code).toBe('conflict');
      expect(message).toMatch(/^02:00:00:00:00:01 has boot parameters already(?! under)/);
    }
  });

  it('takes identifiers literally when the inventory is away', () => {
    expect(create(request({ xnames: [x1] }), stored(), 'away').nodes).toMatchObject([
      { xname: x1, resolved: undefined },
    ]);
  });

  it('is a conflict when a tag has a record [writing.tag-case-counts]', () => {
    const asked = request({ macs: [m9] }, { tags: [tagOf('Compute'), tagOf('compute')] });
    expect(errorOf(() => create(asked, stored([], [storedGroup('compute', linux)])))).toEqual({
      code: 'conflict',
      message: expect.stringMatching(/^compute has/),
    });
    expect(create(asked, stored()).groups.map(({ name }) => name)).toEqual(['Compute', 'compute']);
  });

  it('gives a node that only phoned home the identifiers of its first record, and keeps what it said [cloud-init.phone-home-before-a-record]', () => {
    const { nodes, removeNodes } = create(request({ xnames: [x1], macs: [m1] }), stored([homeOnly]));
    expect(nodes).toEqual([
      { id: 'c', xname: x1, resolved: x1, phoneHome: home, configuration: linux, referralToken: 'new token' },
    ]);
    expect(removeNodes).toEqual([]);
  });

  it('counts a node or tag that is named twice once', () => {
    const asked = request({ xnames: [x1, x1], macs: [m2, m9, m9], nids: [n1] }, { tags: [tagOf('a'), tagOf('a')] });
    const { nodes, groups } = create(asked);
    expect(nodes).toMatchObject([
      { id: 'new 1', xname: x1 },
      { id: 'new 2', mac: m9 },
    ]);
    expect(groups).toHaveLength(1);
  });

  it('takes a tag’s priority, and the phone-home of the request', () => {
    expect(create(request({}, { tags: [tagOf('a')], priority: 5 })).groups).toMatchObject([{ priority: 5 }]);
    expect(create(request({ macs: [m9] }, { phoneHome: home })).nodes).toMatchObject([{ phoneHome: home }]);
  });
});

describe('replacing', () => {
  const replace = (asked: RecordRequest, found = stored(), inventory: 'here' | 'away' = 'here') =>
    atOnce(planReplace(asked, rescue, ...matched(asked, found, inventory), makings()));

  it('creates what is not stored, and gives what is stored the whole new configuration and a new token', () => {
    const asked = request({ xnames: [x1], macs: [m9] });
    const { nodes, removeNodes } = replace(asked, stored([underMac]));
    const common = { configuration: rescue, referralToken: 'new token', phoneHome: undefined };
    expect(nodes).toEqual([
      { id: 'a', xname: undefined, mac: m1, nid: undefined, resolved: x1, ...common },
      { id: 'new 1', mac: m9, resolved: undefined, ...common },
    ]);
    expect(removeNodes).toEqual([]);
  });

  it('keeps the identifier first stored, whichever the request names the node by', () => {
    for (const names of [
      { xnames: [x1] },
      { macs: [m1] },
      { macs: [m2] },
      { nids: [n1] },
      { xnames: [x1], macs: [m2] },
    ]) {
      const { nodes } = replace(request(names), stored([underMac]));
      expect(nodes).toMatchObject([{ id: 'a', mac: m1, xname: undefined, nid: undefined }]);
    }
  });

  it('keeps what the node phoned home, unless the request says otherwise [writing.put-keeps-phone-home]', () => {
    expect(replace(request({ nids: [n1] }), stored([underNid])).nodes).toMatchObject([{ phoneHome: home }]);
    const other = { ...EMPTY_PHONE_HOME, fqdn: 'a.b' };
    const said = replace(request({ nids: [n1] }, { phoneHome: other }), stored([underNid]));
    expect(said.nodes).toMatchObject([{ phoneHome: other }]);
  });

  it('makes one of several records: the first stored, with the phone-home of any of them [writing.put-makes-one-of-several]', () => {
    for (const found of [stored([underMac, underNid]), stored([underNid, underMac])]) {
      const { nodes, removeNodes } = replace(request({ xnames: [x1] }), found);
      expect(nodes).toMatchObject([{ id: 'a', mac: m1, nid: undefined, phoneHome: home, configuration: rescue }]);
      expect(nodes).toHaveLength(1);
      expect(removeNodes).toEqual(['b']);
    }
  });

  it('keeps the record rather than what was phoned home before it, and what was said by that', () => {
    const { nodes, removeNodes } = replace(request({ xnames: [x1] }), stored([homeOnly, underMac]));
    expect(nodes).toMatchObject([{ id: 'a', mac: m1, phoneHome: home }]);
    expect(removeNodes).toEqual(['c']);
  });

  it('gives a node that only phoned home the identifiers of its first record', () => {
    expect(replace(request({ nids: [n1] }), stored([homeOnly])).nodes).toMatchObject([
      { id: 'c', nid: 1, resolved: x1, phoneHome: home },
    ]);
  });

  it('writes a node once that is stored under several of the identifiers named, with the inventory away', () => {
    const both = storedNode('d', { xname: x1, mac: m1, boot: boot(linux) });
    const { nodes } = replace(request({ xnames: [x1], macs: [m1] }), stored([both]), 'away');
    expect(nodes).toMatchObject([{ id: 'd', xname: x1, mac: m1 }]);
    expect(nodes).toHaveLength(1);
  });

  it('neither writes a stored node twice nor writes and removes it, when two names lead to it', () => {
    // Stored with a MAC that the inventory knows no more: the MAC and the xname are two targets, and both find it.
    const legacy = storedNode('d', { xname: x1, mac: m9, createdAt: 3, boot: boot(linux) });
    for (const names of [{ xnames: [x1], macs: [m9] }, { macs: [m9, m1] }]) {
      const { nodes, removeNodes } = replace(request(names), stored([underMac, legacy]));
      const ids = [...nodes.map(({ id }) => id), ...removeNodes];
      expect(ids.sort()).toEqual(['a', 'd']);
    }
  });

  it('keeps the resolved xname of a node when the inventory is away', () => {
    expect(replace(request({ macs: [m1] }), stored([underMac]), 'away').nodes).toMatchObject([
      { id: 'a', resolved: x1 },
    ]);
  });

  it('keeps a tag’s priority, unless the request says otherwise', () => {
    const found = stored([], [storedGroup('blue', linux, 7)]);
    const blue = { id: 'group blue', name: 'blue', configuration: rescue, referralToken: 'new token' };
    const put = (priority?: number) => replace(request({}, { tags: [tagOf('blue')], priority }), found).groups;
    expect(put()).toEqual([{ ...blue, priority: 7 }]);
    expect(put(0)).toEqual([{ ...blue, priority: 0 }]);
    expect(put(-3)).toEqual([{ ...blue, priority: -3 }]);
  });
});

describe('patching', () => {
  const patch = (asked: RecordRequest, found = stored()) => atOnce(planPatch(asked, ...matched(asked, found)));

  it('changes only what the request says, in every record it names', () => {
    const asked = request({ xnames: [x1] }, { tags: [tagOf('blue')], patch: { params: 'debug' } });
    expect(patch(asked, stored([underMac], [storedGroup('blue', rescue, 7)]))).toEqual({
      nodes: [
        {
          ...{ id: 'a', xname: undefined, mac: m1, nid: undefined, resolved: x1, phoneHome: undefined },
          configuration: { ...linux, params: 'debug' },
          referralToken: 'old token',
        },
      ],
      groups: [
        {
          ...{ id: 'group blue', name: 'blue', priority: 7, referralToken: 'token blue' },
          configuration: { ...rescue, params: 'debug' },
        },
      ],
      removeNodes: [],
      removeGroups: [],
    });
  });

  it('merges into cloud-init data and clears with null [writing.patch-merges-meta-data]', () => {
    const old = storedNode('a', { mac: m9, boot: boot({ ...linux, metaData: { a: 1, b: { c: 2, d: 3 } } }) });
    const asked = request({ macs: [m9] }, { patch: { params: null, metaData: { b: { c: null, e: 4 } } } });
    const [node] = patch(asked, stored([old])).nodes;
    expect(node?.configuration).toEqual({ kernel: linux.kernel, metaData: { a: 1, b: { d: 3, e: 4 } } });
  });

  it('finds nothing when a node that is named has no record, or only phoned home', () => {
    const asked = request({ macs: [m1, m9] }, { patch: { params: 'debug' } });
    expect(errorOf(() => patch(asked, stored([underMac])))).toEqual({
      code: 'not_found',
      message: expect.stringContaining('02:00:00:00:00:09'),
    });
    const phoned = request({ xnames: [x1] }, { patch: { params: 'debug' } });
    expect(errorOf(() => patch(phoned, stored([homeOnly]))).code).toBe('not_found');
  });

  it('finds nothing when a tag that is named has no record, in that case', () => {
    const asked = request({ macs: [m1] }, { tags: [tagOf('Blue')], patch: { params: 'debug' } });
    expect(errorOf(() => patch(asked, stored([underMac], [storedGroup('blue', linux)])))).toEqual({
      code: 'not_found',
      message: expect.stringContaining('Blue'),
    });
  });

  it('is invalid when it leaves nothing of a record', () => {
    const nodes = stored([underNid]);
    expect(errorOf(() => patch(request({ nids: [n1] }, { patch: { kernel: null } }), nodes)).code).toBe('invalid');
    const group = storedGroup('Global', { metaData: { a: 1 } });
    const tag = request({}, { tags: [tagOf('Global')], patch: { metaData: { a: null } } });
    expect(errorOf(() => patch(tag, stored([], [group]))).code).toBe('invalid');
  });

  it('reaches all records of a node, each with what it had [writing.patch-reaches-all-of-several]', () => {
    const { nodes, removeNodes } = patch(
      request({ xnames: [x1] }, { patch: { params: 'debug' } }),
      stored([underNid, homeOnly, underMac]),
    );
    expect(nodes).toMatchObject([
      { id: 'a', mac: m1, resolved: x1, configuration: { ...linux, params: 'debug' }, referralToken: 'old token' },
      { id: 'b', nid: 1, resolved: undefined, configuration: { ...rescue, params: 'debug' }, phoneHome: home },
    ]);
    expect(nodes).toHaveLength(2);
    expect(removeNodes).toEqual([]);
  });

  it('writes a node once that is named twice, and learns its xname', () => {
    const alone = { ...underNid, resolved: undefined };
    const { nodes } = patch(request({ xnames: [x1], macs: [m2], nids: [n1] }, { patch: linux }), stored([alone]));
    expect(nodes).toMatchObject([{ id: 'b', xname: undefined, nid: 1, resolved: x1 }]);
    expect(nodes).toHaveLength(1);
  });

  it('sets phone-home and priority when the request says them', () => {
    const other = { ...EMPTY_PHONE_HOME, fqdn: 'a.b' };
    const node = patch(request({ nids: [n1] }, { phoneHome: other }), stored([underNid])).nodes[0];
    expect(node).toMatchObject({ phoneHome: other, configuration: rescue });
    const tag = request({}, { tags: [tagOf('blue')], priority: 0 });
    expect(patch(tag, stored([], [storedGroup('blue', linux, 7)])).groups).toMatchObject([{ priority: 0 }]);
  });
});

describe('removing', () => {
  const remove = (asked: RecordRequest, found = stored(), inventory: 'here' | 'away' = 'here') =>
    atOnce(planRemove(asked, ...matched(asked, found, inventory)));

  it('removes every record that the request names, once, and nothing else', () => {
    const asked = request({ xnames: [x1], macs: [m1, m2] }, { tags: [tagOf('blue'), tagOf('blue')] });
    expect(remove(asked, stored([underMac], [storedGroup('blue', linux)]))).toEqual({
      nodes: [],
      groups: [],
      removeNodes: ['a'],
      removeGroups: ['group blue'],
    });
  });

  it('reaches a record by any identifier of its node, and all records of it [writing.delete-reaches-all-of-several]', () => {
    expect(remove(request({ macs: [m2] }), stored([underMac])).removeNodes).toEqual(['a']);
    expect(remove(request({ xnames: [x1] }), stored([underNid, underMac])).removeNodes).toEqual(['a', 'b']);
    const both = storedNode('d', { xname: x1, mac: m1, boot: boot(linux) });
    expect(remove(request({ xnames: [x1], macs: [m1] }), stored([both]), 'away').removeNodes).toEqual(['d']);
  });

  it('is invalid when a node that is named has no record, or only phoned home', () => {
    expect(errorOf(() => remove(request({ macs: [m1, m9] }), stored([underMac])))).toEqual({
      code: 'invalid',
      message: expect.stringContaining('02:00:00:00:00:09'),
    });
    expect(errorOf(() => remove(request({ nids: [n1] }), stored([homeOnly]))).code).toBe('invalid');
    expect(errorOf(() => remove(request({ nids: [nidFrom(7)] }))).message).toContain('NID 7');
  });

  it('is invalid when a tag that is named has no record', () => {
    expect(errorOf(() => remove(request({ macs: [m1] }, { tags: [tagOf('Blue')] }), stored([underMac])))).toEqual({
      code: 'invalid',
      message: expect.stringContaining('Blue'),
    });
  });
});

describe('the record that answers a write', () => {
  const write = (node: { xname?: typeof x1; mac?: typeof m1; nid?: typeof n1 }, phoneHome = home) => ({
    ...{ id: 'a', configuration: linux, phoneHome },
    ...node,
  });
  const group = (name: string, priority: number) => ({ id: name, name: tagOf(name), priority, configuration: linux });

  it('holds each node under one identifier as it is stored, and the tags behind the xnames', () => {
    const nodes = [write({ mac: m1, nid: n1 }), write({ xname: x1, mac: m2 }), write({ nid: nidFrom(7) })];
    expect(recordOf({ nodes, groups: [group('blue', 0)] }, linux, 'openchami')).toEqual({
      hosts: [x1, 'blue'],
      macs: [m1],
      nids: [7],
      configuration: linux,
      priority: 0,
      phoneHome: undefined,
    });
  });

  it('has the phone-home of one node, and the priority of one tag', () => {
    expect(recordOf({ nodes: [write({ mac: m1 })], groups: [] }, linux, 'openchami').phoneHome).toEqual(home);
    expect(recordOf({ nodes: [], groups: [group('blue', 7)] }, linux, 'openchami').priority).toBe(7);
    expect(recordOf({ nodes: [], groups: [group('blue', 7), group('red', 7)] }, linux, 'openchami').priority).toBe(0);
    expect(recordOf({ nodes: [write({ mac: m1 })], groups: [group('blue', 7)] }, linux, 'openchami').priority).toBe(0);
  });
});
