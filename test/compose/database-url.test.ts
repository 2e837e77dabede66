import pg from 'pg';
import { expect, it } from 'vitest';
import { databaseUrl } from '../../src/compose/database-url.ts';
import { readSettings } from '../../src/config.ts';

const clientOf = (settings: Record<string, string>): pg.Client =>
  new pg.Client({ connectionString: databaseUrl(readSettings(settings).settings) ?? '' });

it.each([
  [{ BSS_DBHOST: 'db.site' }, { host: 'db.site', port: 5432, user: 'bssuser', database: 'bssdb' }],
  [
    { BSS_DBHOST: '10.0.0.1', BSS_DBPORT: '6000' },
    { host: '10.0.0.1', port: 6000 },
  ],
  [{ BSS_DBHOST: 'fd00::1' }, { host: 'fd00::1' }],
  [{ BSS_USESQL: 'true' }, { host: 'localhost', port: 5432, user: 'bssuser', password: 'bssuser', database: 'bssdb' }],
  [
    { BSS_DBHOST: '/var/run/postgresql', BSS_DBUSER: 'b@s/s' },
    { host: '/var/run/postgresql', user: 'b@s/s' },
  ],
  [
    { BSS_DBHOST: 'db', BSS_DBPASS: 'p@ss:w/o?r#d%', BSS_DBNAME: 'a b' },
    { password: 'p@ss:w/o?r#d%', database: 'a b' },
  ],
])('%j is where the database is', (settings, expected) => {
  expect(clientOf(settings)).toMatchObject(expected);
});

it('DATABASE_URL stands before the others, and nothing is no database', () => {
  expect(databaseUrl(readSettings({ BSS_DBHOST: 'db', DATABASE_URL: 'postgres://u@h/d' }).settings)).toBe(
    'postgres://u@h/d',
  );
  expect(databaseUrl(readSettings({}).settings)).toBeUndefined();
});
