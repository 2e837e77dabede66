// A pooler in transaction mode between the replicas and their database: no session of the database is theirs.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, it, onTestFinished, test } from 'vitest';
import { send } from '../support/http-client.ts';
import { type NodeProcess, spawnNode, until } from '../support/node-process.ts';
import { findPgBouncer, type PgBouncer, startPgBouncer } from '../support/pgbouncer.ts';
import { freshDatabase, type Postgres, startPostgres } from '../support/postgres.ts';
import { replicaCases } from './replica-cases.ts';
import { kernelOf, recordOf, type Seen, scriptOf, watch } from './replica-watch.ts';
import { runMigrate, UP_TO_DATE } from './run-migrate.ts';

const MISSING = 'tests of replicas behind a pooler need pgbouncer (apt package pgbouncer): run test/e2e/install.sh';
const PARAMETERS = '/boot/v1/bootparameters';
const MAC = '02:00:00:0c:00:01';

const program = findPgBouncer();
if (program === undefined) {
  const { CI } = process.env;
  if (CI) throw new Error(MISSING);
  console.warn(`SKIPPED: ${MISSING}`);
  test.skip('replicas behind PgBouncer');
} else {
  describe('three replicas behind PgBouncer in transaction mode', { timeout: 90_000 }, () => {
    replicaCases(async () => {
      const direct = await freshDatabase(inject('postgresUrl'));
      const pooler = await startPgBouncer(program, direct);
      return { settings: { DATABASE_URL: pooler.urlOf(direct) }, direct, stop: pooler.stop };
    });
  });
  describe('replicas behind a PgBouncer that fails', { timeout: 90_000 }, () => outageCases(program));
}

function outageCases(program: string): void {
  it('may leave migrations to a command, through the pooler or past it, and only look', async () => {
    const direct = await freshDatabase(inject('postgresUrl'));
    const pooler = await startPgBouncer(program, direct);
    onTestFinished(pooler.stop);
    const url = pooler.urlOf(direct);
    expect(await Promise.all([url, direct, url, direct].map((at) => runMigrate({ DATABASE_URL: at })))).toEqual(
      Array(4).fill(UP_TO_DATE),
    );
    await known(await serving(url, { BSS_MIGRATE: 'check' }));
  });

  it('serve scripts within a second of a pooler that was killed and is back', async () => {
    const direct = await freshDatabase(inject('postgresUrl'));
    const pooler = await startPgBouncer(program, direct);
    onTestFinished(pooler.stop);
    const replicas = await Promise.all([serving(pooler.urlOf(direct)), serving(pooler.urlOf(direct))]);
    await known(...replicas);
    for (const away of [0, 500, 3000]) {
      const watched = watch(replicas, MAC);
      await sleep(300);
      await pooler.kill();
      await sleep(away);
      if (away > 0) await expectRefusal(replicas[1]);
      await pooler.start();
      await expectRecovery(watched.stop, replicas);
    }
  });

  it('serve scripts within seconds of a database that crashed behind the pooler and is back', async () => {
    const postgres: Postgres = await startPostgres();
    onTestFinished(postgres.stop);
    const direct = await postgres.createDatabase();
    const pooler: PgBouncer = await startPgBouncer(program, direct);
    onTestFinished(pooler.stop);
    const replicas = await Promise.all([serving(pooler.urlOf(direct)), serving(pooler.urlOf(direct))]);
    await known(...replicas);
    const watched = watch(replicas, MAC);
    await postgres.crash();
    await expectRefusal(replicas[0]);
    await sleep(3000);
    await postgres.restart();
    // The pooler tries again once a second.
    await sleep(1000);
    await expectRecovery(watched.stop, replicas);
  });
}

async function serving(url: string, settings: Record<string, string> = {}): Promise<NodeProcess> {
  const service = await spawnNode({ DATABASE_URL: url, ...settings });
  onTestFinished(() => service.signal('SIGKILL'));
  await until(
    () => send(service.origin, 'GET', PARAMETERS),
    ({ status }) => status === 200,
  );
  return service;
}

/** Gives the node a record, and waits until it boots everywhere: others may take a second to see it. */
async function known({ origin }: NodeProcess, ...others: readonly NodeProcess[]): Promise<void> {
  expect((await send(origin, 'POST', PARAMETERS, { macs: [MAC], kernel: kernelOf(1) })).status).toBe(201);
  expect((await send(origin, 'GET', scriptOf(MAC))).text).toContain(kernelOf(1));
  for (const other of others) {
    await until(
      () => send(other.origin, 'GET', scriptOf(MAC)),
      ({ text }) => text.includes(kernelOf(1)),
    );
  }
}

/** A write meanwhile is refused, and changes nothing. */
async function expectRefusal({ origin }: NodeProcess): Promise<void> {
  const { status, headers } = await send(origin, 'PUT', PARAMETERS, { macs: [MAC], kernel: kernelOf(2) });
  expect([status, Number(headers['retry-after']) > 0]).toEqual([503, true]);
}

/** From a second after now on, every answer is as it was before; never was one of another kind than an outage's. */
async function expectRecovery(stop: () => Promise<Seen[]>, replicas: readonly NodeProcess[]): Promise<void> {
  const back = performance.now();
  await sleep(2000);
  const seen = await stop();
  expect(seen.filter(({ status, version }) => status !== 503 && (status !== 200 || version !== 1))).toEqual([]);
  const later = seen.filter(({ at }) => at > back + 1000);
  expect(later.length).toBeGreaterThan(20);
  expect(later.filter(({ status, age }) => status !== 200 || age > 0)).toEqual([]);
  for (const { origin } of replicas) {
    expect((await send(origin, 'PATCH', PARAMETERS, { macs: [MAC], params: 'quiet' })).status).toBe(200);
    expect((await send(origin, 'GET', recordOf(MAC))).text).toContain(kernelOf(1));
  }
}
