import { dump } from 'js-yaml';
import { fixedInventory } from '../../src/adapters/inventory/fixed.ts';
import { parseInventoryFile } from '../../src/adapters/inventory/inventory-file.ts';
import { toComponent } from '../../src/adapters/inventory/smd/to-component.ts';
import { startSmd } from '../support/smd-simulator.ts';
import { describeInventory } from './contract.ts';
import { inventoryFile } from './file.ts';
import { inventoryOf } from './smd.ts';

describeInventory('SMD', async (nodes) => {
  const smd = await startSmd({ nodes });
  return { inventory: inventoryOf(smd), close: smd.stop };
});

describeInventory('SMD without sharing, as on Workers', async (nodes) => {
  const smd = await startSmd({ nodes });
  return { inventory: inventoryOf(smd, { sharing: false }), close: smd.stop };
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
