import { type BootConfiguration, canonicalConfiguration } from '../../src/core/configuration.ts';
import type { Boot, StoredGroup, StoredNode } from '../../src/core/record.ts';
import { tagOf } from '../support/identifiers.ts';

/** What is stored of booting; equal configurations have one id, as in the store. */
export function boot(configuration: BootConfiguration, referralToken?: string): Boot {
  return { configurationId: canonicalConfiguration(configuration), configuration, referralToken };
}

/** A stored node; without `boot` it only phoned home. */
export function storedNode(id: string, parts: Omit<Partial<StoredNode>, 'id'>): StoredNode {
  return { id, revision: 1, createdAt: 0, ...parts };
}

export function storedGroup(name: string, configuration: BootConfiguration, priority = 0): StoredGroup {
  return { id: `group ${name}`, revision: 1, name: tagOf(name), priority, boot: boot(configuration, `token ${name}`) };
}

/** The members of both, in any order. */
export function shuffled<T>(items: readonly T[], order: readonly number[]): T[] {
  return items
    .map((item, at) => ({ item, rank: order[at] ?? 0 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
