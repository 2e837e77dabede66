import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SmdListName } from '../../adapters/inventory/smd/assemble.ts';
import type { ListReader } from '../../adapters/inventory/smd/smd-source.ts';
import {
  DoubtfulAnswer,
  type Known,
  type KnownNames,
  type NodeChange,
} from '../../adapters/inventory/snapshot/change-teller.ts';
import type { FromThread, ToThread } from './messages.ts';

/** Makes sense of whole inventories in a thread of its own, one reading at a time. */
export type ThreadedReading = {
  readonly lists: ListReader;
  /** What a file says now that it did not say before. */
  file(path: string, known: KnownNames): AsyncIterable<readonly NodeChange[]>;
  stop(): Promise<void>;
};

/** Megabytes. What is read is held for a moment only: of a heap that may become large V8 leaves a lot uncollected. */
const LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 384 };

/** Starts the thread when it is needed, and anew when it has ended: then the next reading tells of all nodes. */
export function threadedReading(): ThreadedReading {
  let thread: Worker | undefined;
  /** Whether the thread has told of all nodes: then it knows what has changed since. */
  let hasTold = false;
  /** The lists that the thread has. */
  const held = new Set<SmdListName>();

  function running(): Worker {
    if (thread !== undefined) return thread;
    // The sources are TypeScript, what is published is JavaScript.
    const file = `./thread${extname(import.meta.url)}`;
    const started = new Worker(new URL(file, import.meta.url), { resourceLimits: LIMITS });
    started.unref();
    started.on('error', () => {});
    started.on('exit', () => {
      if (thread === started) thread = undefined;
    });
    thread = started;
    hasTold = false;
    held.clear();
    return started;
  }

  async function ask(message: ToThread): Promise<FromThread> {
    const answer = await exchange(running(), message);
    if (answer.kind === 'doubt') throw new DoubtfulAnswer(answer.reason);
    if (answer.kind === 'failure') throw new Error(answer.reason);
    return answer;
  }

  /** A thread that remembers nothing also has to tell who is gone. */
  function forThread({ counts, again, xnames }: KnownNames): Known {
    running();
    return { counts, again: hasTold ? again : xnames() };
  }

  async function* partsFrom(first: ToThread): AsyncGenerator<readonly NodeChange[]> {
    let answer = await ask(first);
    while (answer.kind === 'part') {
      yield answer.changes;
      answer = await ask({ kind: 'next' });
    }
    hasTold = true;
  }

  return {
    lists: {
      async read(name, request) {
        held.delete(name);
        const answer = await ask({ kind: 'list', name, request });
        if (answer.kind !== 'list') throw new Error(`the thread that reads the inventory answers ${answer.kind}`);
        if (answer.isThere) held.add(name);
        return answer.status;
      },
      has: (name) => held.has(name),
      changes: (known) => partsFrom({ kind: 'tell', known: forThread(known) }),
    },
    file: (path, known) => partsFrom({ kind: 'file', path, known: forThread(known) }),
    async stop() {
      await thread?.terminate();
    },
  };
}

/** One message there, and one back. */
function exchange(thread: Worker, message: ToThread): Promise<FromThread> {
  return new Promise((resolve, reject) => {
    const answered = (answer: FromThread): void => {
      forget();
      resolve(answer);
    };
    const failed = (error: unknown): void => {
      forget();
      reject(error);
    };
    const ended = (): void => failed(new Error('the thread that reads the inventory has ended'));
    const forget = (): void => {
      thread.off('message', answered);
      thread.off('error', failed);
      thread.off('exit', ended);
    };
    thread.on('message', answered);
    thread.on('error', failed);
    thread.on('exit', ended);
    thread.postMessage(message);
  });
}
