import type { SmdEntry, SmdLists } from './smd-lists.ts';

/** A filter's name and all its values. */
export type SmdFilter = readonly [name: string, values: readonly string[]];

/** Look-ups in SMD's lists. */
export type SmdSearch = {
  /** The entries that pass all filters, in the order of the list; `undefined` when a filter is not simulated. */
  find(list: keyof SmdLists, filters: readonly SmdFilter[]): readonly SmdEntry[] | undefined;
};

/** The filters of each list, and what they are compared with. */
const FILTERS: Record<keyof SmdLists, Record<string, string>> = {
  components: { id: 'ID', type: 'Type', state: 'State', role: 'Role', nid: 'NID', group: 'group' },
  interfaces: { type: 'Type', ComponentID: 'ComponentID', MACAddress: 'MACAddress', IPAddress: 'IPAddresses' },
  endpoints: { id: 'ID', type: 'Type' },
  memberships: { id: 'id' },
  groups: { group: 'label' },
};

const isNegated = (value: string): boolean => value.startsWith('!');

/**
 * Searches lists. `indexed`, a look-up costs the same however long they are, but what happens to them after the first
 * one is not noticed.
 */
export function searchIn(lists: SmdLists, indexed: boolean): SmdSearch {
  const indexes = new Map<string, Map<string, number[]>>();

  function labelsOf(xname: string): string[] {
    const entries: readonly SmdEntry[] = indexed ? picked('memberships', 'id', [xname]) : lists.memberships;
    return [entries.find(({ id }) => id === xname)?.groupLabels ?? []].flat().map(String);
  }

  /** What a filter compares with. MACs alone are compared in any case. */
  function valuesOf(entry: SmdEntry, field: string): string[] {
    if (field === 'group') return labelsOf(String(entry.ID));
    return [entry[field]].flat().map((value: unknown) => {
      if (typeof value === 'object' && value !== null && 'IPAddress' in value) return String(value.IPAddress);
      return spelled(field, String(value));
    });
  }

  function indexOf(list: keyof SmdLists, field: string): Map<string, number[]> {
    const key = `${list} ${field}`;
    const known = indexes.get(key);
    if (known !== undefined) return known;
    const index = new Map<string, number[]>();
    for (const [at, entry] of lists[list].entries()) {
      for (const value of valuesOf(entry, field)) {
        const positions = index.get(value);
        if (positions === undefined) index.set(value, [at]);
        else positions.push(at);
      }
    }
    indexes.set(key, index);
    return index;
  }

  /** The entries that have one of the values. */
  function picked(list: keyof SmdLists, field: string, values: readonly string[]): SmdEntry[] {
    const entries: readonly SmdEntry[] = lists[list];
    const index = indexOf(list, field);
    const positions = new Set(values.flatMap((value) => index.get(spelled(field, value)) ?? []));
    return [...positions]
      .sort((a, b) => a - b)
      .map((at) => entries[at])
      .filter((entry) => entry !== undefined);
  }

  return {
    find(list, filters) {
      const known = FILTERS[list];
      const bad = filters.some(([name, values]) => !(name in known) || (name === 'group' && /!/.test(values.join())));
      if (bad) return undefined;
      const narrow = filters.find(([name, values]) => name !== 'type' && !values.some(isNegated));
      const entries: readonly SmdEntry[] =
        indexed && narrow !== undefined ? picked(list, known[narrow[0]] ?? '', narrow[1]) : lists[list];
      return entries.filter((entry) =>
        filters.every(([name, values]) => {
          const field = known[name] ?? '';
          const own = valuesOf(entry, field);
          const has = (value: string): boolean => own.includes(spelled(field, value));
          if (values.some((value) => isNegated(value) && has(value.slice(1)))) return false;
          return values.every(isNegated) || values.some(has);
        }),
      );
    },
  };
}

function spelled(field: string, value: string): string {
  return field === 'MACAddress' ? value.toLowerCase() : value;
}
