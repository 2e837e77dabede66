import { expect, it } from 'vitest';
import { smdClient } from '../../src/adapters/inventory/smd/client.ts';
import { readLists } from '../../src/adapters/inventory/smd/lists.ts';
import { noTokens } from '../../src/adapters/inventory/smd/tokens.ts';
import { silentLog } from '../support/silent-log.ts';
import type { SmdMode } from '../support/smd-simulator.ts';
import { smdForTest } from './smd.ts';

const PATHS = ['/State/Components', '/Inventory/EthernetInterfaces', '/Inventory/ComponentEndpoints', '/memberships'];

it.each(
  PATHS.flatMap((path) =>
    ([{ status: 503 }, 'refuse', 'garbage'] as SmdMode[]).map((mode): [string, SmdMode] => [path, mode]),
  ),
)('When the list %s fails by itself, no connection is kept for the others: %o', async (path, mode) => {
  const smd = await smdForTest();
  const client = smdClient({ url: smd.url, tokens: noTokens, timeoutMs: 5000, fetch, log: silentLog });
  // What comes before it is read to its end; the rest is under way when it fails.
  for (const other of PATHS.slice(PATHS.indexOf(path))) smd.modeOf.set(other, 'stall');
  smd.modeOf.set(path, mode);
  await expect(readLists(client, () => undefined)).rejects.toMatchObject({ code: 'unavailable' });
  await expect.poll(() => smd.flight.now, { timeout: 1000 }).toBe(0);
});
