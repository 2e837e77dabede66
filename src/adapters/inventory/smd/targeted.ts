import type { Component, NodeKey } from '../../../core/component.ts';
import { isUnavailable } from '../../../core/errors.ts';
import { parseInventoryMac } from '../../../core/identifiers/mac.ts';
import { parseXname, type Xname } from '../../../core/identifiers/xname.ts';
import type { Inventory } from '../../../ports/inventory.ts';
import type { SmdComponent } from './answers.ts';
import type { SmdClient } from './client.ts';
import { assemble, type Roster } from './roster.ts';

/** Up to so many nodes are looked up one by one; for more, the whole of SMD is cheaper. */
const FEW = 3;

/**
 * SMD asked for one node at a time: at most two steps, one after the other, of at most five requests together. What
 * the small look-ups cannot find (a MAC that only an endpoint tells of, a host name) is looked for in the roster.
 */
export function targetedInventory(smd: SmdClient, roster: Roster): Inventory {
  async function fromRoster(key: NodeKey): Promise<Component | undefined> {
    return (await roster.index()).find(key);
  }

  /** One step: everything about a node whose xname is known; `component` when that is known too. */
  async function gather(xname: Xname, component?: SmdComponent): Promise<Component | undefined> {
    const [components, interfaces, endpoints, memberships] = await Promise.all([
      component === undefined ? smd.components({ id: xname }) : [component],
      smd.interfaces({ ComponentID: xname }),
      smd.endpoints({ id: xname }),
      smd.memberships({ id: xname }),
    ]);
    return assemble({ components, interfaces, endpoints, memberships }).find((made) => made.xname === xname);
  }

  async function find(key: NodeKey): Promise<Component | undefined> {
    switch (key.kind) {
      case 'xname':
        return gather(key.xname);
      case 'nid': {
        const [component] = await smd.components({ nid: String(key.nid) });
        const xname = parseXname(component?.ID ?? '');
        const known = xname === undefined ? undefined : await gather(xname, component);
        // A NID of 0 stands for none, though SMD may find components by it.
        return known?.nid === key.nid ? known : undefined;
      }
      case 'mac': {
        const interfaces = await smd.interfaces({ MACAddress: key.mac });
        const owner = interfaces.find(({ MACAddress }) => parseInventoryMac(MACAddress ?? '') === key.mac);
        const xname = parseXname(owner?.ComponentID ?? '');
        if (xname === undefined) return fromRoster(key);
        const component = await gather(xname);
        // A component in state Empty has no MACs here: it is not found by one.
        return component?.macs.includes(key.mac) ? component : undefined;
      }
      case 'hostname':
        return fromRoster(key);
    }
  }

  return {
    async find(key) {
      try {
        return await find(key);
      } catch (error) {
        const known = isUnavailable(error) ? roster.remembered()?.find(key) : undefined;
        if (known === undefined) throw error;
        return known;
      }
    },
    async findAll(keys) {
      if (keys.length <= FEW) return Promise.all(keys.map(find));
      const index = await roster.index();
      return keys.map((key) => index.find(key));
    },
  };
}
