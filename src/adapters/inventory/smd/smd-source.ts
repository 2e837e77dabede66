import type { Component } from '../../../core/component.ts';
import type { KnownNames, NodeChange } from '../snapshot/change-teller.ts';
import type { Knowledge } from '../snapshot/knowledge.ts';
import type { SnapshotSource } from '../snapshot/refresher.ts';
import { LIST_NAMES, type SmdListName } from './assemble.ts';
import type { SmdClient } from './client.ts';
import type { SmdRequest } from './requests.ts';
import { type Untold, withUntold } from './untold.ts';

/** Reads SMD's whole lists, elsewhere. Throws for what cannot be relied on. */
export type ListReader = {
  /** Sends the request for a list, and takes that in unless it is denied; answers SMD's status. */
  read(name: SmdListName, request: SmdRequest): Promise<number>;
  /** Whether there is such a list: one that SMD does not give any more stands as it was. */
  has(name: SmdListName): boolean;
  /** What has changed since this was last asked, some at a time, when all lists have been read. */
  changes(known: KnownNames): AsyncIterable<readonly NodeChange[]>;
};

/**
 * All of SMD as the source of a snapshot: four requests for a reading, one after the other, so that no list need be held.
 * What has changed is told once `ready`.
 */
export function smdSource(
  smd: SmdClient,
  reader: ListReader,
  recall: (...key: Parameters<Knowledge['recall']>) => Component | undefined,
  ready: () => Promise<void>,
): SnapshotSource {
  return {
    async *read(known) {
      for (const name of LIST_NAMES) await smd.list(name, (request) => reader.read(name, request));
      const untold = { endpoints: !reader.has('endpoints'), memberships: !reader.has('memberships') };
      await ready();
      for await (const part of reader.changes(expected(known(), untold))) {
        yield part.map(({ xname, component }) => ({
          xname,
          component: component && withUntold(component, recall({ kind: 'xname', xname }), untold),
        }));
      }
    },
  };
}

/** What is known, without what SMD does not tell of: that it is not told is no reason for doubt. */
function expected(known: KnownNames, { endpoints, memberships }: Untold): KnownNames {
  const counts = {
    ...known.counts,
    ...(endpoints && { endpoints: 0 }),
    ...(memberships && { grouped: 0 }),
  };
  return { ...known, counts };
}
