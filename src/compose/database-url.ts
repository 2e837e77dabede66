import type { Settings } from '../config.ts';

/**
 * The URL of the PostgreSQL database, from `DATABASE_URL` or the field's `BSS_DB*`; with no more than `BSS_USESQL` that of
 * this machine. `undefined` when no database is asked for.
 */
export function databaseUrl(settings: Settings): string | undefined {
  if (settings.DATABASE_URL !== undefined) return settings.DATABASE_URL;
  if (settings.BSS_DBHOST === undefined && !settings.BSS_USESQL) return undefined;
  const url = new URL('postgresql://host');
  url.search = settings.BSS_DBOPTS ?? '';
  const host = settings.BSS_DBHOST ?? 'localhost';
  if (host.startsWith('/')) url.searchParams.set('host', host);
  else url.hostname = host.includes(':') ? `[${host}]` : host;
  url.port = settings.BSS_DBPORT;
  url.username = encodeURIComponent(settings.BSS_DBUSER);
  url.password = encodeURIComponent(settings.BSS_DBPASS);
  url.pathname = `/${encodeURIComponent(settings.BSS_DBNAME)}`;
  return url.href;
}
