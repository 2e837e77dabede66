import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readSettings, settings } from '../../src/config.ts';

const page = readFileSync(new URL('../../docs/compatibility.md', import.meta.url), 'utf8');
const named = new Set(page.match(/\b[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\b/g));

it('names every setting for sites that move', () => {
  expect(Object.keys(settings.entries).filter((name) => !named.has(name))).toEqual([]);
});

it('calls ignored what is ignored, and nothing else', () => {
  const section = /^All others of theirs are ignored(.*?)\n\n/ms.exec(page)?.[1] ?? '';
  const ignored = section.match(/`[A-Z0-9_]+[A-Z0-9]`/g)?.map((name) => name.slice(1, -1)) ?? [];
  expect(ignored).toContain('ETCD_HOST');
  const environment = Object.fromEntries(ignored.map((name) => [name, 'x']));
  expect(readSettings(environment).ignored.sort()).toEqual(ignored.sort());
});
