import type { JsonObject } from '../json.ts';
import { type ComponentId, typeOf } from './component-id.ts';
import type { Entry } from './entry.ts';
import { type EntryPlan, type KnownEntries, requireEntry } from './entry-plan.ts';
import { entryOf } from './keys.ts';
import { saidOf } from './members.ts';

/** A component as a request has it: its members are good, but which of them there are is open. */
export type GivenComponent = { readonly ID: ComponentId; readonly said: JsonObject };

/** What SMD changes of a component that is posted again with `Force`. */
const FORCED = ['State', 'Flag', 'Subtype', 'NetType', 'Arch', 'Class'];
/** What it changes of one that is put again without. */
const UNFORCED = ['NID', 'Role', 'SubRole'];

/** POST: adds components. Those that there are stay as they are, but for some members with `force`. */
export function planComponents(given: readonly GivenComponent[], force: boolean, known: KnownEntries): EntryPlan {
  return plan(given, known, force ? FORCED : []);
}

/** PUT: adds a component, or changes it: all that is said of it with `force`, its NID and role without. */
export function planComponent(given: GivenComponent, force: boolean, known: KnownEntries): EntryPlan {
  return plan([given], known, force ? undefined : UNFORCED);
}

/** PATCH: changes members of components that there are. Throws `not_found` when any is not. */
export function planChanges(changes: readonly GivenComponent[], known: KnownEntries): EntryPlan {
  return {
    put: changes.map(({ ID, said }) => componentEntry(ID, { ...requireEntry(known, 'component', ID), ...said })),
    remove: [],
  };
}

/** A component under its id, whatever its document says that is. */
export function componentEntry(id: ComponentId, document: JsonObject): Entry {
  return entryOf('component', id, { ...document, ID: id, Type: typeOf(id) });
}

/** Of those that there are, `members` change: all that is said when they are `undefined`. The last of equal ids counts. */
function plan(
  given: readonly GivenComponent[],
  known: KnownEntries,
  members: readonly string[] | undefined,
): EntryPlan {
  const entries = [...new Map(given.map((one) => [one.ID, one])).values()].flatMap(({ ID, said }) => {
    const before = known.find('component', ID);
    if (before === undefined) return componentEntry(ID, { ...defaultsOf(ID), ...said });
    if (members?.length === 0) return [];
    const changed = members === undefined ? said : saidOf(Object.fromEntries(members.map((key) => [key, said[key]])));
    return componentEntry(ID, { ...before, ...changed });
  });
  return { put: entries, remove: [] };
}

/** Nodes are `Compute` in SMD unless something else is said; a NID it makes up, which is not done here. */
function defaultsOf(id: ComponentId): JsonObject {
  return { State: 'Unknown', Flag: 'OK', Enabled: true, ...(typeOf(id) === 'Node' && { Role: 'Compute' }) };
}
