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
  postgresUrl,
  seconds,
  webUrl,
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
    v.optional(
      v.picklist(['pglite', 'postgres', 'neon', 'hyperdrive'], 'must be pglite, postgres, neon or hyperdrive'),
    ),
    v.description(
      'Where records are kept: `pglite`, or `postgres` when `BSS_USESQL` is true or a database is set (Node); `neon` or `hyperdrive` (Workers).',
    ),
  ),
  BSS_DATA_DIR: v.pipe(v.optional(v.string(), './data'), v.description('Folder of the embedded database, PGlite.')),
  DATABASE_URL: v.pipe(
    v.optional(postgresUrl),
    v.description('The PostgreSQL database; stands before the `BSS_DB*` settings.'),
  ),
  BSS_USESQL: v.pipe(
    v.optional(booleanFlag),
    v.description('`true` keeps records in PostgreSQL, on this machine unless `BSS_DBHOST` is set.'),
  ),
  BSS_DBHOST: v.pipe(
    v.optional(databaseHost),
    v.description('Host of the PostgreSQL server, or the folder of its socket.'),
  ),
  BSS_DBPORT: v.pipe(v.optional(port, '5432'), v.description('Port of the PostgreSQL server.')),
  BSS_DBNAME: v.pipe(v.optional(v.string(), 'bssdb'), v.description('Name of the database.')),
  BSS_DBUSER: v.pipe(v.optional(v.string(), 'bssuser'), v.description('User of the database.')),
  BSS_DBPASS: v.pipe(v.optional(v.string(), 'bssuser'), v.description('Password of the database user.')),
  BSS_DBOPTS: v.pipe(
    v.optional(databaseOptions),
    v.description('Options of the connection, as in a URL’s query: `sslmode=disable`.'),
  ),
  BSS_DB_LISTEN_URL: v.pipe(
    v.optional(postgresUrl),
    v.description(
      'URL of the same database without a pooler between, for the one connection that hears of what other replicas write; unset, `DATABASE_URL` (Node).',
    ),
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
      'The inventory: SMD’s base URL, `file:<path>` of a JSON or YAML file, or `mem:` for a canned set. Unset, the service’s own nodes are the inventory.',
    ),
  ),
  BSS_SMD_TOKEN: v.pipe(v.optional(v.string()), v.description('Bearer token for SMD’s guarded lists.')),
  BSS_SMD_TOKEN_FILE: v.pipe(
    v.optional(v.string()),
    v.description('File that holds such a token; read again whenever one is needed (Node).'),
  ),
  BSS_OAUTH2_ADMIN_BASE_URL: v.pipe(
    v.optional(httpUrl),
    v.description('Base URL of a token server whose `/token` gives such a token to an empty POST.'),
  ),
  BSS_OAUTH2_PUBLIC_BASE_URL: v.pipe(
    v.optional(httpUrl),
    v.description('Base URL of the authorization server whose `/oauth2/token` gives such a token to the client below.'),
  ),
  BSS_OAUTH2_CLIENT_ID: v.pipe(
    v.optional(v.string()),
    v.description('The client of the client-credentials grant; stands before `BSS_OAUTH2_ADMIN_BASE_URL`.'),
  ),
  BSS_OAUTH2_CLIENT_SECRET: v.pipe(v.optional(v.string()), v.description('Secret of that client.')),
  BSS_HSM_RETRIEVAL_DELAY: v.pipe(
    v.optional(seconds),
    v.description(
      'Seconds that a node unknown to the inventory waits before it asks again, and how old the inventory may be (10).',
    ),
  ),
  BSS_HSM_TIMEOUT: v.pipe(
    v.optional(seconds, '2'),
    v.description(
      'Seconds that a request waits for SMD at most; only in the background may its whole lists take longer.',
    ),
  ),
  BSS_RETRIEVAL_DELAY: v.pipe(v.optional(seconds), v.description('HPE’s name of `BSS_HSM_RETRIEVAL_DELAY`.')),
  BSS_RETRY_DELAY: v.pipe(v.optional(seconds, '30'), v.description('Seconds that a node waits after a failed boot.')),
  BSS_SCRIPT_FORM: v.pipe(
    v.optional(v.picklist(['robust', 'classic'], 'must be robust or classic')),
    v.description(
      '`robust` scripts (the default) retry for days on real iPXE; `classic` ones (the default in `csm`) are what BSS always sent.',
    ),
  ),
  BSS_BOOTIF: v.pipe(
    v.optional(onOff),
    v.description('Whether `BOOTIF=` is added to the kernel parameters: `on`, or `off` (the default in `csm`).'),
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
    v.optional(v.picklist(['openchami', 'csm'], 'must be openchami or csm'), 'openchami'),
    v.description(
      'Whose answers ours look like: `openchami` folds equal records into one, `csm` (HPE) shows one per node, by xname.',
    ),
  ),
  BSS_JWKS_URL: v.pipe(
    v.optional(webUrl),
    v.description('Where the keys are that tokens (JWT) of the API are checked with. Unset, the API is open.'),
  ),
  BSS_JWT_ISSUER: v.pipe(v.optional(v.string()), v.description('The `iss` that a token must have; unset, any.')),
  BSS_JWT_AUDIENCE: v.pipe(v.optional(v.string()), v.description('An `aud` that a token must have; unset, any.')),
  BSS_AUTH_SCOPES: v.pipe(
    v.optional(onOff, 'off'),
    v.description('`on`: a token must have the scope `bss:read` to read and `bss:write` to write.'),
  ),
  S3_ENDPOINT: v.pipe(
    v.optional(httpUrl),
    v.description('Where the objects of `s3://` URIs are; nodes are given URLs of them that are good for 24 hours.'),
  ),
  S3_ACCESS_KEY: v.pipe(v.optional(v.string()), v.description('Access key for `S3_ENDPOINT`.')),
  S3_SECRET_KEY: v.pipe(v.optional(v.string()), v.description('Secret key for `S3_ENDPOINT`.')),
  S3_REGION: v.pipe(v.optional(v.string(), 'us-east-1'), v.description('Region that URLs of objects are signed for.')),
  SPIRE_TOKEN_URL: v.pipe(
    v.optional(httpUrl),
    v.description('Base URL of the service whose join tokens replace `${SPIRE_JOIN_TOKEN}` in kernel parameters.'),
  ),
  BSS_BOOTSCRIPT_NOTIFY_URL: v.pipe(
    v.optional(webUrl),
    v.description('Who is told of each script: the address of the node is sent there as the form field `data`.'),
  ),
  BSS_INSECURE: v.pipe(
    v.optional(booleanFlag),
    v.description('`true`: the certificates of other servers (SMD, database, …) are not checked (Node).'),
  ),
  BSS_DEBUG: v.pipe(v.optional(booleanFlag), v.description('`true` is `BSS_LOG_LEVEL=debug`.')),
  BSS_LOG_LEVEL: v.pipe(
    v.optional(v.picklist(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error'), 'info'),
    v.description('How much is logged.'),
  ),
});

export type Settings = v.InferOutput<typeof settings>;

/** Variables of the services in the field; those that are no setting here mean nothing. */
const IGNORED = /^(BSS_.*|ETCD_.*|SQL_RETRY_.*|SPIRE_.*|S3_.*|DATASTORE_BASE|NFD_URL)$/;

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
  for (const name of ['BSS_JWT_ISSUER', 'BSS_JWT_AUDIENCE', 'BSS_AUTH_SCOPES'] as const) {
    if (parsed.output[name] && parsed.output.BSS_JWKS_URL === undefined) {
      throw new SettingError(`BSS_JWKS_URL must be set with ${name}: without it no token is asked for`);
    }
  }
  return {
    settings: parsed.output,
    ignored: Object.keys(given).filter((name) => IGNORED.test(name) && !(name in settings.entries)),
  };
}
