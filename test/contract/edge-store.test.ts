import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NodeWrite } from '../../src/core/changes/planned.ts';
import type { BootConfiguration } from '../../src/core/configuration.ts';
import { EMPTY_PHONE_HOME } from '../../src/core/phone-home.ts';
import type { Found, Wanted } from '../../src/ports/store.ts';
import { clocksForTest } from '../inventory/edge.ts';
import { byAddress, byMac } from '../inventory/keys.ts';
import { macOf, nidFrom, tagOf, xnameOf } from '../support/identifiers.ts';
import { ownComponent, ownGroup, ownInsert, ownInterface } from '../support/own-entries.ts';
import { type Place, sorted, startPlace } from './edge-isolates.ts';

/** Milliseconds for which what was put into the cache is not put again: a row, and that there is none. */
const [REST, SHORT_REST] = [30_000, 2000];
const MAC = '02:00:00:00:00:01';
const OTHER_MAC = '02:00:00:00:00:02';
const XNAME = 'x1000c0s0b0n0';
const linux: BootConfiguration = { kernel: 'http://files/vmlinuz', initrd: 'http://files/initrd', params: 'quiet' };
const rescue: BootConfiguration = { kernel: 'http://files/rescue', metaData: { constructor: [1, 2.5, null] } };
const unavailable = { code: 'unavailable' };

/** What a node's script is made from: the node has these names, and is in these groups. */
const node = ({ macs = [MAC], groups = ['gpu'] } = {}): Wanted => ({
  nodes: { xnames: [xnameOf(XNAME)], macs: macs.map(macOf), nids: [nidFrom(17)] },
  names: [...groups, 'Compute', 'Default'].map(tagOf),
});
const stranger = (mac: string): Wanted => ({
  nodes: { xnames: [], macs: [macOf(mac)], nids: [] },
  names: [tagOf('Default')],
});
const nodeWrite = (configuration: BootConfiguration, parts: Partial<NodeWrite> = {}): NodeWrite => ({
  ...{ id: crypto.randomUUID(), xname: xnameOf(XNAME), resolved: xnameOf(XNAME), configuration },
  ...parts,
});
const groupWrite = (name: string, configuration: BootConfiguration, priority = 0) => ({
  ...{ id: crypto.randomUUID(), name: tagOf(name), priority, configuration, referralToken: crypto.randomUUID() },
});
const kernelsOf = ({ nodes, groups }: Found) => [...nodes, ...groups].map(({ boot }) => boot?.configuration.kernel);

let place: Place;
let clock: ReturnType<typeof clocksForTest>;
beforeAll(async () => {
  place = await startPlace();
});
afterAll(() => place.close());
beforeEach(async () => {
  await place.empty();
  clock = clocksForTest();
});

/** What an isolate that knows nothing by itself has found while the database is away; `undefined` is `unavailable`. */
async function recalled(wanted: Wanted): Promise<Found | undefined> {
  const { mode } = place;
  place.mode = 'refuses';
  try {
    return await place.isolate().store.look(wanted);
  } catch (error) {
    expect(error).toMatchObject(unavailable);
    return undefined;
  } finally {
    place.mode = mode;
  }
}

describe('What was found last', () => {
  it('comes back whole while the database is away, in another isolate, with its age', async () => {
    await place.write({
      nodes: [
        nodeWrite(linux, { phoneHome: { ...EMPTY_PHONE_HOME, fqdn: 'n17' }, referralToken: crypto.randomUUID() }),
        nodeWrite(rescue, { xname: undefined, resolved: undefined, mac: macOf(MAC) }),
        { id: crypto.randomUUID(), nid: nidFrom(17), phoneHome: EMPTY_PHONE_HOME },
      ],
      groups: [groupWrite('gpu', rescue, 3), groupWrite('Default', { userData: { a: { b: 'c' } } })],
      images: [{ kind: 'kernel', uri: linux.kernel ?? '', params: 'console=ttyS0' }],
    });
    const { asOf, ...found } = await place.isolate().store.look(node());
    expect([found.nodes.length, found.groups.length, found.configurationImages.length]).toEqual([3, 2, 1]);
    clock.pass(90_000);
    const known = await recalled(node());
    expect(known?.age).toBe(90);
    expect(sorted(known ?? found)).toEqual(sorted(found));
    expect(asOf).toBeDefined();
  });

  it('comes back with who was added by hand, by the key that was asked by', async () => {
    await place.query(
      ownInsert(
        ownComponent(XNAME, { NID: 17, Role: 'Application', SubRole: 'UAN' }),
        ...[ownInterface(MAC, XNAME, '10.0.0.1'), ownInterface(OTHER_MAC, XNAME), ownGroup('gpu', [XNAME])],
      ),
    );
    await place.write({
      nodes: [nodeWrite(linux, { xname: undefined, mac: macOf(OTHER_MAC) })],
      groups: [groupWrite('gpu', rescue), groupWrite('Application_UAN', linux)],
    });
    for (const key of [byMac(MAC), byAddress('10.0.0.1')]) {
      const wanted = { own: [key], names: [tagOf('Default')] };
      expect(await recalled(wanted)).toBeUndefined();
      const found = await place.isolate().store.look(wanted);
      expect([found.components?.length, found.nodes.length, found.groups.length]).toEqual([1, 1, 2]);
      expect(sorted((await recalled(wanted)) ?? found)).toEqual(sorted(found));
    }
  });

  it('is never used while the database answers: a write counts at once', async () => {
    const { store } = place.isolate();
    const id = crypto.randomUUID();
    for (const configuration of [linux, rescue, linux]) {
      await place.write({ nodes: [nodeWrite(configuration, { id })] });
      const found = await store.look(node());
      expect([kernelsOf(found), found.age]).toEqual([[configuration.kernel], undefined]);
    }
    await place.write({ removeNodes: [id] });
    expect((await store.look(node())).nodes).toEqual([]);
  });

  it('may be that there is nothing', async () => {
    await place.isolate().store.look(node());
    expect(await recalled(node())).toMatchObject({ nodes: [], groups: [], age: 0 });
  });

  it('is as old as its oldest part', async () => {
    await place.isolate().store.look(node());
    clock.pass(5000);
    await place.isolate().store.look({ names: [tagOf('Default')] });
    expect((await recalled({ names: [tagOf('Default')] }))?.age).toBe(0);
    expect((await recalled(node()))?.age).toBe(5);
  });
});

describe('What is not known', () => {
  it('is unavailable, and never called nothing', async () => {
    await place.write({ groups: [groupWrite('Default', linux)] });
    await place.isolate().store.look(stranger(MAC));
    expect(kernelsOf((await recalled(stranger(MAC))) ?? (await place.database.store.list()))).toEqual([linux.kernel]);
    for (const wanted of [
      stranger(OTHER_MAC),
      { ...stranger(MAC), names: [tagOf('Default'), tagOf('Unknown-x86_64')] },
      { ...stranger(MAC), own: [byMac(MAC)] },
      { names: [tagOf('Global')] },
    ]) {
      expect(await recalled(wanted)).toBeUndefined();
    }
  });

  it.each<[string, (text: string) => string]>([
    ['is no JSON object', () => '5'],
    ['lacks its time', (text) => text.replace('"at"', '"ta"')],
    ['has more than it should', (text) => text.replace('"at"', '"more":1,"at"')],
    ['lacks the configuration', (text) => text.replace('"configuration"', '"clock"')],
    ['is of another node', (text) => text.replace(`"xname":"${XNAME}"`, '"xname":"x9c9s9b9n9"')],
    ['has an xname that is none', (text) => text.replace(`"xname":"${XNAME}"`, '"xname":"nobody"')],
    ['holds who was added by hand, broken', (text) => text.replace('"components":[]', '"components":[{}]')],
  ])('is what %s in the cache', async (_, spoil) => {
    await place.write({ nodes: [nodeWrite(linux)], groups: [groupWrite('Default', rescue)] });
    await place.isolate().store.look(node());
    const key = `stored/xname/${XNAME}`;
    const entry = place.cache.entries.get(key);
    if (entry === undefined) throw new Error('the node is not in the cache');
    expect(spoil(entry.text)).not.toBe(entry.text);
    place.cache.entries.set(key, { ...entry, text: spoil(entry.text) });
    expect(await recalled(node())).toBeUndefined();
  });

  it('is what has fallen out of the cache, but for a node’s script the record of its own does', async () => {
    await place.write({ nodes: [nodeWrite(linux)], groups: [groupWrite('Default', rescue)] });
    await place.isolate().store.look(node());
    const whole = new Map(place.cache.entries);
    expect(whole.size).toBe(9);
    for (const key of whole.keys()) {
      place.cache.entries.delete(key);
      const lost = key === `stored/xname/${XNAME}` || key.startsWith('image/');
      expect([key, (await recalled(node()))?.nodes.length]).toEqual([key, lost ? undefined : 1]);
      place.cache.entries.set(key, whole.get(key) ?? { text: '', until: 0 });
    }
  });
});

describe('A node that the inventory knows otherwise by now', () => {
  it('gets the record of its own, whatever it was asked by and is in since', async () => {
    await place.write({ nodes: [nodeWrite(linux)], groups: [groupWrite('Default', rescue)] });
    await place.isolate().store.look(node());
    for (const wanted of [node({ macs: [OTHER_MAC] }), node({ macs: [OTHER_MAC, MAC], groups: ['gpu', 'new'] })]) {
      expect((await recalled(wanted))?.nodes).toMatchObject([{ xname: XNAME, boot: { configuration: linux } }]);
    }
  });

  it('gets none of a group or role: what is not known could count more', async () => {
    await place.write({ groups: ['gpu', 'Compute', 'Default'].map((name) => groupWrite(name, linux)) });
    await place.isolate().store.look(node());
    expect((await recalled(node()))?.groups).toHaveLength(3);
    expect(await recalled(node({ macs: [OTHER_MAC, MAC] }))).toBeUndefined();
    expect(await recalled(node({ groups: ['gpu', 'new'] }))).toBeUndefined();
  });

  it('gets no script that waits from a record of its own without a kernel', async () => {
    await place.write({ nodes: [nodeWrite({ params: 'quiet' })] });
    await place.isolate().store.look(node());
    expect((await recalled(node()))?.nodes).toHaveLength(1);
    expect(await recalled(node({ groups: ['new'] }))).toBeUndefined();
  });

  it('gets no cloud-init data that lacks a part', async () => {
    await place.write({ nodes: [nodeWrite(linux)] });
    const withGlobal = (wanted: Wanted): Wanted => ({ ...wanted, names: [...(wanted.names ?? []), tagOf('Global')] });
    await place.isolate().store.look(withGlobal(node()));
    expect((await recalled(withGlobal(node())))?.nodes).toHaveLength(1);
    expect(await recalled(withGlobal(node({ groups: ['new'] })))).toBeUndefined();
  });

  it('gets the newest of a record that has been seen under one of its identifiers alone', async () => {
    const both = { id: crypto.randomUUID(), mac: macOf(MAC) };
    await place.write({ nodes: [nodeWrite(linux, both)] });
    await place.isolate().store.look(node());
    await place.write({ nodes: [nodeWrite(rescue, both)] });
    await place.isolate().store.look(stranger(MAC));
    expect((await recalled(node()))?.nodes).toMatchObject([{ id: both.id, boot: { configuration: rescue } }]);
  });

  it('gets what is stored under an identifier that it has taken over, and another node loses it', async () => {
    await place.write({
      nodes: [nodeWrite(linux, { xname: undefined, resolved: undefined, mac: macOf(MAC) })],
    });
    await place.isolate().store.look(stranger(MAC));
    await place.isolate().store.look(node({ macs: [OTHER_MAC] }));
    expect((await recalled(node({ macs: [OTHER_MAC] })))?.nodes).toEqual([]);
    expect((await recalled(node({ macs: [OTHER_MAC, MAC] })))?.nodes).toMatchObject([{ mac: MAC }]);
  });
});

describe('What was removed does not come back once a look-up has seen that', () => {
  it('under none of the names that led there', async () => {
    const [id, gpu] = [crypto.randomUUID(), groupWrite('gpu', rescue)];
    const image = { kind: 'kernel' as const, uri: linux.kernel ?? '', params: 'console=ttyS0' };
    await place.write({ nodes: [nodeWrite(linux, { id })], groups: [gpu], images: [image] });
    const [here, there] = [place.isolate(), place.isolate()];
    await here.store.look(node());
    await here.store.look({ names: [tagOf('gpu')] });
    expect((await recalled(node()))?.configurationImages).toHaveLength(1);
    const images = (await place.database.store.find({ images: [image] })).images.map((one) => one.id);
    await place.write({ removeNodes: [id], removeGroups: [gpu.id], removeImages: images });
    // By the xname alone, and the group for another node.
    await there.store.look({ nodes: { xnames: [xnameOf(XNAME)], macs: [], nids: [] }, names: [tagOf('gpu')] });
    expect(await recalled(node())).toMatchObject({ nodes: [], groups: [], configurationImages: [] });
  });

  it('also when the isolate had seen nothing there before it was', async () => {
    const here = place.isolate();
    await here.store.look(node());
    const id = crypto.randomUUID();
    await place.write({ nodes: [nodeWrite(linux, { id })] });
    await place.isolate().store.look(node());
    expect((await recalled(node()))?.nodes).toHaveLength(1);
    await place.write({ removeNodes: [id] });
    clock.pass(SHORT_REST);
    await here.store.look(node());
    expect((await recalled(node()))?.nodes).toEqual([]);
  });
});

describe('The cache', () => {
  it('gets each part once, small, and again when it is old or has changed', async () => {
    const [id, { store }] = [crypto.randomUUID(), place.isolate()];
    await place.write({ nodes: [nodeWrite(linux, { id })], groups: [groupWrite('Default', rescue)] });
    /** What is put into the cache by a look-up. */
    const puts = async (): Promise<string[]> => {
      place.cache.puts.length = 0;
      await store.look(node());
      return place.cache.puts.toSorted();
    };
    const rows = ['named/Default', `stored/xname/${XNAME}`];
    const empty = [
      `image/initrd:${encodeURIComponent(linux.initrd ?? '')}`,
      ...[linux, rescue].map(({ kernel }) => `image/kernel:${encodeURIComponent(kernel ?? '')}`),
      ...['named/Compute', 'named/gpu', `stored/mac/${encodeURIComponent(MAC)}`, 'stored/nid/17'],
    ];
    expect(await puts()).toEqual([...rows, ...empty].sort());
    const bytes = [...place.cache.entries.values()].reduce((sum, { text }) => sum + text.length, 0);
    expect(bytes).toBeLessThan(1500);
    expect(await puts()).toEqual([]);
    clock.pass(SHORT_REST);
    expect(await puts()).toEqual([...empty].sort());
    clock.pass(REST - SHORT_REST);
    expect(await puts()).toEqual([...rows, ...empty].sort());
    await place.write({ nodes: [nodeWrite(rescue, { id })] });
    expect(await puts()).toEqual([`stored/xname/${XNAME}`]);
  });

  it('is not told of a part that an answer which came later is older of', async () => {
    const { store } = place.isolate();
    const id = crypto.randomUUID();
    await place.write({ nodes: [nodeWrite(linux, { id })] });
    place.mode = { slow: 300 };
    const slow = store.look(node());
    await new Promise((resolve) => setTimeout(resolve, 100));
    place.mode = 'there';
    await place.write({ removeNodes: [id] });
    await store.look(node());
    expect((await slow).nodes).toHaveLength(1);
    expect((await recalled(node()))?.nodes).toEqual([]);
  });

  it('is forgotten to have been told after thousands of others: nothing grows in an isolate', async () => {
    const { store } = place.isolate();
    const names = Array.from({ length: 5000 }, (_, at) => tagOf(`name${at}`));
    await store.look({ names: [tagOf('first')] });
    await store.look({ names: names.slice(1) });
    place.cache.puts.length = 0;
    await store.look({ names: [tagOf('first')] });
    expect(place.cache.puts).toEqual([]);
    await store.look({ names });
    place.cache.puts.length = 0;
    await store.look({ names: [tagOf('first')] });
    expect(place.cache.puts).toEqual(['named/first']);
  });
});
