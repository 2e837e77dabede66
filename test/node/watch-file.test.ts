import { appendFile, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { watchFile } from '../../src/node/watch-file.ts';

/** Milliseconds: longer than two looks at the file, and than one. */
const [SOON, ONE_LOOK] = [2000, 600];

let path: string;
let calls: number;
let stop: () => void;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bss-watch-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  path = join(folder, 'inventory.yaml');
  await writeFile(path, 'before');
  calls = 0;
  stop = watchFile(path, () => {
    calls += 1;
  });
  onTestFinished(stop);
  await sleep(ONE_LOOK);
});
const called = (times = 1) => expect.poll(() => calls, { timeout: SOON }).toBe(times);

it('A file that stays as it was when the watch began is not told of', async () => {
  await sleep(ONE_LOOK * 2);
  expect(calls).toBe(0);
});

it('A change is told of once, and the next change again', async () => {
  await writeFile(path, 'after');
  await called();
  await sleep(ONE_LOOK * 2);
  expect(calls).toBe(1);
  await writeFile(path, 'later');
  await called(2);
});

it('A file that another takes the place of is told of, though both are of one size and time', async () => {
  const [other, time] = [`${path}.new`, new Date(1_790_000_000_000)];
  await utimes(path, time, time);
  await called();
  await writeFile(other, 'behind');
  await utimes(other, time, time);
  await rename(other, path);
  await called(2);
});

it('A link that is turned to another file is told of, as mounted settings are changed', async () => {
  const [real, link] = [`${path}.real`, `${path}.link`];
  await writeFile(real, 'after');
  await symlink(real, link);
  await rename(link, path);
  await called();
});

it('A file that goes away is told of, and that it is back', async () => {
  await rename(path, `${path}.away`);
  await called();
  await rename(`${path}.away`, path);
  await called(2);
});

it('A file that is being written is left alone until it stays the same', async () => {
  const writing = performance.now();
  while (performance.now() - writing < 1500) {
    await appendFile(path, 'more');
    await sleep(50);
  }
  expect(calls).toBe(0);
  await called();
});

it('Nothing is told after the watch was stopped', async () => {
  stop();
  await writeFile(path, 'after');
  await sleep(ONE_LOOK * 2);
  expect(calls).toBe(0);
});
