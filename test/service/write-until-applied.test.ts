import { expect, it } from 'vitest';
import { ServiceError } from '../../src/core/errors.ts';
import type { Found, Store } from '../../src/ports/store.ts';
import { NO_CHANGE, writeUntilApplied } from '../../src/service/write-until-applied.ts';

const foundWith = (kernel: string): Found => ({
  ...{ nodes: [], groups: [], configurationImages: [] },
  images: [{ id: 'image', kind: 'kernel', uri: kernel, params: 'quiet', revision: 1 }],
});

/** A store in whose memory something else is than in its tables; a write from memory is refused unless `isFresh`. */
function storeOf({ isFresh }: { readonly isFresh: boolean }) {
  const calls: string[] = [];
  const [remembered, stored] = [foundWith('remembered'), foundWith('stored')];
  const store: Pick<Store, 'find' | 'recall' | 'apply'> = {
    async find() {
      calls.push('find');
      return stored;
    },
    recall() {
      calls.push('recall');
      return remembered;
    },
    async apply({ basis }) {
      calls.push('apply');
      return isFresh || basis.found === stored;
    },
  };
  return { store: store as Store, calls };
}

const kernelsOf = ({ images }: Found) => ({ ...NO_CHANGE, removeImages: images.map(({ uri }) => uri) });

it('A write is worked out from what is in memory, and asks for nothing', async () => {
  const { store, calls } = storeOf({ isFresh: true });
  const { removeImages } = await writeUntilApplied(store, {}, kernelsOf);
  expect([removeImages, calls]).toEqual([['remembered'], ['recall', 'apply']]);
});

it('A write whose memory was old by the time it came is worked out again from what is stored', async () => {
  const { store, calls } = storeOf({ isFresh: false });
  const { removeImages } = await writeUntilApplied(store, {}, kernelsOf);
  expect([removeImages, calls]).toEqual([['stored'], ['recall', 'apply', 'find', 'apply']]);
});

it('Nobody is refused because of what is in memory alone', async () => {
  const refuse = (kernel: string) => (found: Found) => {
    if (found.images[0]?.uri === kernel) throw new ServiceError('not_found', `${kernel} is no good`);
    return kernelsOf(found);
  };
  const old = storeOf({ isFresh: true });
  expect((await writeUntilApplied(old.store, {}, refuse('remembered'))).removeImages).toEqual(['stored']);
  expect(old.calls).toEqual(['recall', 'find', 'apply']);
  const both = storeOf({ isFresh: true });
  const refused = writeUntilApplied(both.store, {}, (found) => {
    refuse('remembered')(found);
    return refuse('stored')(found);
  });
  await expect(refused).rejects.toThrow('stored is no good');
  expect(both.calls).toEqual(['recall', 'find']);
});

it('A write that the store could not be asked to do is not tried again', async () => {
  const { store, calls } = storeOf({ isFresh: true });
  const away: Store = {
    ...store,
    async apply() {
      calls.push('apply');
      throw new ServiceError('unavailable', 'away');
    },
  };
  await expect(writeUntilApplied(away, {}, kernelsOf)).rejects.toThrow('away');
  expect(calls).toEqual(['recall', 'apply']);
});
