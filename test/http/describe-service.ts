import { afterAll, beforeAll, beforeEach, describe, inject } from 'vitest';
import { type Answer, send } from '../support/http-client.ts';
import { checkAnswer } from '../support/openapi-check.ts';
import { freshDatabase } from '../support/postgres.ts';
import { type DatabaseProxy, startProxy } from '../support/proxy.ts';
import { type SmdNode, type SmdSimulator, startSmd } from '../support/smd-simulator.ts';
import { type Service, services } from './service.ts';

/** What a case works with. */
export type Client = {
  /** Every answer is held against the document of the API, too. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The number of rows of a table of the schema. */
  rows(table: string): Promise<number>;
  /** Has the database do something behind the service's back. */
  query(text: string): Promise<Record<string, unknown>[]>;
};

/** The same, with the SMD that the service asks. */
export type ClientWithSmd = Client & { readonly smd: () => SmdSimulator };

/** The same, with the way to the database. */
export type ClientWithDatabase = Client & { readonly database: () => DatabaseProxy };

export const PARAMETERS = '/boot/v1/bootparameters';
export const SCRIPT = '/boot/v1/bootscript';

const TABLES = ['nodes', 'boot_groups', 'boot_configs', 'boot_images', 'endpoint_access', 'own_inventory'];

/** Runs cases against both entries with the same settings; every case begins with an empty store. */
export function describeService(name: string, settings: Record<string, string>, cases: (client: Client) => void): void {
  for (const [runtime, start] of Object.entries(starts)) {
    describe(`${name} (${runtime})`, () => {
      cases(clientOf(() => start(settings)));
    });
  }
}

/** The same with an SMD beside each entry; it begins with `nodes`, or with what was recorded of a real one. */
export function describeWithSmd(
  name: string,
  options: { readonly settings?: Record<string, string>; readonly nodes?: readonly SmdNode[] },
  cases: (client: ClientWithSmd) => void,
): void {
  const startBeside = async () => {
    const smd = await startSmd(options.nodes === undefined ? {} : { nodes: options.nodes });
    return { smd, settings: { HSM_URL: smd.url, ...options.settings }, stop: smd.stop };
  };
  describeWith(name, startBeside, ({ beside, ...client }) => cases({ ...client, smd: () => beside().smd }));
}

/** The same beside servers that are started first, which say by which settings the service finds them. */
export function describeWith<Beside extends { readonly settings: Record<string, string>; stop(): Promise<void> }>(
  name: string,
  startBeside: () => Promise<Beside>,
  cases: (client: Client & { readonly beside: () => Beside }) => void,
): void {
  for (const [runtime, start] of Object.entries(starts)) {
    describe(`${name} (${runtime})`, () => {
      let beside: Beside;
      afterAll(() => beside.stop());
      const client = clientOf(async () => {
        beside = await startBeside();
        return start(beside.settings);
      });
      cases({ ...client, beside: () => beside });
    });
  }
}

/** The same over a PostgreSQL that a case can take away and bring back. */
export function describeWithDatabase(
  name: string,
  settings: Record<string, string>,
  cases: (client: ClientWithDatabase) => void,
): void {
  for (const [runtime, start] of Object.entries(services)) {
    describe(`${name} (${runtime})`, () => {
      let proxy: DatabaseProxy;
      afterAll(() => proxy.stop());
      const client = clientOf(async () => {
        const url = new URL(await freshDatabase(inject('postgresUrl')));
        proxy = await startProxy(Number(url.port));
        url.port = String(proxy.port);
        return start(settings, url.href);
      });
      cases({ ...client, database: () => proxy });
    });
  }
}

const starts: Record<string, (settings: Record<string, string>) => Promise<Service>> = {
  Node: (settings) => services.Node(settings),
  Workers: async (settings) => services.Workers(settings, await freshDatabase(inject('postgresUrl'))),
};

function clientOf(start: () => Promise<Service>): Client {
  let service: Service;
  beforeAll(async () => {
    service = await start();
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    // Has what is still on its way into the history written, before that is emptied.
    await send(service.origin, 'GET', '/boot/v1/endpoint-history');
    await service.query(`truncate ${TABLES.map((table) => `boot.${table}`).join(', ')} cascade`);
  });
  return {
    async send(method, path, body, headers) {
      const answer = await send(service.origin, method, path, body, headers);
      checkAnswer(method, path, answer);
      return answer;
    },
    rows: async (table) => Number((await service.query(`select count(*) as n from boot.${table}`))[0]?.n),
    query: (text) => service.query(text),
  };
}

/** Settings under which a case says by a header from which address it comes, on both entries. */
export const TRUSTING = { BSS_TRUSTED_PROXIES: '127.0.0.0/8, ::1, 10.99.0.1' };

/** The headers of a request that a trusted proxy passes on for `address`. */
export function from(address: string): Record<string, string> {
  return { 'X-Forwarded-For': address, 'CF-Connecting-IP': '10.99.0.1' };
}

/** What `cloud-init` is in an answer when nothing of it is set. */
export const NO_CLOUD_INIT = {
  'meta-data': null,
  'user-data': null,
  'phone-home': { pub_key_dsa: '', pub_key_rsa: '', pub_key_ecdsa: '', instance_id: '', hostname: '', fqdn: '' },
};

/** A problem answer with this status. */
export function problemWith(status: number, title: string, detail: unknown) {
  return { type: 'about:blank', title, status, detail };
}
