import { Counter, Gauge, type Registry } from 'prom-client';
import type { Readiness } from '../../ports/readiness.ts';

/** What is asked at each scrape, and costs nothing in between. */
export type Sources = {
  /** Each part by its name. */
  readonly readiness: Readonly<Record<'store' | 'inventory', () => Promise<Readiness>>>;
  /** How many nodes the inventory knows; `undefined` where that is the store's. */
  readonly nodes: (() => number) | undefined;
  readonly storeLookUps: () => Readonly<Record<string, number>>;
  readonly inventoryLookUps: () => Readonly<Record<string, number>>;
  /** Connections to the database, by what they are for. */
  readonly pools: Readonly<Record<string, Pool>>;
  /** How many accesses wait to be written. */
  readonly historyWaiting: () => number;
  readonly connections: () => Promise<number>;
  readonly requestsInFlight: () => number;
  /** Answers so far, by the kind of request and their status. */
  readonly responses: () => Iterable<readonly [kind: string, status: string, count: number]>;
  readonly version: string;
};

type Pool = { readonly totalCount: number; readonly idleCount: number; readonly waitingCount: number };

/** Has all that be read at each scrape. */
export function sourceMetrics(registry: Registry, sources: Sources): void {
  const registers = [registry];
  const parts = Object.entries(sources.readiness);
  new Gauge({
    name: 'bss_ready',
    help: 'Whether a part can serve: 1 or 0.',
    labelNames: ['part'],
    registers,
    async collect() {
      for (const [part, readiness] of parts) this.set({ part }, Number((await readiness()).isReady));
    },
  });
  new Gauge({
    name: 'bss_age_seconds',
    help: 'How old what a part serves from is; nothing while it cannot serve.',
    labelNames: ['part'],
    registers,
    async collect() {
      this.reset();
      for (const [part, readiness] of parts) {
        const now = await readiness();
        if (now.isReady) this.set({ part }, now.age);
      }
    },
  });
  const { nodes, pools } = sources;
  if (nodes !== undefined) {
    new Gauge({
      name: 'bss_inventory_nodes',
      help: 'Nodes that the inventory knows.',
      registers,
      collect() {
        this.set(nodes());
      },
    });
  }
  counts('bss_store_lookups_total', 'Looks at the store for nodes, by where the answer came from.', 'way', () =>
    Object.entries(sources.storeLookUps()),
  );
  counts('bss_inventory_lookups_total', 'Looks for nodes, by how they were found or not.', 'way', () =>
    Object.entries(sources.inventoryLookUps()),
  );
  new Gauge({
    name: 'bss_database_connections',
    help: 'Connections to the database, by what they are for and whether they are in use.',
    labelNames: ['pool', 'state'],
    registers,
    collect() {
      for (const [pool, { totalCount, idleCount }] of Object.entries(pools)) {
        this.set({ pool, state: 'idle' }, idleCount);
        this.set({ pool, state: 'in_use' }, totalCount - idleCount);
      }
    },
  });
  new Gauge({
    name: 'bss_database_connection_waiters',
    help: 'Queries that wait for a connection.',
    labelNames: ['pool'],
    registers,
    collect() {
      for (const [pool, { waitingCount }] of Object.entries(pools)) this.set({ pool }, waitingCount);
    },
  });
  new Gauge({
    name: 'bss_history_waiting',
    help: 'Accesses that have not been written to the database yet.',
    registers,
    collect() {
      this.set(sources.historyWaiting());
    },
  });
  new Gauge({
    name: 'bss_connections',
    help: 'Connections of clients, in use or not; each takes one of process_max_fds.',
    registers,
    async collect() {
      this.set(await sources.connections());
    },
  });
  new Gauge({
    name: 'bss_requests_in_flight',
    help: 'Requests that have come in and are not answered yet.',
    registers,
    collect() {
      this.set(sources.requestsInFlight());
    },
  });
  new Counter({
    name: 'bss_http_responses_total',
    help: 'Requests that are over, by kind, and by status: 503 by itself, or aborted by the client.',
    labelNames: ['kind', 'status'],
    registers,
    collect() {
      this.reset();
      for (const [kind, status, count] of sources.responses()) this.inc({ kind, status }, count);
    },
  });
  new Gauge({
    name: 'bss_build_info',
    help: 'Which version runs: always 1.',
    labelNames: ['version'],
    registers,
  }).set({ version: sources.version }, 1);

  function counts(name: string, help: string, label: string, read: () => Iterable<readonly [string, number]>): void {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset();
        for (const [value, count] of read()) this.inc({ [label]: value }, count);
      },
    });
  }
}
