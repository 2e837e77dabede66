import { type Component, identifiersOf, literalIdentifiers, type NodeIdentifiers, type NodeKey } from './component.ts';
import type { Mac } from './identifiers/mac.ts';
import type { Nid } from './identifiers/nid.ts';
import type { Xname } from './identifiers/xname.ts';
import type { StoredNode } from './record.ts';
import { each, type Steps } from './steps.ts';

/** One node that a request names, by one identifier or by several. */
export type NodeTarget = {
  /** All identifiers under which the node may be stored. */
  readonly identifiers: NodeIdentifiers;
  /** What a new record is stored under: of the identifiers in the request the xname, else the MAC, else the NID. */
  readonly keep: { readonly xname?: Xname; readonly mac?: Mac; readonly nid?: Nid };
  /** The node's xname, when the inventory knows it. */
  readonly resolved?: Xname | undefined;
};

/** The identifiers of a request as keys, xnames first: the first of one node's keys is the one that is kept. */
export function keysOf({ xnames, macs, nids }: NodeIdentifiers): NodeKey[] {
  return [
    ...xnames.map((xname): NodeKey => ({ kind: 'xname', xname })),
    ...macs.map((mac): NodeKey => ({ kind: 'mac', mac })),
    ...nids.map((nid): NodeKey => ({ kind: 'nid', nid })),
  ];
}

/**
 * The nodes that a request names, each once. `components` holds what the inventory knows of each key, in order; a key
 * that it does not know is taken literally.
 */
export function* targetsOf(
  keys: readonly NodeKey[],
  components: readonly (Component | undefined)[],
): Steps<readonly NodeTarget[]> {
  const targets = new Map<string, NodeTarget>();
  yield* each(keys, (key, at) => {
    const component = components[at];
    const literal = literalIdentifiers(key);
    const identifiers = component === undefined ? literal : union(identifiersOf(component), literal);
    const identity = component?.xname ?? Object.values(literal).flat().join();
    const known = targets.get(identity);
    targets.set(
      identity,
      known === undefined
        ? { identifiers, keep: keepOf(key), resolved: component?.xname }
        : { ...known, identifiers: union(known.identifiers, literal) },
    );
  });
  return [...targets.values()];
}

/** Everything that any of the targets may be stored under. */
export function* allIdentifiers(targets: readonly NodeTarget[]): Steps<NodeIdentifiers> {
  const all = { xnames: [] as Xname[], macs: [] as Mac[], nids: [] as Nid[] };
  yield* each(targets, ({ identifiers: { xnames, macs, nids } }) => {
    all.xnames.push(...xnames);
    all.macs.push(...macs);
    all.nids.push(...nids);
  });
  return all;
}

/**
 * The xnames of the targets that the inventory says nothing of now: a node that it took for one of them before still
 * counts for it, whatever identifier it is stored under.
 */
export function literalXnames(targets: readonly NodeTarget[]): Xname[] {
  return targets.filter(({ resolved }) => resolved === undefined).flatMap(({ identifiers }) => identifiers.xnames);
}

/** For each target the stored nodes that it stands for, the one that was stored first in front. */
export function* storedNodesOf(
  targets: readonly NodeTarget[],
  nodes: readonly StoredNode[],
): Steps<readonly (readonly StoredNode[])[]> {
  const byIdentifier = new Map<string | number, StoredNode>();
  const takenFor = new Map<Xname, StoredNode>();
  yield* each(nodes, (node) => {
    const { xname, mac, nid, resolved } = node;
    if (xname !== undefined) byIdentifier.set(xname, node);
    if (mac !== undefined) byIdentifier.set(mac, node);
    if (nid !== undefined) byIdentifier.set(nid, node);
    if (resolved !== undefined) takenFor.set(resolved, node);
  });
  const storedOf: StoredNode[][] = [];
  yield* each(targets, ({ identifiers: { xnames, macs, nids }, resolved }) => {
    const stored: StoredNode[] = [];
    for (const identifiers of [xnames, macs, nids]) addThose(byIdentifier, identifiers, stored);
    if (resolved === undefined) addThose(takenFor, xnames, stored);
    if (stored.length > 1) stored.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    storedOf.push(stored);
  });
  return storedOf;
}

function addThose<Key>(nodes: ReadonlyMap<Key, StoredNode>, keys: readonly Key[], stored: StoredNode[]): void {
  for (const key of keys) {
    const node = nodes.get(key);
    if (node !== undefined && !stored.includes(node)) stored.push(node);
  }
}

/** Of some stored nodes those that are stored under any of these identifiers. */
export function storedUnder({ xnames, macs, nids }: NodeIdentifiers, nodes: readonly StoredNode[]): StoredNode[] {
  const identifiers = new Set<string | number | undefined>([...xnames, ...macs, ...nids]);
  return nodes.filter((node) => [node.xname, node.mac, node.nid].some((identifier) => identifiers.has(identifier)));
}

/**
 * The xname that a stored node is to be taken for: what the inventory says of its target, else what it was taken for
 * before, unless another target is that node now. No two nodes may be taken for one.
 */
export function resolver(targets: readonly NodeTarget[]) {
  const claimed = new Set(targets.map(({ resolved }) => resolved));
  return (target: NodeTarget, stored: Xname | undefined): Xname | undefined =>
    target.resolved ?? (claimed.has(stored) ? undefined : stored);
}

/** The name by which a node is spoken of. */
export function nameOf({ xname, mac, nid }: Pick<StoredNode, 'xname' | 'mac' | 'nid'>): string {
  return xname ?? mac ?? `NID ${nid}`;
}

function keepOf(key: NodeKey): NodeTarget['keep'] {
  if (key.kind === 'xname') return { xname: key.xname };
  if (key.kind === 'mac') return { mac: key.mac };
  return key.kind === 'nid' ? { nid: key.nid } : {};
}

/** As a rule there is nothing to add. */
function union(a: NodeIdentifiers, b: NodeIdentifiers): NodeIdentifiers {
  const [xnames, macs, nids] = [joined(a.xnames, b.xnames), joined(a.macs, b.macs), joined(a.nids, b.nids)];
  return xnames === a.xnames && macs === a.macs && nids === a.nids ? a : { xnames, macs, nids };
}

function joined<Entry>(entries: readonly Entry[], others: readonly Entry[]): readonly Entry[] {
  return others.every((other) => entries.includes(other)) ? entries : [...new Set([...entries, ...others])];
}
