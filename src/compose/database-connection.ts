import type { PostgresConnection, Tls } from '../adapters/store/postgres-connection.ts';
import { SettingError, type Settings } from '../config.ts';
import { databaseUrl } from './database-url.ts';

/** Reads a text file at once. */
export type ReadFileSync = (path: string) => string;

/** libpq's modes by what they ask for, and `pg`'s own for encryption without a check. */
const MODES: Readonly<Record<string, Tls | undefined>> = {
  disable: undefined,
  // Which of the two is tried first makes no difference to who can listen in.
  allow: { required: false, checked: 'nothing' },
  prefer: { required: false, checked: 'nothing' },
  require: { required: true, checked: 'nothing' },
  'no-verify': { required: true, checked: 'nothing' },
  'verify-ca': { required: true, checked: 'authority' },
  'verify-full': { required: true, checked: 'authority and name' },
};

/** The words that are taken out of a URL: `pg` gives some of them other meanings, and will change them. */
const WORDS = ['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword', 'uselibpqcompat'];

/**
 * The PostgreSQL database that the settings name, and how it is to be spoken to; `undefined` when they name none. Throws a
 * `SettingError` for what cannot be used.
 */
export function databaseConnection(settings: Settings, readFile: ReadFileSync): PostgresConnection | undefined {
  const url = databaseUrl(settings);
  if (url === undefined) return undefined;
  const setting = settings.DATABASE_URL === undefined ? 'BSS_DBOPTS' : 'DATABASE_URL';
  return connectionTo(url, setting, settings.BSS_INSECURE === true, readFile);
}

/** Where announcements of writes are heard; `undefined` when that is no other way than to the database. Throws as that does. */
export function listenConnection(settings: Settings, readFile: ReadFileSync): PostgresConnection | undefined {
  const { BSS_DB_LISTEN_URL: url, BSS_INSECURE } = settings;
  return url === undefined ? undefined : connectionTo(url, 'BSS_DB_LISTEN_URL', BSS_INSECURE === true, readFile);
}

/** The same for any URL; `setting` is named when it cannot be used. `insecure`: no certificate is checked. */
export function connectionTo(
  databaseUrl: string,
  setting: string,
  insecure: boolean,
  readFile: ReadFileSync,
): PostgresConnection {
  const url = new URL(databaseUrl);
  const said = (word: string): string | undefined => url.searchParams.get(word) || undefined;
  const refuse = (why: string): never => {
    throw new SettingError(`${setting} ${why}`);
  };
  const file = (word: string): string | undefined => {
    const path = said(word);
    if (path === undefined) return undefined;
    try {
      return readFile(path);
    } catch (error) {
      return refuse(`names a file by ${word} that cannot be read: ${error instanceof Error ? error.message : error}`);
    }
  };

  const isSystem = said('sslrootcert') === 'system';
  const mode = said('sslmode') ?? modeOfFlag(said('ssl')) ?? (isSystem ? 'verify-full' : 'prefer');
  if (!Object.hasOwn(MODES, mode)) refuse('names no sslmode that there is');
  if (isSystem && mode !== 'verify-full') refuse('has sslrootcert=system, which needs sslmode=verify-full');
  const asked = isFolder(url) ? undefined : MODES[mode];
  const negotiation = said('sslnegotiation') ?? 'postgres';
  if (!/^(postgres|direct)$/.test(negotiation)) refuse('names no sslnegotiation that there is');
  if (negotiation === 'direct' && asked?.required !== true)
    refuse('has sslnegotiation=direct, which needs sslmode=require');

  const tls = asked && { ...asked, ...pems() };
  for (const word of WORDS) url.searchParams.delete(word);
  return { url: url.href, tls: tls && insecure ? { ...tls, checked: 'nothing' } : tls };

  function pems(): Partial<Tls> {
    const ca = isSystem ? undefined : file('sslrootcert');
    const [cert, key, passphrase] = [file('sslcert'), file('sslkey'), said('sslpassword')];
    if ((cert === undefined) !== (key === undefined)) refuse('needs both sslcert and sslkey, or neither');
    return {
      ...(ca !== undefined && { ca }),
      // As libpq has it: who names an authority wants it to count.
      ...(ca !== undefined && mode === 'require' && { checked: 'authority' }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(passphrase !== undefined && { passphrase }),
    };
  }
}

/** `ssl` is no word of libpq's, but of many a URL. */
function modeOfFlag(flag: string | undefined): string | undefined {
  if (flag === undefined) return undefined;
  if (/^(true|1)$/.test(flag)) return 'verify-full';
  return /^(false|0)$/.test(flag) ? 'disable' : flag;
}

/** Whether the host is the folder of a Unix socket, which needs no TLS and has none. */
function isFolder(url: URL): boolean {
  return (url.searchParams.get('host') ?? decodeURIComponent(url.hostname)).startsWith('/');
}
