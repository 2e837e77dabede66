import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, readFileSync } from 'node:fs';
import { chown, mkdtemp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './postgres.ts';

/** A PgBouncer of our own before a PostgreSQL, on a port of 127.0.0.1, set as docs/database.md says. */
export interface PgBouncer {
  /** The URL of one of the server's databases that goes through it. */
  urlOf(databaseUrl: string): string;
  /** SIGKILL: all connections through it break off. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The user it runs as when we are root, as which it refuses to run: `nobody`. */
const NOBODY = 65_534;

/** Ends it and removes its folder when we are gone, however we ended: when standard input closes. An empty line: it has ended. */
const CARETAKER = `
while read -r line; do pid=$line; done
[ -z "$pid" ] || kill -9 "$pid"
rm -rf "$0"`;

/** The program, where Debian and Ubuntu put it or on the path; `undefined` where it is missing. */
export function findPgBouncer(): string | undefined {
  const { PATH = '' } = process.env;
  return ['/usr/sbin', ...PATH.split(delimiter)].map((folder) => join(folder, 'pgbouncer')).find(isProgram);
}

/** Starts a PgBouncer in transaction mode. Its few connections to the server are shared by all, so that nothing kept in one lasts. */
export async function startPgBouncer(program: string, postgresUrl: string): Promise<PgBouncer> {
  const { hostname, port: serverPort, username, password } = new URL(postgresUrl);
  const folder = await mkdtemp(join(tmpdir(), 'bss-pgbouncer-'));
  const caretaker = spawn('/bin/sh', ['-c', CARETAKER, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  caretaker.unref();
  const port = await freePort();
  const settings = `[databases]
* = host=${hostname} port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users.txt')}
max_client_conn = 300
default_pool_size = 6
${documentedSettings()}`;
  await writeFile(join(folder, 'pgbouncer.ini'), settings);
  await writeFile(join(folder, 'users.txt'), `"${username}" "${password}"\n`);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    for (const name of ['', 'pgbouncer.ini', 'users.txt']) await chown(join(folder, name), NOBODY, NOBODY);
  }
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    let log = '';
    child = spawn(program, [join(folder, 'pgbouncer.ini')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(isRoot && { uid: NOBODY, gid: NOBODY }),
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000);
    });
    caretaker.stdin.write(`${child.pid}\n`);
    for (const deadline = Date.now() + 10_000; !(await answers(port)); await sleep(20)) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`PgBouncer did not start:\n${log}`);
    }
  }

  async function kill(): Promise<void> {
    if (child === undefined) return;
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGKILL');
    await ended;
    caretaker.stdin.write('\n');
    child = undefined;
  }

  async function stop(): Promise<void> {
    await kill();
    caretaker.ref();
    caretaker.stdin.end();
    await once(caretaker, 'exit');
  }

  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { urlOf: (databaseUrl) => Object.assign(new URL(databaseUrl), { port }).href, kill, start, stop };
}

/** What docs/database.md has an administrator write into pgbouncer.ini. */
function documentedSettings(): string {
  const page = readFileSync(new URL('../../docs/database.md', import.meta.url), 'utf8');
  const block = /```ini\n([\s\S]*?)```/.exec(page)?.[1];
  if (block === undefined) throw new Error('docs/database.md has no settings of PgBouncer');
  return block;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether somebody listens on a port of 127.0.0.1. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
