import type { Figures } from './figures.ts';
import { type Before, haveAnOrder, type Timed } from './order.ts';
import { type Place, pick, pickSome } from './places.ts';
import type { Stored } from './stored.ts';
import type { Boot, Outcome, Write } from './write.ts';

/** Places that all writers write to at once. Each write leaves its own id in them, so that one can tell whose they are. */
export type SharedPlaces = {
  propose(id: string): Write;
  /** Notes a write that is about to be sent; what it answers is called with the outcome. */
  begin(write: Write): (outcome: Outcome) => void;
  /** Holds what is stored against any order that the writes may have had, and begins anew from there. */
  settle(stored: Stored, figures: Figures): void;
};

/** Whose values a place holds: who wrote it whole, and who was the last to change something. */
type Holders = { readonly whole: Timed; readonly last: Timed };

const MOST = 4;

export function sharedPlaces(places: readonly Place[]): SharedPlaces {
  /** Stands for all that was there when the round began. */
  const earlier: Timed = {
    write: { id: 'earlier', method: 'PUT', places, boot: {} },
    ...{
      began: Number.NEGATIVE_INFINITY,
      ended: Number.NEGATIVE_INFINITY,
      isDone: true,
      mayBeDone: true,
      isPutOff: false,
    },
  };
  let writes: Timed[] = [];
  let before: ReadonlyMap<Place, Boot> = new Map();

  function writerOf(place: Place, id: string | undefined, methods: readonly Write['method'][]): Timed | undefined {
    return writes.find(
      ({ write, mayBeDone }) =>
        mayBeDone && write.id === id && write.places.includes(place) && methods.includes(write.method),
    );
  }

  /** Who wrote what a place holds; `undefined` when no sequence of whole writes leaves that. */
  function holdersOf(place: Place, boot: Boot): Holders | undefined {
    const was = before.get(place);
    const id = idIn(boot.kernel);
    if (idIn(boot.initrd) !== id) return undefined;
    const whole = writerOf(place, id, ['POST', 'PUT']) ?? (was?.kernel === boot.kernel ? earlier : undefined);
    const patch = writerOf(place, idIn(boot.params), ['PATCH']);
    const isUnpatched = whole === earlier ? was?.params === boot.params : idIn(boot.params) === id;
    const last = patch ?? (isUnpatched ? whole : undefined);
    return whole && last && { whole, last };
  }

  /** What may have emptied a place: nothing that was acknowledged can have filled it afterwards. */
  function removersOf(place: Place): Timed[] {
    const naming = writes.filter(({ write, mayBeDone }) => mayBeDone && write.places.includes(place));
    const filling = naming.filter(({ write, isDone }) => isDone && write.method !== 'DELETE');
    const removers = naming.filter(({ write }) => write.method === 'DELETE');
    return [...removers, ...(before.has(place) ? [] : [earlier])].filter((remover) =>
      filling.every(({ began }) => began < remover.ended),
    );
  }

  return {
    propose(id) {
      const method = pick(['PUT', 'PUT', 'PUT', 'PATCH', 'PATCH', 'POST', 'DELETE'] as const);
      return { id, method, places: pickSome(places, MOST), boot: bootFor(method, id) };
    },
    begin(write) {
      const began = performance.now();
      const noted: Timed = {
        write,
        began,
        ended: Number.POSITIVE_INFINITY,
        isDone: false,
        mayBeDone: true,
        isPutOff: false,
      };
      writes.push(noted);
      return (outcome) => {
        noted.mayBeDone = outcome !== 'unsent' && outcome !== 'refused';
        noted.isDone = outcome === 'acknowledged';
        noted.isPutOff = outcome === 'put off';
        if (noted.isDone) noted.ended = performance.now();
      };
    },
    settle(stored, figures) {
      const seen = new Set([earlier, ...writes.filter(({ isDone }) => isDone)]);
      const held: [Place, Holders][] = [];
      for (const place of places) {
        const boot = stored.of(place);
        if (boot !== undefined) {
          const holders = holdersOf(place, boot);
          if (holders === undefined) figures.torn += 1;
          else held.push([place, holders]);
          continue;
        }
        const [remover, ...others] = removersOf(place);
        if (remover === undefined) figures.lost += 1;
        // Which of several it was cannot be told, nor matters it.
        else if (others.length === 0) held.push([place, { whole: remover, last: remover }]);
      }
      for (const [, { whole, last }] of held) seen.add(whole).add(last);
      figures.doneAfterAll += [...seen].filter(({ isPutOff }) => isPutOff).length;

      const shown: Before[] = [];
      for (const [place, { whole, last }] of held) {
        const naming = [...seen].filter(({ write }) => write.places.includes(place));
        const replaced = naming.filter((one) => one !== whole && one.write.method !== 'PATCH');
        const changed = naming.filter((one) => one !== last);
        const forgotten = [
          ...replaced.filter(({ began }) => began > whole.ended),
          ...changed.filter(({ began }) => began > last.ended),
        ];
        if (forgotten.some(({ isDone }) => isDone)) {
          figures.lost += 1;
          continue;
        }
        shown.push(...replaced.map((one): Before => [one, whole]), ...changed.map((one): Before => [one, last]));
      }
      if (!haveAnOrder([...seen], shown)) figures.torn += 1;

      writes = [];
      before = new Map(
        places.flatMap((place) => {
          const boot = stored.of(place);
          return boot === undefined ? [] : [[place, boot] as const];
        }),
      );
    },
  };
}

function bootFor(method: Write['method'], id: string): Boot {
  if (method === 'DELETE') return {};
  if (method === 'PATCH') return { params: `by=${id}` };
  return { kernel: `http://files/by=${id}`, initrd: `http://files/by=${id}`, params: `by=${id}` };
}

/** The id of the write that a value speaks of. */
function idIn(value: string | undefined): string | undefined {
  return value?.split('by=')[1];
}
