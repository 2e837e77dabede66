import { ServiceError } from '../../core/errors.ts';
import type { ComponentId } from '../../core/own-inventory/component-id.ts';
import type { EntryKind } from '../../core/own-inventory/entry.ts';
import { requireEntry } from '../../core/own-inventory/entry-plan.ts';
import { planEndpointRemoval } from '../../core/own-inventory/redfish-endpoints.ts';
import { nodesBehind } from '../../core/own-inventory/systems.ts';
import type { OwnInventory } from '../../ports/own-inventory.ts';
import { changeEntries } from './change-entries.ts';

/** Removes one entry, and nothing that speaks of it: so does SMD. Throws `not_found`. */
export async function removeEntry(kind: EntryKind, id: string, own: OwnInventory): Promise<void> {
  await changeEntries(own, [{ kind, ids: [id] }], (known) => {
    requireEntry(known, kind, id);
    return { put: [], remove: [{ kind, id }] };
  });
}

/** Removes all entries of a kind; how many there were. Throws `not_found` when there was none. */
export async function removeAll(kind: EntryKind, own: OwnInventory): Promise<number> {
  const { remove } = await changeEntries(own, [{ kind }], ({ all }) => {
    if (all.length === 0) throw nothingToDelete();
    return { put: [], remove: all.map(({ id }) => ({ kind, id })) };
  });
  return remove.length;
}

/** Removes a Redfish endpoint with its component endpoints; its nodes are `Empty` from then on. Throws `not_found`. */
export async function removeEndpoint(id: ComponentId, own: OwnInventory): Promise<void> {
  const behind = nodesBehind(id);
  await changeEntries(
    own,
    [
      { kind: 'redfish endpoint', ids: [id] },
      { kind: 'component endpoint', ids: behind },
      { kind: 'component', ids: behind },
    ],
    (known) => planEndpointRemoval([id], known),
  );
}

/** Removes all Redfish endpoints in the same way; how many there were. Throws `not_found` when there was none. */
export async function removeAllEndpoints(own: OwnInventory): Promise<number> {
  let count = 0;
  await changeEntries(
    own,
    [{ kind: 'redfish endpoint' }, { kind: 'component endpoint' }, { kind: 'component' }],
    (known) => {
      const ids = known.all.flatMap(({ kind, id }) => (kind === 'redfish endpoint' ? id : []));
      if (ids.length === 0) throw nothingToDelete();
      count = ids.length;
      return planEndpointRemoval(ids, known);
    },
  );
  return count;
}

function nothingToDelete(): ServiceError {
  return new ServiceError('not_found', 'there is nothing to delete');
}
