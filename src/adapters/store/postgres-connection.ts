import type { ConnectionOptions } from 'node:tls';
import type { ClientConfig } from 'pg';
import { tlsIfOffered } from './tls-if-offered.ts';

/** How a connection is encrypted. */
export type Tls = {
  /** Whether a server that does not encrypt is refused. */
  readonly required: boolean;
  /** What of the server's certificate is checked: who signed it, or that and the name in it. */
  readonly checked: 'nothing' | 'authority' | 'authority and name';
  /** Certificates and keys as PEM; without authorities the usual ones count. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
};

/** Where a PostgreSQL database is, and how it is spoken to. */
export type PostgresConnection = {
  /** Without a word about TLS. */
  readonly url: string;
  /** `undefined`: never encrypted. */
  readonly tls: Tls | undefined;
};

/** What node-postgres has to know for a connection, or for a pool of them; a plain URL is taken as `pg` takes it. */
export function clientConfig(database: string | PostgresConnection): ClientConfig {
  if (typeof database === 'string') return { connectionString: database };
  const { url, tls } = database;
  // Always said, or a variable of libpq's would decide.
  if (tls === undefined) return { connectionString: url, ssl: false };
  const { required, checked, ...pems } = tls;
  const options: ConnectionOptions = {
    ...pems,
    rejectUnauthorized: checked !== 'nothing',
    ...(checked === 'authority' && { checkServerIdentity: () => undefined }),
  };
  if (required) return { connectionString: url, ssl: options };
  return { connectionString: url, ssl: false, stream: () => tlsIfOffered(options) };
}
