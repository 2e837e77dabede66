import { expect, it } from 'vitest';
import { queuedHistory } from '../../src/adapters/history/queued-history.ts';
import { type Access, accessOf } from '../../src/ports/access-history.ts';

/** A table that keeps what is written, once it is let to. */
function table() {
  const written: Access[][] = [];
  const state = { isAway: false, during: (): void => {} };
  return {
    written,
    state,
    async write(accesses: readonly Access[]): Promise<void> {
      state.during();
      if (state.isAway) throw new Error('away');
      written.push([...accesses]);
    },
    read: async () => written.flat(),
  };
}

it('writes the newest access of each name and endpoint, whoever noted it', async () => {
  const { written, ...rest } = table();
  const history = queuedHistory(rest, true);
  const kept = accessOf('x1', 'bootscript');
  history.note(kept, 10);
  history.note(accessOf('x1', 'bootscript'), 11);
  history.note(kept, 12);
  history.note(accessOf('x1', 'user-data'), 13);
  await history.flush();
  expect(written).toEqual([
    [
      { name: 'x1', endpoint: 'bootscript', epoch: 12 },
      { name: 'x1', endpoint: 'user-data', epoch: 13 },
    ],
  ]);
  expect(history.waiting()).toBe(0);
});

it('notes again in what was written', async () => {
  const { written, ...rest } = table();
  const history = queuedHistory(rest, true);
  const kept = accessOf('x1', 'bootscript');
  history.note(kept, 10);
  await history.flush();
  history.note(kept, 20);
  await history.flush();
  await history.flush();
  expect(written.flat().map(({ epoch }) => epoch)).toEqual([10, 20]);
});

it('keeps what was noted while the same name was written, and what could not be written', async () => {
  const { written, state, ...rest } = table();
  const history = queuedHistory(rest, true);
  const kept = accessOf('x1', 'bootscript');
  history.note(kept, 10);
  state.during = () => history.note(kept, 11);
  await history.flush();
  expect(history.waiting()).toBe(1);
  state.during = () => {};
  state.isAway = true;
  await expect(history.flush()).rejects.toThrow('away');
  state.isAway = false;
  await history.flush();
  expect(written.flat().map(({ epoch }) => epoch)).toEqual([10, 11]);
});

it('lets who came first go when too many wait, and notes them anew', async () => {
  const { written, ...rest } = table();
  const history = queuedHistory(rest, true);
  const first = accessOf('first', 'bootscript');
  history.note(first, 1);
  for (let at = 0; at < 100_000; at++) history.note(accessOf(`x${at}`, 'bootscript'), 2);
  expect(history.waiting()).toBe(100_000);
  history.note(first, 3);
  expect(history.waiting()).toBe(100_000);
  await history.flush();
  expect(written.flat().filter(({ name }) => name === 'first')).toMatchObject([{ epoch: 3 }]);
});
