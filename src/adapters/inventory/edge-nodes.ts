import * as v from 'valibot';
import type { AddressKey, NodeKey } from '../../core/component.ts';
import { isKnownBy } from '../../core/component-index.ts';
import { parseXname, type Xname } from '../../core/identifiers/xname.ts';
import type { Heard } from './attempts.ts';
import { componentJson, readComponent } from './component-json.ts';
import type { QueuedEdgeCache } from './edge-cache.ts';
import type { EdgeMarks } from './edge-marks.ts';
import { everyKeyOf, nameOf } from './names.ts';

/** A node as a cache has it. */
export type KnownNode = Heard & {
  /** When its other names were last put beside it. */
  readonly namedAt: number;
  /** When somebody last looked at it again: what was asked for until then is not fresh. */
  readonly refreshedAt: number;
};

/**
 * Nodes in a cache: each under its xname, and under its other names a pointer to that. So one that is known by any of its
 * names is found in two steps, and nothing of it is there twice.
 */
export type EdgeNodes = {
  /** The node that a name points to, unless it has that name no longer. Anything broken is none. */
  read(key: NodeKey | AddressKey): Promise<KnownNode | undefined>;
  /** Puts, behind the answer, what was heard of a node; `before` is what was read by the name that it was asked for by. */
  write(heard: Heard, before: KnownNode | undefined): void;
  /** Takes a name away from who had it. */
  forget(key: NodeKey | AddressKey, before: KnownNode): void;
};

/** Seconds. The last word on a node counts until there is another. */
const YEAR = 31_536_000;
/** Milliseconds after which the other names of a node are put again: one may have fallen out. */
const NAMED = 3_600_000;

const nodeEntry = v.strictObject({ at: v.number(), namedAt: v.number(), component: v.unknown() });

export function edgeNodes(cache: QueuedEdgeCache, marks: EdgeMarks): EdgeNodes {
  async function xnameFor(key: NodeKey | AddressKey): Promise<Xname | undefined> {
    if (key.kind === 'xname') return key.xname;
    const pointer = await cache.match(nameOf(key));
    return typeof pointer === 'string' ? parseXname(pointer) : undefined;
  }

  function put({ component, at, namedAt }: Omit<KnownNode, 'refreshedAt'>, xname: Xname): void {
    cache.putLater(nameOf({ kind: 'xname', xname }), { at, namedAt, component: componentJson(component) }, YEAR);
  }

  return {
    async read(key) {
      const xname = await xnameFor(key);
      if (xname === undefined) return undefined;
      const [entry, refreshedAt] = await Promise.all([
        cache.match(nameOf({ kind: 'xname', xname })),
        marks.refreshedAt(xname),
      ]);
      const parsed = v.safeParse(nodeEntry, entry);
      if (!parsed.success) return undefined;
      const component = readComponent(parsed.output.component);
      // A later look-up of the same node, by another name, may have said that it has this one no longer.
      if (component?.xname !== xname || !isKnownBy(component, key)) return undefined;
      return { component, at: parsed.output.at, namedAt: parsed.output.namedAt, refreshedAt };
    },
    write(heard, before) {
      const { xname } = heard.component;
      if (xname === undefined) return;
      const isSame = before?.component.xname === xname;
      if (isSame && before.at > heard.at) return;
      const names = everyKeyOf(heard.component).map(nameOf);
      const named = isSame ? new Set(everyKeyOf(before.component).map(nameOf)) : new Set();
      const isNamed = isSame && heard.at - before.namedAt < NAMED && names.every((name) => named.has(name));
      put({ ...heard, namedAt: isNamed ? before.namedAt : heard.at }, xname);
      const own = nameOf({ kind: 'xname', xname });
      if (!isNamed) for (const name of names) if (name !== own) cache.putLater(name, xname, YEAR);
    },
    forget(key, before) {
      cache.putLater(nameOf(key), null, 1);
      // Should it get the name back, that has to be put anew.
      const { xname } = before.component;
      if (key.kind !== 'xname' && xname !== undefined) put({ ...before, namedAt: 0 }, xname);
    },
  };
}
