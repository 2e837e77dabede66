import type { Xname } from '../../../core/identifiers/xname.ts';
import { type Counts, countsOf, type NamedComponent, NO_NODES, plus } from './snapshot.ts';

/** What became of a node; `undefined` when it is gone. */
export type NodeChange = { readonly xname: Xname; readonly component: NamedComponent | undefined };

/** All nodes that a source told of, each put together when it is asked for. */
export type Nodes = {
  xnames(): Iterable<Xname>;
  make(xname: Xname): NamedComponent | undefined;
};

/** What is known before a reading. */
export type Known = {
  readonly counts: Counts;
  /** Nodes of which to tell in any case: what is known of them came from elsewhere. */
  readonly again: readonly Xname[];
};

/** The same, for a reader that may remember nothing of the readings before: then it tells of all these. */
export type KnownNames = Known & { readonly xnames: () => readonly Xname[] };

/** An answer that cannot be true, or hardly: it is not taken. The message says why. */
export class DoubtfulAnswer extends Error {}

const PARTS = ['nodes', 'reachable', 'grouped', 'endpoints'] as const;

/** So many changes are told at a time: to take them in holds nobody up. */
const PART = 250;

/** Tells which nodes have changed from one reading to the next. */
export type ChangeTeller = (nodes: Nodes, known: Known) => Generator<readonly NodeChange[], void>;

/**
 * Remembers a digest of each node, not the node. An answer without half of the nodes that are known, or of those
 * with a MAC, a group or an endpoint, is doubted; when the next reading has the same answer, that is the truth.
 */
export function changeTeller(digest: (text: string) => number): ChangeTeller {
  const digests = new Map<Xname, number>();
  let doubted: number | undefined;

  function requirePlausible(counts: Counts, known: Counts, nodes: Nodes): void {
    const isDoubtful = PARTS.some((part) => isHalfGone(counts[part], known[part])) || areAllGone(counts, known);
    const answer = isDoubtful ? digest(gistOf(nodes)) : undefined;
    const isConfirmed = answer !== undefined && answer === doubted;
    doubted = isConfirmed ? undefined : answer;
    if (answer === undefined || isConfirmed) return;
    throw new DoubtfulAnswer(
      `it tells of ${PARTS.map((part) => `${part}: ${counts[part]}`).join(', ')}; there were ${PARTS.map((part) => known[part]).join(', ')}`,
    );
  }

  return function* tell(nodes, known) {
    let counts = NO_NODES;
    let stayed = 0;
    const changed = new Set(known.again.filter((xname) => nodes.make(xname) !== undefined));
    for (const xname of nodes.xnames()) {
      const component = nodes.make(xname);
      if (component === undefined) continue;
      counts = plus(counts, countsOf(component));
      const before = digests.get(xname);
      if (before !== undefined) stayed += 1;
      if (before !== digestOf(component)) changed.add(xname);
    }
    requirePlausible(counts, known.counts, nodes);
    const before = stayed === digests.size ? known.again : [...known.again, ...digests.keys()];
    const gone = new Set(before.filter((xname) => nodes.make(xname) === undefined));

    // Forgotten before it is told, remembered after: what is not told to the end is told the next time.
    for (const part of partsOf([...gone])) yield part.map((xname) => ({ xname, component: undefined }));
    for (const xname of gone) digests.delete(xname);
    for (const part of partsOf([...changed])) {
      for (const xname of part) digests.delete(xname);
      const changes = part.map((xname): NodeChange => ({ xname, component: nodes.make(xname) }));
      yield changes;
      for (const { xname, component } of changes) if (component !== undefined) digests.set(xname, digestOf(component));
    }
  };

  function digestOf(component: NamedComponent): number {
    return digest(JSON.stringify(component));
  }
}

/** One of two may be taken out of a lab. */
function isHalfGone(now: number, before: number): boolean {
  return now <= before / 2 && before - now > 1;
}

/** All of them hardly. */
function areAllGone(now: Counts, before: Counts): boolean {
  return (before.nodes > 0 && now.nodes === 0) || (before.reachable > 0 && now.reachable === 0);
}

/** What was counted of an answer, node by node. */
function gistOf(nodes: Nodes): string {
  return [...nodes.xnames()]
    .map((xname) => {
      const component = nodes.make(xname);
      const { macs, groups, fqdn, details } = component ?? {};
      return [xname, macs?.join(), groups?.join(), fqdn, details?.EndpointEnabled].join(' ');
    })
    .join('\n');
}

function* partsOf(xnames: readonly Xname[]): Generator<readonly Xname[]> {
  for (let at = 0; at < xnames.length; at += PART) yield xnames.slice(at, at + PART);
}
