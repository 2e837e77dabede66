import { ServiceError } from '../core/errors.ts';

/** What a `Host` that is refused should have been. */
export const HOST_RULE = 'Host: must be a name or an address, with or without a port';

/** So many texts are remembered: nodes ask by one or a few names. */
const MAX_KNOWN = 100;
const known = new Map<string, string>();

/** Reads a `Host` header: a name, an IPv4 address or `[IPv6]`, with or without a port. */
export function parseHost(text: string): string | undefined {
  const before = known.get(text);
  if (before !== undefined) return before;
  const host = parse(text);
  if (host === undefined) return undefined;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(text, host);
  return host;
}

function parse(text: string): string | undefined {
  const match = /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?$/.exec(text);
  if (match === null || Number(match[1] ?? 0) > 65535) return undefined;
  return URL.canParse(`http://${text}`) ? text.toLowerCase() : undefined;
}

/** The host that a request was sent to. Throws `invalid` for one that could not stand in a URL. */
export function hostOf(header: string | undefined): string {
  const host = parseHost(header ?? '');
  if (host === undefined) throw new ServiceError('invalid', HOST_RULE);
  return host;
}
