import { dump } from 'js-yaml';
import { cachedInventory } from '../../src/adapters/inventory/cached.ts';
import { queuedEdgeCache } from '../../src/adapters/inventory/edge-cache.ts';
import { fixedInventory } from '../../src/adapters/inventory/fixed.ts';
import { parseInventoryFile } from '../../src/adapters/inventory/inventory-file.ts';
import { toComponent } from '../../src/adapters/inventory/smd/to-component.ts';
import { startSmd } from '../support/smd-simulator.ts';
import { describeInventory } from './contract.ts';
import { isolateOf, sharedCache } from './edge.ts';
import { inventoryFile } from './file.ts';
import { inventoryOf, noCopy, snapshotOf } from './smd.ts';

describeInventory('SMD', async (nodes) => {
  const smd = await startSmd({ nodes });
  return { inventory: inventoryOf(smd), close: smd.stop };
});

describeInventory('SMD in memory', async (nodes) => {
  const smd = await startSmd({ nodes });
  const open = snapshotOf(smd);
  open.start(noCopy);
  await open.inventory.refresh();
  return { inventory: open.inventory, close: () => Promise.all([open.stop(), smd.stop()]).then(() => {}) };
});

describeInventory('SMD before it is in memory', async (nodes) => {
  const smd = await startSmd({ nodes });
  const open = snapshotOf(smd);
  return { inventory: open.inventory, close: () => Promise.all([open.stop(), smd.stop()]).then(() => {}) };
});

describeInventory('A file', async (nodes) => {
  const components = parseInventoryFile(JSON.stringify(inventoryFile(nodes)));
  return { inventory: fixedInventory(components), close: async () => {} };
});

describeInventory('A YAML file', async (nodes) => {
  const components = parseInventoryFile(dump(inventoryFile(nodes)), 'state.yaml');
  return { inventory: fixedInventory(components), close: async () => {} };
});

describeInventory('A fixed set', async (nodes) => {
  const components = nodes.flatMap(({ xname: ID, endpoint, ...node }) => {
    const { nid: NID, state: State, role: Role, subRole: SubRole, enabled: Enabled } = node;
    const { macs = [], addresses = [], groups = [] } = node;
    const component = { ID, NID, Type: 'Node', State, Role, SubRole, Enabled, ...node.details };
    const { enabled: endpointEnabled, fqdn } = endpoint ?? {};
    return toComponent({ component, macs, addresses, groups, endpointEnabled, fqdn }) ?? [];
  });
  return { inventory: fixedInventory(components), close: async () => {} };
});

describeInventory('SMD as Workers ask it, over a cache', async (nodes) => {
  const smd = await startSmd({ nodes });
  // The suite asks for all of its nodes, each by many names, within a second.
  return { inventory: isolateOf(smd, sharedCache(), { timeout: 5000, strangers: 1000 }), close: smd.stop };
});

describeInventory('Any inventory over a cache', async (nodes) => {
  const smd = await startSmd({ nodes });
  const cache = queuedEdgeCache(sharedCache());
  const options = { maxAgeMs: 10_000, timeoutMs: 5000 };
  return { inventory: cachedInventory(inventoryOf(smd), cache, options), close: smd.stop };
});
