import type { Settings } from '../config.ts';

/** The URL of the PostgreSQL database, from `DATABASE_URL` or the field's `BSS_DB*`. */
export function databaseUrl(settings: Settings): string | undefined {
  if (settings.DATABASE_URL !== undefined || settings.BSS_DBHOST === undefined) return settings.DATABASE_URL;
  const url = new URL('postgresql://host');
  url.search = settings.BSS_DBOPTS ?? '';
  const host = settings.BSS_DBHOST;
  if (host.startsWith('/')) url.searchParams.set('host', host);
  else url.hostname = host.includes(':') ? `[${host}]` : host;
  url.port = settings.BSS_DBPORT;
  url.username = encodeURIComponent(settings.BSS_DBUSER);
  url.password = encodeURIComponent(settings.BSS_DBPASS ?? '');
  url.pathname = `/${encodeURIComponent(settings.BSS_DBNAME)}`;
  return url.href;
}
