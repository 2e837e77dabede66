// What a site relies on when several replicas share one database, whatever is between them and it.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, send } from '../support/http-client.ts';
import { type NodeProcess, spawnNode, until } from '../support/node-process.ts';
import {
  behind,
  behindItself,
  kernelOf,
  recordOf,
  type Seen,
  scriptOf,
  versionIn,
  type Written,
  watch,
} from './replica-watch.ts';

/** How replicas get to a database, and what ends that. */
export type Road = {
  /** What they are started with. */
  readonly settings: Record<string, string>;
  /** The database itself, as superuser. */
  readonly direct: string;
  stop(): Promise<void>;
};

const PARAMETERS = '/boot/v1/bootparameters';
const HSM = '/hsm/v2';
/** Milliseconds after which what one has acknowledged is served by all. */
const PROMISED = 1000;
const COUNT = 3;

/** Declares the cases; `lay` is called once, and must lead to a database that is empty. */
export function replicaCases(lay: () => Promise<Road>): void {
  let road: Road;
  let admin: pg.Pool;
  let replicas: NodeProcess[];

  beforeAll(async () => {
    road = await lay();
    admin = new pg.Pool({ connectionString: road.direct, max: 1 });
    replicas = await Promise.all(Array.from({ length: COUNT }, () => spawnNode(road.settings)));
    await Promise.all(replicas.map(up));
  });
  afterAll(async () => {
    for (const replica of replicas) replica.signal('SIGTERM');
    const codes = await Promise.all(replicas.map((replica) => replica.exitCode()));
    await admin.end();
    await road.stop();
    expect(codes).toEqual(Array(COUNT).fill(0));
  });

  const at = (replica: number): string => replicas[replica % COUNT]?.origin ?? '';
  const write = (replica: number, method: string, body: object): Promise<Answer> =>
    send(at(replica), method, PARAMETERS, body);
  /** Cuts every connection to the database but the test's own. */
  const cut = () =>
    admin.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );

  /** Writes until it is acknowledged; meanwhile nothing but an outage may be the answer. */
  async function insist(replica: number, method: string, body: object): Promise<number> {
    for (const deadline = performance.now() + 5000; ; await sleep(20)) {
      const { status, headers, text } = await write(replica, method, body);
      if (status === 200 || status === 201) return performance.now();
      expect([status, text, Number(headers['retry-after']) > 0]).toEqual([503, text, true]);
      if (performance.now() > deadline) throw new Error('the database was not found again');
    }
  }

  /** Asserts that the replica that acknowledged serves it at once, and a second later all of them, asked many times. */
  async function isServed(by: number, ...expected: (readonly [string, (answer: Answer) => boolean])[]): Promise<void> {
    const acknowledged = performance.now();
    const wrong = async (replica: number): Promise<string[]> => {
      const answers = await Promise.all(expected.map(([path]) => send(at(replica), 'GET', path)));
      return expected.flatMap(([path, isRight], asked) => {
        const answer = answers[asked];
        return answer && isRight(answer) ? [] : [`${replica} answers to ${path}: ${answer?.status} ${answer?.text}`];
      });
    };
    expect(await wrong(by)).toEqual([]);
    await sleep(PROMISED - (performance.now() - acknowledged));
    for (let round = 0; round < 10; round++) {
      expect((await Promise.all(replicas.map((_, replica) => wrong(replica)))).flat()).toEqual([]);
    }
  }

  const boots = (version: number) => (answer: Answer) => answer.status === 200 && versionIn(answer.text) === version;
  const waits = ({ status, text }: Answer) => status === 200 && text.includes('is not in the inventory');

  /** Asserts that the answers of all were never behind by a second, and never behind what the same replica had said itself. */
  function expectFresh(seen: readonly Seen[], writes: readonly Written[]): void {
    const good = seen.filter(({ status }) => status === 200);
    for (const replica of replicas.keys()) {
      expect(good.filter((one) => one.replica === replica).length).toBeGreaterThan(20);
    }
    // Known is known: never a script that waits, nor a record that is not found.
    expect(seen.filter(({ status, version }) => (status === 200 ? version === undefined : status !== 503))).toEqual([]);
    expect(Math.max(...good.map((one) => behind(one, writes)))).toBeLessThan(PROMISED);
    expect(good.filter((one) => behindItself(one, writes) > 0)).toEqual([]);
  }

  it('come up together on an empty database, whose schema is made once', async () => {
    const { rows } = await admin.query(
      'select created_at, count(*)::int as times from boot_migrations.applied group by 1',
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.filter(({ times }) => times !== 1)).toEqual([]);
    for (const replica of replicas) expect(replica.output()).not.toContain('trying on');
  });

  it('serve within a second what any of them has acknowledged, in scripts and in records', async () => {
    const mac = '02:00:00:01:00:01';
    const writes: Written[] = [];
    await insist(0, 'POST', { macs: [mac], kernel: kernelOf(0) });
    await sleep(PROMISED);
    const watched = watch(replicas, mac);
    for (let version = 1; version <= 60; version++) {
      const { status } = await write(version, 'PUT', { macs: [mac], kernel: kernelOf(version) });
      writes.push({ version, at: performance.now(), by: version % COUNT });
      expect(status).toBe(200);
      await sleep(Math.random() * 60);
    }
    await sleep(PROMISED + 200);
    const seen = await watched.stop();
    expect(seen.filter(({ status }) => status !== 200)).toEqual([]);
    expectFresh(seen, writes);
  });

  it('boot a node that one has created, and tell one that was removed to wait', async () => {
    const mac = '02:00:00:02:00:01';
    for (const by of replicas.keys()) {
      expect((await write(by, 'POST', { macs: [mac], kernel: kernelOf(by) })).status).toBe(201);
      await isServed(by, [scriptOf(mac), boots(by)], [recordOf(mac), boots(by)]);
      expect((await write(by + 1, 'DELETE', { macs: [mac] })).status).toBe(200);
      await isServed((by + 1) % COUNT, [scriptOf(mac), waits], [recordOf(mac), ({ status }) => status === 404]);
    }
  });

  it('change a thousand nodes of one request together', async () => {
    const macs = Array.from({ length: 1000 }, (_, node) => `02:00:00:03:${hex(node >> 8)}:${hex(node & 255)}`);
    expect((await write(0, 'POST', { macs, kernel: kernelOf(0) })).status).toBe(201);
    await sleep(PROMISED);
    let isOver = false;
    const torn: unknown[] = [];
    const looking = replicas.map(async (_, replica) => {
      while (!isOver) {
        const answer = await send(at(replica), 'GET', PARAMETERS);
        const records = (answer.json() as { macs?: string[] }[]).filter((one) => one.macs?.includes(macs[0] ?? ''));
        if (records.length !== 1 || records[0]?.macs?.length !== 1000) torn.push(answer.text.slice(0, 500));
        await sleep(50);
      }
    });
    for (let version = 1; version <= 6; version++) {
      expect((await write(version, 'PUT', { macs, kernel: kernelOf(version) })).status).toBe(200);
    }
    await sleep(PROMISED);
    for (const replica of replicas.keys()) {
      const some = macs.filter((_, node) => node % COUNT === replica);
      const answers = await inTurn(some, (mac) => send(at(replica), 'GET', scriptOf(mac)));
      expect(answers.filter((answer) => !boots(6)(answer))).toEqual([]);
    }
    isOver = true;
    await Promise.all(looking);
    expect(torn).toEqual([]);
    expect((await write(1, 'DELETE', { macs })).status).toBe(200);
    await isServed(1, [scriptOf(macs[999] ?? ''), waits]);
  });

  it('boot a node that was put into the own inventory of another', async () => {
    const mac = '02:00:00:04:00:01';
    const [ID, label] = ['x4c0s0b0n0', 'replicated'];
    const hsm = async (replica: number, method: string, path: string, body?: object): Promise<number> =>
      (await send(at(replica), method, `${HSM}${path}`, body)).status;
    await insist(0, 'PUT', { hosts: [label], kernel: kernelOf(41) });
    await insist(1, 'PUT', { hosts: ['Role4'], kernel: kernelOf(42) });
    await sleep(PROMISED);
    const component = { ID, State: 'On', NID: 400, Role: 'Role4' };
    expect(await hsm(0, 'POST', '/State/Components', { Components: [component] })).toBe(204);
    await isServed(0, ['/boot/v1/bootscript?nid=400', boots(42)]);
    expect(await hsm(1, 'POST', '/Inventory/EthernetInterfaces', { MACAddress: mac, ComponentID: ID })).toBe(201);
    await isServed(1, [scriptOf(mac), boots(42)]);
    expect(await hsm(2, 'POST', '/groups', { label, members: { ids: [ID] } })).toBe(201);
    await isServed(2, [scriptOf(mac), boots(41)]);
    expect(await hsm(0, 'DELETE', `/groups/${label}/members/${ID}`)).toBe(200);
    await isServed(0, [scriptOf(mac), boots(42)]);
    expect(await hsm(1, 'DELETE', `/Inventory/EthernetInterfaces/${mac.replaceAll(':', '')}`)).toBe(200);
    await isServed(1, [scriptOf(mac), waits]);
    expect(await hsm(2, 'DELETE', `/State/Components/${ID}`)).toBe(200);
    await isServed(2, [`${HSM}/State/Components/${ID}`, ({ status }) => status === 404]);
  });

  it('serve within a second what was written after every connection to the database was cut', async () => {
    const mac = '02:00:00:05:00:01';
    const writes: Written[] = [];
    await insist(0, 'POST', { macs: [mac], kernel: kernelOf(0) });
    await sleep(PROMISED);
    const watched = watch(replicas, mac);
    for (let version = 1; version <= 9; version++) {
      const by = version % COUNT;
      await cut();
      // Some at once, some when the replicas have found each other again.
      await sleep((version % 4) * 50);
      writes.push({ version, at: await insist(by, 'PUT', { macs: [mac], kernel: kernelOf(version) }), by });
      await sleep(PROMISED / 2);
    }
    const quiet = performance.now();
    await sleep(PROMISED + 500);
    const seen = await watched.stop();
    expectFresh(seen, writes);
    expect(seen.filter((one) => one.at > quiet && one.status !== 200)).toEqual([]);
  });

  it('lose nothing, and change nothing that they refuse, while connections are cut again and again', async () => {
    const macs = [...replicas.keys()].map((replica) => `02:00:00:06:00:0${replica}`);
    const written: Written[][] = macs.map(() => []);
    const changedAllTheSame: number[] = [];
    for (const [replica, mac] of macs.entries()) await insist(replica, 'POST', { macs: [mac], kernel: kernelOf(0) });
    await sleep(PROMISED);
    const watched = watch(replicas, macs[0] ?? '');
    const end = performance.now() + 8000;
    const cutting = (async () => {
      for (; performance.now() < end; await sleep(100 + Math.random() * 300)) await cut();
    })();
    const writing = macs.map(async (mac, by) => {
      const mine = written[by] ?? [];
      for (let version = 1; performance.now() < end; version++) {
        const { status, text } = await write(by, 'PUT', { macs: [mac], kernel: kernelOf(version) });
        if (status === 200) {
          mine.push({ version, at: performance.now(), by });
          continue;
        }
        expect([status, text]).toEqual([503, text]);
        const { rows } = await admin.query(
          'select kernel_uri from boot.nodes n join boot.boot_group_assignments a on a.node_id = n.id join boot.boot_groups g on g.id = a.boot_group_id join boot.boot_configs c on c.id = g.boot_config_id where boot_mac = $1',
          [mac],
        );
        if (rows[0]?.kernel_uri !== kernelOf(mine.at(-1)?.version ?? 0)) changedAllTheSame.push(version);
      }
    });
    await Promise.all([cutting, ...writing]);
    const quiet = performance.now();
    await sleep(PROMISED + 500);
    const seen = await watched.stop();
    expect(changedAllTheSame).toEqual([]);
    expect(written.flat().length).toBeGreaterThan(5);
    expectFresh(seen, written[0] ?? []);
    expect(seen.filter((one) => one.at > quiet + PROMISED && one.status !== 200)).toEqual([]);
    for (const [node, mac] of macs.entries()) {
      const newest = written[node]?.at(-1)?.version ?? 0;
      expect(newest).toBeGreaterThan(0);
      for (const replica of replicas.keys()) {
        expect(versionIn((await send(at(replica), 'GET', scriptOf(mac))).text)).toBe(newest);
      }
    }
  });

  it('let one of sixty create the same node, and refuse the others', async () => {
    for (let round = 0; round < 4; round++) {
      const macs = [`02:00:00:07:00:0${round}`];
      const posts = Array.from({ length: 60 }, (_, post) => write(post, 'POST', { macs, kernel: kernelOf(post) }));
      const statuses = (await Promise.all(posts)).map(({ status }) => status);
      const winner = statuses.indexOf(201);
      expect(statuses.toSorted()).toEqual([201, ...Array(59).fill(400)]);
      await isServed(winner % COUNT, [scriptOf(macs[0] ?? ''), boots(winner)]);
    }
  });

  it('lose none of sixty changes of one record, and put nobody off', async () => {
    const CHANGES = 60;
    const macs = ['02:00:00:08:00:01'];
    await insist(0, 'POST', { macs, kernel: kernelOf(0) });
    const patches = Array.from({ length: CHANGES }, (_, patch) =>
      write(patch, 'PATCH', { macs, 'cloud-init': { 'user-data': { [`key${patch}`]: patch } } }),
    );
    const statuses = (await Promise.all(patches)).map(({ status }) => status);
    expect(statuses).toEqual(Array(CHANGES).fill(200));
    const all = Object.fromEntries(patches.map((_, patch) => [`key${patch}`, patch]));
    const holdsAll = (answer: Answer): boolean => {
      expect(answer.json()).toMatchObject([{ 'cloud-init': { 'user-data': all } }]);
      return true;
    };
    await isServed(0, [recordOf(macs[0] ?? ''), holdsAll]);
  });

  it('leave whole what writers of overlapping nodes have written, and agree on it', async () => {
    const macs = Array.from({ length: 12 }, (_, node) => `02:00:00:09:00:${hex(node)}`);
    const statuses: number[] = [];
    const writers = [...replicas.keys(), ...replicas.keys()].map(async (replica, writer) => {
      for (let round = 0; round < 15; round++) {
        const some = macs.slice((writer + round) % 7, ((writer + round) % 7) + 5);
        const body = { macs: some, kernel: kernelOf(writer * 100 + round) };
        const method = ['PUT', 'POST', 'PATCH', 'PUT', 'DELETE'][(writer + round) % 5] ?? 'PUT';
        statuses.push((await write(replica, method, method === 'DELETE' ? { macs: some } : body)).status);
      }
    });
    await Promise.all(writers);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(30);
    await sleep(PROMISED);
    const [first, ...others] = await Promise.all(replicas.map((_, replica) => send(at(replica), 'GET', PARAMETERS)));
    for (const other of others) expect(other.json()).toEqual(first?.json());
    await expectNoOrphans();
  });

  it('go on when one of them is killed while it writes, and find nothing half done', async () => {
    const nodes = Array.from({ length: 10 }, (_, node) => `02:00:00:0a:00:${hex(node)}`);
    const mac = '02:00:00:0a:01:01';
    await insist(1, 'POST', { macs: nodes, kernel: kernelOf(0) });
    await insist(1, 'POST', { macs: [mac], kernel: kernelOf(0) });
    let version = 0;
    let acknowledged = 0;
    for (let round = 0; round < 4; round++) {
      const [victim] = replicas;
      if (victim === undefined) throw new Error('there is nobody to kill');
      const before = version;
      let sent = version;
      const killed = (async () => {
        for (;;) {
          sent = ++version;
          const answer = await send(victim.origin, 'PUT', PARAMETERS, { macs: nodes, kernel: kernelOf(sent) }).catch(
            () => {},
          );
          if (answer === undefined) return;
          expect(answer.status).toBe(200);
          acknowledged = sent;
        }
      })();
      const others = [1, 2].map(async (replica) => {
        for (let turn = 0; turn < 20; turn++) {
          const { status } = await write(replica, 'PATCH', { macs: [mac], params: `turn=${round}.${replica}.${turn}` });
          expect(status).toBe(200);
          expect((await send(at(replica), 'GET', scriptOf(nodes[0] ?? ''))).status).toBe(200);
        }
      });
      await until(
        async () => acknowledged,
        (newest) => newest > before,
      );
      await sleep(Math.random() * 100);
      victim.signal('SIGKILL');
      await Promise.all([killed, ...others, victim.exitCode()]);
      await sleep(PROMISED);
      const scripts = await inTurn(nodes, (node) => send(at(1), 'GET', scriptOf(node)));
      const versions = new Set(scripts.map(({ text }) => versionIn(text)));
      // All of the last request, whose answer was lost, or nothing of it; and nothing of an older one.
      expect([[acknowledged], [sent]]).toContainEqual([...versions]);
      await expectNoOrphans();
      const again = await spawnNode(road.settings);
      replicas[0] = again;
      await up(again);
      expect(versionIn((await send(again.origin, 'GET', scriptOf(nodes[0] ?? ''))).text)).toBe([...versions][0]);
    }
  });

  it('serve nothing that is older than a second when they go on after standing still', async () => {
    const mac = '02:00:00:0b:00:01';
    await insist(0, 'POST', { macs: [mac], kernel: kernelOf(0) });
    await sleep(PROMISED);
    for (const [round, seconds] of [1, 3, 6].entries()) {
      const frozen = replicas[round];
      if (frozen === undefined) throw new Error('there is nobody to stop');
      await isServed(
        round,
        [scriptOf(mac), ({ status }) => status === 200],
        [recordOf(mac), ({ status }) => status === 200],
      );
      frozen.signal('SIGSTOP');
      const versions = Array.from({ length: 5 }, (_, change) => round * 10 + change + 1);
      for (const version of versions) {
        await insist(round + 1, 'PUT', { macs: [mac], kernel: kernelOf(version) });
        await sleep((seconds * 1000) / versions.length);
      }
      frozen.signal('SIGCONT');
      const newest = versions.at(-1) ?? 0;
      await sleep(PROMISED);
      for (let ask = 0; ask < 30; ask++) {
        for (const path of [scriptOf(mac), recordOf(mac)]) {
          const { status, text } = await send(frozen.origin, 'GET', path);
          expect([status, versionIn(text)]).toEqual([200, newest]);
        }
      }
    }
  });

  async function expectNoOrphans(): Promise<void> {
    const { rows } = await admin.query(`
      select 'group' as what, id from boot.boot_groups g where name is null and not exists (select from boot.boot_group_assignments a where a.boot_group_id = g.id)
      union all select 'config', id from boot.boot_configs c where not exists (select from boot.boot_groups g where g.boot_config_id = c.id)
      union all select 'node', id from boot.nodes n where phone_home is null and not exists (select from boot.boot_group_assignments a where a.node_id = n.id)`);
    expect(rows).toEqual([]);
  }
}

function up({ origin }: NodeProcess): Promise<Answer> {
  return until(
    () => send(origin, 'GET', PARAMETERS),
    ({ status }) => status === 200,
  );
}

/** Asks for all, twenty at a time. */
async function inTurn<T>(all: readonly T[], ask: (one: T) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < all.length; from += 20) {
    answers.push(...(await Promise.all(all.slice(from, from + 20).map(ask))));
  }
  return answers;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
