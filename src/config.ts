import * as v from 'valibot';
import {
  address,
  booleanFlag,
  databaseHost,
  databaseOptions,
  hostAndPort,
  httpUrl,
  inventoryUrl,
  list,
  networks,
  onOff,
  pathPrefix,
  port,
  seconds,
} from './config/values.ts';

/**
 * Every setting: how it is read, its default (as it would be written), and what it is for. The README's table is
 * compared with this.
 */
export const settings = v.object({
  BSS_HTTP_LISTEN: v.pipe(
    v.optional(address, ':27778'),
    v.description('Where the service listens: `host:port` or `:port` (Node).'),
  ),
  BSS_STORE: v.pipe(
    v.optional(v.picklist(['pglite', 'postgres', 'neon'], 'must be pglite, postgres or neon')),
    v.description(
      'Where records are kept: `pglite`, or `postgres` when `BSS_USESQL` is true or a database is set (Node); `neon` (Workers).',
    ),
  ),
  BSS_DATA_DIR: v.pipe(v.optional(v.string(), './data'), v.description('Folder of the embedded database, PGlite.')),
  DATABASE_URL: v.pipe(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(/^postgres(ql)?:\/\/./, 'must be a postgresql:// URL'),
        v.url('must be a postgresql:// URL'),
      ),
    ),
    v.description('The PostgreSQL database; stands before the `BSS_DB*` settings.'),
  ),
  BSS_USESQL: v.pipe(v.optional(booleanFlag), v.description('`true` keeps records in PostgreSQL.')),
  BSS_DBHOST: v.pipe(
    v.optional(databaseHost),
    v.description('Host of the PostgreSQL server, or the folder of its socket.'),
  ),
  BSS_DBPORT: v.pipe(v.optional(port, '5432'), v.description('Port of the PostgreSQL server.')),
  BSS_DBNAME: v.pipe(v.optional(v.string(), 'bssdb'), v.description('Name of the database.')),
  BSS_DBUSER: v.pipe(v.optional(v.string(), 'bssuser'), v.description('User of the database.')),
  BSS_DBPASS: v.pipe(v.optional(v.string()), v.description('Password of the database user.')),
  BSS_DBOPTS: v.pipe(
    v.optional(databaseOptions),
    v.description('Options of the connection, as in a URL’s query: `sslmode=disable`.'),
  ),
  BSS_MIGRATE: v.pipe(
    v.optional(v.picklist(['auto', 'check'], 'must be auto or check'), 'auto'),
    v.description(
      '`auto` brings the schema up to date at the start; `check` only looks, for a role without DDL rights.',
    ),
  ),
  HSM_URL: v.pipe(
    v.optional(inventoryUrl),
    v.description(
      'The inventory: SMD’s base URL, `file:<path>` of a JSON file, or `mem:` for a canned set. Unset, the service’s own nodes are the inventory.',
    ),
  ),
  BSS_SMD_TOKEN: v.pipe(v.optional(v.string()), v.description('Bearer token for SMD’s guarded lists.')),
  BSS_HSM_RETRIEVAL_DELAY: v.pipe(
    v.optional(seconds),
    v.description(
      'Seconds that a node unknown to the inventory waits before it asks again, and how old the inventory may be (10).',
    ),
  ),
  BSS_RETRIEVAL_DELAY: v.pipe(v.optional(seconds), v.description('HPE’s name of `BSS_HSM_RETRIEVAL_DELAY`.')),
  BSS_RETRY_DELAY: v.pipe(v.optional(seconds, '30'), v.description('Seconds that a node waits after a failed boot.')),
  BSS_SCRIPT_FORM: v.pipe(
    v.optional(v.picklist(['robust', 'classic'], 'must be robust or classic'), 'robust'),
    v.description('`robust` scripts retry for days on real iPXE; `classic` ones are what BSS always sent.'),
  ),
  BSS_BOOTIF: v.pipe(
    v.optional(onOff, 'on'),
    v.description('Whether `BOOTIF=` is added to the kernel parameters: `on` or `off`.'),
  ),
  BSS_ADVERTISE_ADDRESS: v.pipe(
    v.optional(httpUrl),
    v.description('Base URL of the cloud-init data source that is added to the kernel parameters; unset, none is.'),
  ),
  BSS_BLOCKED_ROLES: v.pipe(
    v.optional(list, ''),
    v.description('Roles, joined by commas, whose nodes boot only by a record of their own or of their role.'),
  ),
  BSS_CHAIN_PROTO: v.pipe(
    v.optional(v.picklist(['http', 'https'], 'must be http or https')),
    v.description('Scheme of the URL that a node comes back to; by default that of its request.'),
  ),
  BSS_IPXE_SERVER: v.pipe(
    v.optional(hostAndPort),
    v.description('Host of the URL that a node comes back to; by default that of its request.'),
  ),
  BSS_GW_URI: v.pipe(
    v.optional(pathPrefix),
    v.description('Path in front of `/boot/v1` in the URL that a node comes back to; by default that of its request.'),
  ),
  BSS_TRUSTED_PROXIES: v.pipe(
    v.optional(networks, ''),
    v.description('Networks, joined by commas, whose `X-Forwarded-*` headers are believed.'),
  ),
  BSS_DIALECT: v.pipe(
    v.optional(v.picklist(['openchami'], 'must be openchami: other dialects are not there yet'), 'openchami'),
    v.description('How records are answered.'),
  ),
  BSS_JWKS_URL: v.pipe(
    v.optional(
      v.custom<never>(
        () => false,
        'cannot be set: tokens are not checked yet, and the API must not be left open unnoticed',
      ),
    ),
    v.description(
      'Not there yet: the service does not start when it is set, so that the API is not left open unnoticed.',
    ),
  ),
  BSS_DEBUG: v.pipe(v.optional(booleanFlag), v.description('`true` is `BSS_LOG_LEVEL=debug`.')),
  BSS_LOG_LEVEL: v.pipe(
    v.optional(v.picklist(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error'), 'info'),
    v.description('How much is logged.'),
  ),
});

export type Settings = v.InferOutput<typeof settings>;

/** Variables of the services in the field that mean nothing here, or nothing yet. */
const IGNORED =
  /^(ETCD_.*|DATASTORE_BASE|NFD_URL|BSS_.*_RETRY_.*|BSS_INSECURE|BSS_OAUTH2_.*|BSS_BOOTSCRIPT_NOTIFY_URL|SPIRE_TOKEN_URL|S3_.*)$/;

/** A setting that cannot be used. The message is a sentence that names it. */
export class SettingError extends Error {}

/**
 * Reads the settings from an environment. An empty variable counts as unset. Throws a `SettingError` for the first
 * one that is wrong; answers the names of those that are accepted and ignored.
 */
export function readSettings(environment: Readonly<Record<string, unknown>>): {
  settings: Settings;
  ignored: string[];
} {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => typeof value === 'string' && value !== ''),
  );
  const parsed = v.safeParse(settings, given);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new SettingError(`${String(issue.path?.[0]?.key)} ${issue.message}`);
  }
  return { settings: parsed.output, ignored: Object.keys(given).filter((name) => IGNORED.test(name)) };
}
