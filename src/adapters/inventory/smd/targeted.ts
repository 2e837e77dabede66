import type { AddressKey, Component, NodeKey } from '../../../core/component.ts';
import { isKnownBy } from '../../../core/component-index.ts';
import { parseInventoryMac } from '../../../core/identifiers/mac.ts';
import { parseXname, type Xname } from '../../../core/identifiers/xname.ts';
import type { SmdComponent, SmdInterface } from './answers.ts';
import { assemble } from './assemble.ts';
import type { SmdClient } from './client.ts';
import { withUntold } from './untold.ts';

/** So many nodes are named in one request: its target has no room for many more. */
const AT_ONCE = 50;

/** A node that may be the one that is looked for; `component` when SMD has told of it already. */
type Candidate = { readonly xname: Xname; readonly component?: SmdComponent };

/** What looking for single nodes needs to know of the others, and where it puts what it finds. */
export type Surroundings = {
  /** Looks in all of SMD, for what small look-ups cannot find: a MAC that only an endpoint tells of, a host name. */
  findAmongAll(key: NodeKey | AddressKey): Promise<Component | undefined>;
  /** What is known of a node, however old. */
  recall(key: NodeKey | AddressKey): Component | undefined;
  /** Takes in what a look-up that was begun at a time (of the performance clock) said: who has this name, or nobody. */
  note(key: NodeKey | AddressKey, component: Component | undefined, at: number): void;
};

/** SMD asked for one node at a time. */
export type TargetedLookUp = {
  /** Who has a name: at most two steps, one after the other, of at most five requests together. */
  find(key: NodeKey | AddressKey): Promise<Component | undefined>;
  /** Takes in what there is of nodes, and answers those that there is nothing of: four requests at once for up to fifty. */
  gather(xnames: readonly Xname[]): Promise<readonly Xname[]>;
};

export function targetedLookUp(smd: SmdClient, { findAmongAll, recall, note }: Surroundings): TargetedLookUp {
  /** The first step; `undefined` when only a look at all of SMD can tell. */
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

  /** The second step: everything about nodes. */
  async function gather(xnames: readonly Xname[], told?: SmdComponent): Promise<(Component | undefined)[]> {
    const at = performance.now();
    const [components, interfaces, endpoints, memberships] = await Promise.all([
      told === undefined ? smd.components({ id: xnames }) : [told],
      smd.interfaces({ ComponentID: xnames }),
      smd.endpoints({ id: xnames }),
      smd.memberships({ id: xnames }),
    ]);
    const untold = { endpoints: endpoints === undefined, memberships: memberships === undefined };
    const made = assemble({ components, interfaces, endpoints, memberships });
    const byXname = new Map(made.map((component) => [component.xname, component]));
    return xnames.map((xname) => {
      const found = byXname.get(xname);
      const component = found && withUntold(found, recall({ kind: 'xname', xname }), untold);
      note({ kind: 'xname', xname }, component, at);
      return component;
    });
  }

  return {
    async find(key) {
      const at = performance.now();
      const candidates = await candidatesFor(key);
      if (candidates === undefined) return findAmongAll(key);
      // Hardly ever more than one: an address may still stand at an interface whose node is gone.
      for (const candidate of candidates) {
        const [component] = await gather([candidate.xname], candidate.component);
        // A component in state Empty has no MACs and addresses here: it is not found by one.
        if (component !== undefined && isKnownBy(component, key)) return component;
      }
      note(key, undefined, at);
      return undefined;
    },
    async gather(xnames) {
      const distinct = [...new Set(xnames)];
      const missing: Xname[] = [];
      for (let at = 0; at < distinct.length; at += AT_ONCE) {
        const some = distinct.slice(at, at + AT_ONCE);
        const found = await gather(some);
        missing.push(...some.filter((_, index) => found[index] === undefined));
      }
      return missing;
    },
  };
}

/** The nodes that interfaces belong to, each once. Those of BMCs, and those of nobody, belong to none. */
function ownersOf(interfaces: readonly SmdInterface[]): Candidate[] {
  const xnames = interfaces.flatMap(({ ComponentID }) => parseXname(ComponentID ?? '') ?? []);
  return [...new Set(xnames)].map((xname) => ({ xname }));
}
