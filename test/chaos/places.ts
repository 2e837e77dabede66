/** One way to name a place in a request: the member of the record, and what stands there. */
export type Identifier = readonly ['hosts' | 'macs' | 'nids', string | number];

/** What may have a record: a node, which the inventory knows by three identifiers, or a tag. */
export type Place = { readonly name: string; readonly identifiers: readonly Identifier[] };

/** A node, and how the inventory file words it. */
export function nodePlace(at: number): Place {
  const xname = `x1000c${at >> 8}s${(at >> 2) & 63}b${(at >> 1) & 1}n${at & 1}`;
  const mac = `02:00:00:00:${hex(at >> 8)}:${hex(at & 255)}`;
  const identifiers: Identifier[] = [
    ['hosts', xname],
    ['macs', mac],
    ['nids', at + 1],
  ];
  return { name: xname, identifiers };
}

/** A tag; the inventory says nothing of it. */
export function tagPlace(name: string): Place {
  return { name, identifiers: [['hosts', name]] };
}

/** The file from which the service learns that three identifiers are one node. */
export function inventoryOf(nodes: readonly Place[]): string {
  return JSON.stringify({
    Components: nodes.map((node) => ({
      ID: node.name,
      NID: identifierOf(node, 'nids'),
      MAC: [identifierOf(node, 'macs')],
    })),
  });
}

/** The identifier of a place that is of this kind. */
export function identifierOf({ identifiers }: Place, wanted: Identifier[0]): string | number | undefined {
  return identifiers.find(([kind]) => kind === wanted)?.[1];
}

/** The members of a request that name these places, each by one of its identifiers, whichever it may be. */
export function naming(places: readonly Place[]): Partial<Record<Identifier[0], (string | number)[]>> {
  const named: Partial<Record<Identifier[0], (string | number)[]>> = {};
  for (const { identifiers } of places) {
    const [kind, value] = pick(identifiers);
    named[kind] = [...(named[kind] ?? []), value];
  }
  return named;
}

/** One of several, at random. */
export function pick<T>(from: readonly T[]): T {
  const one = from[Math.floor(Math.random() * from.length)];
  if (one === undefined) throw new Error('there is none to pick');
  return one;
}

/** Some of several, at random, up to so many. */
export function pickSome<T>(from: readonly T[], most: number): T[] {
  const left = [...from];
  const count = Math.min(left.length, 1 + Math.floor(Math.random() * most));
  return Array.from({ length: count }, () => left.splice(Math.floor(Math.random() * left.length), 1)).flat();
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
