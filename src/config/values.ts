import * as v from 'valibot';
import { type Network, parseNetwork } from './network.ts';

/** `host:port`, `[v6]:port` or `:port`. */
export const address = v.pipe(
  v.string(),
  v.regex(/^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]*):[0-9]{1,5}$/, 'must be host:port or :port'),
  v.transform((text) => {
    const at = text.lastIndexOf(':');
    return { host: text.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(at + 1)) };
  }),
  v.check(({ port }) => port <= 65535, 'must have a port up to 65535'),
);

/** A whole number of seconds, 1 to 86400. */
export const seconds = v.pipe(
  v.string(),
  v.regex(/^[0-9]{1,5}$/, 'must be a whole number of seconds, 1 to 86400'),
  v.transform(Number),
  v.minValue(1, 'must be at least 1 second'),
  v.maxValue(86400, 'must be at most 86400 seconds'),
);

/** A boolean in the words that environment files in the field have for it, in any case. */
export const booleanFlag = v.pipe(
  v.string(),
  v.regex(/^(1|t|true|on|yes|0|f|false|off|no)$/i, 'must be true or false'),
  v.transform((text) => /^(1|t|true|on|yes)$/i.test(text)),
);

export const onOff = v.pipe(
  v.picklist(['on', 'off'], 'must be on or off'),
  v.transform((text) => text === 'on'),
);

/** Texts joined by commas. */
export const list = v.pipe(
  v.string(),
  v.transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  ),
);

/** Networks in CIDR notation or single addresses, joined by commas. */
export const networks = v.pipe(
  list,
  v.rawTransform(({ dataset, addIssue, NEVER }): Network[] => {
    const parsed = dataset.value.map(parseNetwork);
    const good = parsed.filter((network) => network !== undefined);
    if (good.length === parsed.length) return good;
    addIssue({ message: 'must be networks like 10.0.0.0/8, joined by commas' });
    return NEVER;
  }),
);

/** An http(s) URL without query, that may go into a script; a slash at its end is dropped. */
export const httpUrl = v.pipe(
  v.string(),
  v.regex(/^https?:\/\/[A-Za-z0-9._:[\]-]+(\/[A-Za-z0-9._~/-]*)?$/, 'must be an http(s) URL'),
  v.url('must be an http(s) URL'),
  v.transform((text) => text.replace(/\/+$/, '')),
);

/** The URL of a PostgreSQL database. */
export const postgresUrl = v.pipe(
  v.string(),
  v.regex(/^postgres(ql)?:\/\/./, 'must be a postgresql:// URL'),
  v.url('must be a postgresql:// URL'),
);

/** Any http(s) URL; without credentials, which would end in logs. */
export const webUrl = v.pipe(
  v.string(),
  v.url('must be an http(s) URL'),
  v.regex(/^https?:\/\/./i, 'must be an http(s) URL'),
  v.check((text) => !/^https?:\/\/[^/]*@/i.test(text), 'must not hold credentials'),
);

/** A path like `/apis/bss`, or `/` for none. */
export const pathPrefix = v.pipe(
  v.string(),
  v.regex(/^(\/[A-Za-z0-9._~-]+)*\/?$/, 'must be a path like /apis/bss'),
  v.transform((text) => text.replace(/\/$/, '')),
);

const PORT_RULE = 'must be a port number up to 65535';

export const port = v.pipe(
  v.string(),
  v.regex(/^[0-9]{1,5}$/, PORT_RULE),
  v.check((text) => Number(text) <= 65535, PORT_RULE),
);

/** A host with or without a port, as it stands in a URL. */
export const hostAndPort = v.pipe(
  v.string(),
  v.regex(/^([A-Za-z0-9][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$/, 'must be a host, with or without a port'),
  v.check((text) => URL.canParse(`http://${text}`), 'must be a host, with or without a port'),
);

/** A name, an address, or the folder of a Unix socket. */
export const databaseHost = v.pipe(
  v.string(),
  v.regex(/^(\/.*|[A-Za-z0-9][A-Za-z0-9._-]*|[0-9A-Fa-f:.]+)$/, 'must be a host name, an address or a folder'),
);

/** The query of a connection URL. */
export const databaseOptions = v.pipe(
  v.string(),
  v.check((text) => {
    const mode = new URLSearchParams(text).get('sslmode');
    return mode === null || /^(disable|allow|prefer|require|verify-ca|verify-full|no-verify)$/.test(mode);
  }, 'names no sslmode that there is'),
);

/** SMD's base URL, `file:<path>` or `mem:`. Credentials in it would end in logs. */
export const inventoryUrl = v.pipe(
  v.string(),
  v.regex(/^(https?:\/\/.|file:.|mem:$)/, 'must be an http(s) URL, file:<path> or mem:'),
  v.check((text) => !text.startsWith('http') || URL.canParse(text), 'must be an http(s) URL, file:<path> or mem:'),
  v.check((text) => !/^https?:\/\/[^/]*@/.test(text), 'must not hold credentials: use BSS_SMD_TOKEN'),
);
