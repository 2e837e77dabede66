import * as v from 'valibot';
import { type Network, parseNetwork } from '../core/network.ts';

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
  v.regex(/^[0-9]{1,5}$/, 'must be a whole number of seconds'),
  v.transform(Number),
  v.minValue(1, 'must be at least 1 second'),
  v.maxValue(86400, 'must be at most 86400 seconds'),
);

/** A boolean as Go's `strconv.ParseBool` reads it, which the environment files in the field are written for. */
export const booleanFlag = v.pipe(
  v.string(),
  v.regex(/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/, 'must be true or false'),
  v.transform((text) => /^[1tT]/.test(text)),
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

/** A path like `/apis/bss`, or `/` for none. */
export const pathPrefix = v.pipe(
  v.string(),
  v.regex(/^(\/[A-Za-z0-9._~-]+)*\/?$/, 'must be a path like /apis/bss'),
  v.transform((text) => text.replace(/\/$/, '')),
);
