import * as v from 'valibot';
import { send } from '../support/http-client.ts';
import type { Place } from './places.ts';
import type { Boot } from './write.ts';

/** What the service says that is stored. */
export type Stored = {
  /** What a place holds; of several records the first. */
  of(place: Place): Boot | undefined;
  /** Places that have several. */
  readonly duplicated: number;
};

const records = v.array(
  v.object({
    hosts: v.optional(v.array(v.string()), []),
    macs: v.optional(v.array(v.string()), []),
    nids: v.optional(v.array(v.number()), []),
    kernel: v.optional(v.string()),
    initrd: v.optional(v.string()),
    params: v.optional(v.string()),
  }),
);

/** Asks for all records; throws when one names what nobody wrote. */
export async function readStored(origin: string, places: readonly Place[]): Promise<Stored> {
  const answer = await send(origin, 'GET', '/boot/v1/bootparameters');
  if (answer.status !== 200) throw new Error(`the records cannot be read: ${answer.status} ${answer.text}`);
  const found = new Map<Place, Boot>();
  const several = new Set<Place>();
  const placeOf = placesByIdentifier(places);
  for (const { hosts, macs, nids, kernel, initrd, params } of v.parse(records, answer.json())) {
    for (const identifier of [...hosts, ...macs, ...nids]) {
      const place = placeOf.get(identifier);
      if (place === undefined) throw new Error(`there is a record of ${identifier}, which nobody wrote`);
      if (found.has(place)) several.add(place);
      else found.set(place, { ...(kernel && { kernel }), ...(initrd && { initrd }), ...(params && { params }) });
    }
  }
  return { of: (place) => found.get(place), duplicated: several.size };
}

/** Places by all of their identifiers. */
export function placesByIdentifier(places: readonly Place[]): ReadonlyMap<string | number, Place> {
  return new Map(places.flatMap((place) => place.identifiers.map(([, value]) => [value, place] as const)));
}
