import { fsyncSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** What PostgreSQL is started with. PGlite would tell it never to wait for the disk (`-F`). */
const START = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  // The one way to have its log on the disk that goes through the `fsync` below.
  ...['-c', 'wal_sync_method=fsync'],
  // Of its log no more is kept for use again.
  ...['-c', 'max_wal_size=64MB'],
];

/** Emscripten's number for EIO. */
const EIO = 29;

/**
 * Opens PGlite over a folder; what is committed is on the disk before that is answered, unless it is not `waiting` for
 * that. An empty folder is made a database.
 * Fails with PostgreSQL's own last words when they are known.
 */
export async function openEmbedded(folder: string, waiting = true): Promise<PGlite> {
  const words: string[] = [];
  const client = new PGlite({
    fs: onDisk(folder),
    startParams: waiting ? START : PGlite.defaultStartParams,
    onStderr: (text) => words.push(text) > 0,
  });
  try {
    await client.waitReady;
    return client;
  } catch (error) {
    const last = words
      .findLast((line) => /\b(FATAL|PANIC|ERROR):/.test(line))
      ?.replace(/^.*?\b(FATAL|PANIC|ERROR):\s*/, '');
    throw new Error(last ?? (error instanceof Error ? error.message : 'it cannot be read'));
  }
}

/** Files in a folder, with the `fsync` that Emscripten's have not. */
function onDisk(folder: string): NodeFS {
  const files = new NodeFS(folder);
  const init = files.init.bind(files);
  const initSyncing: NodeFS['init'] = async (client, options) => {
    const { emscriptenOpts } = await init(client, options);
    const withFsync = ({ NODEFS }: { NODEFS: object }): void => {
      const operations: unknown = Reflect.get(NODEFS, 'stream_ops');
      if (typeof operations !== 'object' || operations === null) throw new Error('PGlite has other files than it had');
      Object.assign(operations, { fsync });
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), withFsync] } };
  };
  return Object.assign(files, { init: initSyncing });
}

function fsync({ nfd }: { readonly nfd: number }): number {
  try {
    fsyncSync(nfd);
    return 0;
  } catch {
    return EIO;
  }
}
