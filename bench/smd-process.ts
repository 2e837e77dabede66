import * as v from 'valibot';
import { freePort } from '../test/support/postgres.ts';
import { type Server, startServer } from './server.ts';

const moment = v.optional(v.number());

const counts = v.object({
  /** All requests. */
  requests: v.number(),
  /** Those for a whole list. */
  whole: v.number(),
  /** The most that waited for their answer at once. */
  most: v.number(),
  /** When those for whole lists came and were answered, in milliseconds since 1970. */
  wholes: v.array(v.object({ start: v.number(), end: moment })),
});

/** What SMD saw since it last forgot. */
export type SmdCounts = v.InferOutput<typeof counts>;

/** What can be asked of the simulator. */
export type SmdOrder = {
  readonly mode?: 'healthy' | 'refuse' | { readonly slow: number };
  /** Whose State changes: every node's, every hundredth's, or nobody's. */
  readonly touch?: 'all' | 'some' | 'none';
  /** Begins to count anew. */
  readonly forget?: boolean;
};

/** The SMD of the benchmarks, in a process of its own so that it takes nothing from who measures. */
export type SmdProcess = {
  readonly server: Server;
  order(order: SmdOrder): Promise<void>;
  counts(): Promise<SmdCounts>;
};

/** Starts it with the first of `manyNodes`; what it says goes to the end of the file `log`. */
export async function startSmdProcess(nodes: number, log: string): Promise<SmdProcess> {
  const port = await freePort();
  const server = startServer([process.execPath, 'bench/smd.ts', String(port), String(nodes)], port, {}, log);
  await server.until('/simulator');
  const url = `${server.url}/simulator`;
  return {
    server,
    async order(order) {
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify(order) });
      if (!answer.ok) throw new Error(`SMD does not obey: ${answer.status} ${await answer.text()}`);
    },
    counts: async () => v.parse(counts, await (await fetch(url)).json()),
  };
}
