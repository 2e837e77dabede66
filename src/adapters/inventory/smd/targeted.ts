import type { AddressKey, Component, NodeKey } from '../../../core/component.ts';
import { parseInventoryMac } from '../../../core/identifiers/mac.ts';
import { parseXname, type Xname } from '../../../core/identifiers/xname.ts';
import type { Inventory, Sighting } from '../../../ports/inventory.ts';
import { isKnownBy } from '../indexed.ts';
import type { Memory } from '../memory.ts';
import type { SmdComponent, SmdInterface } from './answers.ts';
import { assemble } from './assemble.ts';
import type { SmdClient } from './client.ts';
import type { Roster } from './roster.ts';

/** Up to so many nodes are looked up one by one; for more, the whole of SMD is cheaper. */
const FEW = 3;

/** A node that may be the one that is looked for; `component` when SMD has told of it already. */
type Candidate = { readonly xname: Xname; readonly component?: SmdComponent };

/**
 * SMD asked for one node at a time: at most two steps, one after the other, of at most five requests together. What
 * the small look-ups cannot find (a MAC that only an endpoint tells of, a host name) is looked for in the roster.
 * What they find goes into the memory.
 */
export function targetedInventory(smd: SmdClient, roster: Roster, memory: Memory): Inventory {
  /** The first step; `undefined` when only the roster can tell. */
  async function candidatesFor(key: NodeKey | AddressKey): Promise<Candidate[] | undefined> {
    switch (key.kind) {
      case 'xname':
        return [{ xname: key.xname }];
      case 'nid': {
        // NID 0 stands for none, though SMD may find components by it.
        const components = key.nid === 0 ? [] : await smd.components({ nid: String(key.nid) });
        return components.flatMap((component) => {
          const xname = parseXname(component.ID);
          return xname === undefined ? [] : [{ xname, component }];
        });
      }
      case 'mac': {
        const interfaces = await smd.interfaces({ MACAddress: key.mac });
        const owners = ownersOf(interfaces.filter(({ MACAddress }) => parseInventoryMac(MACAddress ?? '') === key.mac));
        return owners.length === 0 ? undefined : owners;
      }
      case 'address':
        return ownersOf(await smd.interfaces({ IPAddress: key.address }));
      case 'hostname':
        return undefined;
    }
  }

  /** The second step: everything about a node. */
  async function gather({ xname, component }: Candidate): Promise<Component | undefined> {
    const at = performance.now();
    const [components, interfaces, endpoints, memberships] = await Promise.all([
      component === undefined ? smd.components({ id: xname }) : [component],
      smd.interfaces({ ComponentID: xname }),
      smd.endpoints({ id: xname }),
      smd.memberships({ id: xname }),
    ]);
    const found = assemble({ components, interfaces, endpoints, memberships }).find((made) => made.xname === xname);
    memory.note({ kind: 'xname', xname }, found, at);
    return found;
  }

  async function find(key: NodeKey | AddressKey): Promise<Component | undefined> {
    const at = performance.now();
    const candidates = await candidatesFor(key);
    if (candidates === undefined) return (await roster.index()).find(key);
    // Hardly ever more than one: an address may still stand at an interface whose node is gone.
    for (const candidate of candidates) {
      const component = await gather(candidate);
      // A component in state Empty has no MACs and addresses here: it is not found by one.
      if (component !== undefined && isKnownBy(component, key)) return component;
    }
    memory.note(key, undefined, at);
    return undefined;
  }

  return {
    find: async (key) => sighted(await find(key)),
    async findAll(keys) {
      if (keys.length <= FEW) return (await Promise.all(keys.map(find))).map(sighted);
      const index = await roster.index();
      return keys.map((key) => sighted(index.find(key)));
    },
    list: async () => (await roster.index()).all,
    async refresh() {
      await roster.reread();
    },
    check: smd.check,
  };
}

/** The nodes that interfaces belong to, each once. Those of BMCs, and those of nobody, belong to none. */
function ownersOf(interfaces: readonly SmdInterface[]): Candidate[] {
  const xnames = interfaces.flatMap(({ ComponentID }) => parseXname(ComponentID ?? '') ?? []);
  return [...new Set(xnames)].map((xname) => ({ xname }));
}

function sighted(component: Component | undefined): Sighting | undefined {
  return component && { component };
}
