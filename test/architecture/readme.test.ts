import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { settingsTable } from '../support/settings-table.ts';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

it('lists in the README exactly the settings of src/config.ts, with their defaults and sentences', () => {
  const table = read('README.md').match(
    /\| setting \| default \| what it is for \|\n\|---\|---\|---\|\n((?:\|.*\n)*)/,
  )?.[1];
  expect(table?.trimEnd()).toBe(settingsTable());
});

it('has one version', () => {
  expect(JSON.parse(read('package.json'))).toMatchObject({ version: VERSION });
});

it('names in the README only commands that exist', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read('README.md').matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name ?? '');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
