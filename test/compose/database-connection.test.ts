import { expect, it } from 'vitest';
import { databaseConnection } from '../../src/compose/database-connection.ts';
import { readSettings } from '../../src/config.ts';

const FILES = new Map(['ca', 'cert', 'key'].map((name) => [`/etc/${name}.pem`, `the ${name}`]));
const connectionOf = (settings: Record<string, string>) =>
  databaseConnection(readSettings(settings).settings, (path) => {
    const text = FILES.get(path);
    if (text === undefined) throw new Error('ENOENT');
    return text;
  });
const tlsOf = (query: string, insecure = 'false') =>
  connectionOf({ DATABASE_URL: `postgres://u@h/d?${query}`, BSS_INSECURE: insecure })?.tls;

it.each([
  ['', { required: false, checked: 'nothing' }],
  ['sslmode=disable', undefined],
  ['sslmode=allow', { required: false, checked: 'nothing' }],
  ['sslmode=prefer', { required: false, checked: 'nothing' }],
  ['sslmode=require', { required: true, checked: 'nothing' }],
  ['sslmode=no-verify', { required: true, checked: 'nothing' }],
  ['sslmode=require&sslrootcert=/etc/ca.pem', { required: true, checked: 'authority', ca: 'the ca' }],
  ['sslmode=verify-ca', { required: true, checked: 'authority' }],
  ['sslmode=verify-full', { required: true, checked: 'authority and name' }],
  ['sslrootcert=system', { required: true, checked: 'authority and name' }],
  ['ssl=true', { required: true, checked: 'authority and name' }],
  ['ssl=0', undefined],
  ['host=/var/run/postgresql&sslmode=verify-full', undefined],
  [
    'sslmode=require&sslcert=/etc/cert.pem&sslkey=/etc/key.pem&sslpassword=secret',
    { required: true, checked: 'nothing', cert: 'the cert', key: 'the key', passphrase: 'secret' },
  ],
])('%j means what it means to libpq', (query, tls) => {
  expect(tlsOf(query)).toEqual(tls);
  expect(tlsOf(query, 'true')).toEqual(tls && { ...tls, checked: 'nothing' });
});

it('leaves all other words of a URL to node-postgres', () => {
  const DATABASE_URL = 'postgres://u@h/d?application_name=bss&sslmode=require&uselibpqcompat=true';
  expect(connectionOf({ DATABASE_URL })?.url).toBe('postgres://u@h/d?application_name=bss');
  expect(connectionOf({})).toBeUndefined();
});

it.each([
  ['sslmode=nonsense', 'names no sslmode that there is'],
  ['sslmode=constructor', 'names no sslmode that there is'],
  ['ssl=perhaps', 'names no sslmode that there is'],
  ['sslmode=verify-ca&sslrootcert=/nowhere', 'names a file by sslrootcert that cannot be read: ENOENT'],
  ['sslmode=verify-ca&sslrootcert=system', 'has sslrootcert=system, which needs sslmode=verify-full'],
  ['sslcert=/etc/cert.pem', 'needs both sslcert and sslkey, or neither'],
  ['sslnegotiation=direct', 'has sslnegotiation=direct, which needs sslmode=require'],
  ['sslmode=require&sslnegotiation=soon', 'names no sslnegotiation that there is'],
])('%s cannot be used, and the setting that says it is named', (query, sentence) => {
  expect(() => connectionOf({ DATABASE_URL: `postgres://u@h/d?${query}` })).toThrow(`DATABASE_URL ${sentence}`);
  expect(() => connectionOf({ BSS_DBHOST: 'h', BSS_DBOPTS: query })).toThrow(`BSS_DBOPTS ${sentence}`);
});
