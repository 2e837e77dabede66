import { type AddressKey, identifiersOf, type NodeKey } from '../../../core/component.ts';
import type { ComponentIndex } from '../../../core/component-index.ts';
import { isUnavailable } from '../../../core/errors.ts';
import { namesOf } from '../../../core/resolution.ts';
import type { Found, Store, Wanted } from '../../../ports/store.ts';
import type { StoreLookUps } from '../../look-ups.ts';
import type { Mirror } from './mirror.ts';
import type { OwnNodes } from './own-nodes.ts';
import type { Records } from './records.ts';

type Looked = Parameters<Store['look']>[0];

/**
 * A store whose looks are answered from memory while that is true, and by the store itself while it is not. When the store
 * is away, what was known last counts, with its age. `lookUps` says how often each was so.
 */
export function mirroredStore(store: Store, mirror: Mirror, own: OwnNodes, lookUps: StoreLookUps): Store {
  function recall(wanted: Looked, nodes: ComponentIndex | undefined): Found | undefined {
    const records = mirror.records();
    if (records === undefined || (wanted.own !== undefined && nodes === undefined)) return undefined;
    return find(wanted, records, nodes);
  }

  /** Who had nothing when that was last known may have something by now: nobody can tell. */
  function recallLast(wanted: Looked): Found | undefined {
    const found = recall(wanted, own.last());
    if (found === undefined || (found.nodes.length === 0 && found.groups.length === 0)) return undefined;
    return { ...found, age: mirror.age() };
  }

  async function ask(wanted: Looked): Promise<Found> {
    lookUps.store += 1;
    try {
      return await store.look(wanted);
    } catch (error) {
      const last = isUnavailable(error) ? recallLast(wanted) : undefined;
      if (last === undefined) throw error;
      lookUps.last_known += 1;
      return last;
    }
  }

  return {
    ...store,
    edition() {
      const isKnown = mirror.state() === 'true' && mirror.records() !== undefined && own.current() !== undefined;
      return isKnown ? mirror.edition() + own.version() : undefined;
    },
    *macs() {
      yield* mirror.records()?.macs() ?? [];
      for (const { macs } of own.last()?.all ?? []) yield* macs;
    },
    recall({ takenFor, own: byHand, images, matching, ...wanted }) {
      if (takenFor !== undefined || byHand !== undefined || images !== undefined || matching !== undefined)
        return undefined;
      const asOf = mirror.state() === 'true' ? mirror.storeTime() : undefined;
      const known = asOf === undefined ? undefined : recall(wanted, undefined);
      return known && { ...known, asOf };
    },
    apply: (change) => mirror.write(() => store.apply(change)),
    look(wanted) {
      const state = mirror.state();
      const known = state === 'true' ? recall(wanted, wanted.own && own.current()) : undefined;
      if (known !== undefined) {
        lookUps.memory += 1;
        return known;
      }
      const last = state === 'cut off' ? recallLast(wanted) : undefined;
      if (last === undefined) return ask(wanted);
      lookUps.last_known += 1;
      return last;
    },
    async readiness() {
      const isKnown = mirror.records() !== undefined && (own.last() ?? own.current()) !== undefined;
      if (!isKnown) return store.readiness();
      return { isReady: true, age: mirror.state() === 'true' ? 0 : mirror.age() };
    },
  };
}

function find({ nodes, names = [], own = [] }: Wanted, records: Records, index: ComponentIndex | undefined): Found {
  if (own.length === 0) return records.find(nodes === undefined ? [] : [nodes], names);
  const components = componentsOf(own, index);
  const by = components.map(identifiersOf);
  const found = records.find(nodes === undefined ? by : [nodes, ...by], [...names, ...components.flatMap(namesOf)]);
  return { ...found, components };
}

function componentsOf(keys: readonly (NodeKey | AddressKey)[], index: ComponentIndex | undefined) {
  return index === undefined ? [] : [...new Set(keys.flatMap((key) => index.find(key) ?? []))];
}
