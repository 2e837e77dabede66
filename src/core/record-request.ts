import type { NodeIdentifiers } from './component.ts';
import type { ConfigurationPatch } from './configuration.ts';
import type { Tag } from './identifiers/tag.ts';
import type { PhoneHome } from './phone-home.ts';

/** A request to write boot parameters: whom it names, and what it says of them. */
export type RecordRequest = {
  readonly identifiers: NodeIdentifiers;
  readonly tags: readonly Tag[];
  /** `undefined`: not said. `null`: to be cleared, which means something in a patch only. */
  readonly patch: ConfigurationPatch;
  /** The parts that are said. */
  readonly phoneHome?: Partial<PhoneHome> | undefined;
  /** Of the named groups; nothing else has one. */
  readonly priority?: number | undefined;
};

/** Whether a request names any node or tag. */
export function namesSomebody({ identifiers: { xnames, macs, nids }, tags }: RecordRequest): boolean {
  return xnames.length + macs.length + nids.length + tags.length > 0;
}
