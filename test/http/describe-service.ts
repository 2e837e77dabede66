import { afterAll, beforeAll, beforeEach, describe, inject } from 'vitest';
import { type Answer, send } from '../support/http-client.ts';
import { type Service, services } from './service.ts';

/** What a case works with. */
export type Client = {
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The number of rows of a table of the schema. */
  rows(table: string): Promise<number>;
};

export const PARAMETERS = '/boot/v1/bootparameters';
export const SCRIPT = '/boot/v1/bootscript';

/** Runs cases against both entries with the same settings; every case begins with an empty store. */
export function describeService(name: string, settings: Record<string, string>, cases: (client: Client) => void): void {
  for (const [runtime, start] of Object.entries(services)) {
    describe(`${name} (${runtime})`, () => {
      let service: Service;
      beforeAll(async () => {
        service = await start(settings, inject('postgresUrl'));
      });
      afterAll(() => service.stop());
      beforeEach(() =>
        service.query('truncate boot.nodes, boot.boot_groups, boot.boot_configs, boot.boot_images cascade'),
      );
      cases({
        send: (method, path, body, headers) => send(service.origin, method, path, body, headers),
        rows: async (table) => Number((await service.query(`select count(*) as n from boot.${table}`))[0]?.n),
      });
    });
  }
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
