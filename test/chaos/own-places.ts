import type { Figures } from './figures.ts';
import { type Place, pick, pickSome } from './places.ts';
import type { Stored } from './stored.ts';
import { after, type Boot, type Outcome, sameBoot, type Write } from './write.ts';

/** Places that one writer alone writes to, one request after the other: it knows what they hold. */
export type OwnPlaces = {
  /** A good write to some of them; `undefined` while nothing is certain of any. */
  propose(id: string): Write | undefined;
  note(write: Write, outcome: Outcome): void;
  /** Compares with what is stored, and takes that for known from now on. */
  settle(stored: Stored, figures: Figures): void;
};

type Doubt = { readonly write: Write; readonly outcome: Outcome };

const MOST = 5;
/** Configurations that nodes of several writers have in common: their one row is made, shared and swept by all. */
const COMMON: readonly Boot[] = [
  { kernel: 'http://files/common/kernel' },
  { kernel: 'http://files/common/kernel', initrd: 'http://files/common/initrd' },
  { kernel: 'http://files/common/kernel', params: 'quiet' },
];

export function ownPlaces(places: readonly Place[]): OwnPlaces {
  const known = new Map<Place, Boot>();
  // What a write without a certain answer names is left alone until it is looked at: it holds one of two things.
  let doubts: Doubt[] = [];

  return {
    propose(id) {
      const inDoubt = new Set(doubts.flatMap(({ write }) => write.places));
      const certain = places.filter((place) => !inDoubt.has(place));
      const method = pick(['POST', 'PUT', 'PATCH', 'DELETE'] as const);
      const fitting = certain.filter((place) => method === 'PUT' || known.has(place) === (method !== 'POST'));
      if (fitting.length === 0) return undefined;
      return { id, method, places: pickSome(fitting, MOST), boot: bootFor(method, id) };
    },
    note(write, outcome) {
      if (outcome === 'acknowledged') for (const place of write.places) set(place, after(write, known.get(place)));
      else if (outcome !== 'unsent' && outcome !== 'refused') doubts.push({ write, outcome });
    },
    settle(stored, figures) {
      for (const { write, outcome } of doubts) {
        const found = write.places.map((place) => ({ place, boot: stored.of(place), before: known.get(place) }));
        // A write that changes nothing leaves no trace: whether it was done does not matter.
        if (write.places.every((place) => sameBoot(known.get(place), after(write, known.get(place))))) continue;
        if (found.every(({ boot, before }) => sameBoot(boot, after(write, before)))) {
          if (outcome === 'unanswered') figures.unansweredYetDone += 1;
          if (outcome === 'put off') figures.doneAfterAll += 1;
        } else if (!found.every(({ boot, before }) => sameBoot(boot, before))) {
          const isOneOfTwo = found.every(
            ({ boot, before }) => sameBoot(boot, before) || sameBoot(boot, after(write, before)),
          );
          figures[isOneOfTwo ? 'torn' : 'lost'] += 1;
        }
        for (const { place, boot } of found) set(place, boot);
      }
      doubts = [];
      for (const place of places) {
        const boot = stored.of(place);
        if (sameBoot(boot, known.get(place))) continue;
        figures.lost += 1;
        set(place, boot);
      }
    },
  };

  function set(place: Place, boot: Boot | undefined): void {
    if (boot === undefined) known.delete(place);
    else known.set(place, boot);
  }
}

function bootFor(method: Write['method'], id: string): Boot {
  if (method === 'DELETE') return {};
  if (method === 'PATCH')
    return pick<Boot>([{ params: 'quiet' }, { params: `own=${id}` }, { initrd: `http://files/${id}` }]);
  return pick<Boot>([...COMMON, { kernel: `http://files/${id}`, initrd: `http://files/${id}`, params: `own=${id}` }]);
}
