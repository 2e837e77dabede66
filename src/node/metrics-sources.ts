import type { Server } from 'node:http';
import type { QueuedHistory } from '../adapters/history/queued-history.ts';
import { noInventoryLookUps } from '../adapters/look-ups.ts';
import type { Sources } from '../adapters/metrics/source-metrics.ts';
import type { OpenInventory } from './inventory.ts';
import { servedRequests } from './served-requests.ts';
import type { OpenStore } from './store.ts';

/** What the parts of a running service can tell of themselves when somebody asks. */
export function sourcesOf(
  server: Server,
  { store, lookUps, pools }: OpenStore,
  inventory: OpenInventory | undefined,
  history: QueuedHistory,
  version: string,
): Sources {
  const { connections, inFlight, responses } = servedRequests(server);
  return {
    readiness: { store: store.readiness, inventory: inventory?.inventory.readiness ?? store.readiness },
    nodes: inventory?.nodes,
    storeLookUps: lookUps,
    inventoryLookUps: () => inventory?.lookUps ?? noInventoryLookUps(),
    pools,
    historyWaiting: history.waiting,
    connections,
    requestsInFlight: inFlight,
    responses,
    version,
  };
}
