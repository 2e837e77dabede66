import { createHash, createHmac } from 'node:crypto';

/** What a server knows of those who may ask it. */
export type S3Access = { readonly accessKey: string; readonly secretKey: string; readonly region: string };

/** A GET as it comes over the wire: `target` is path and query as they were sent. */
export type S3Request = { readonly host: string; readonly target: string };

/**
 * Why a server refuses a presigned GET at a time in milliseconds, or `undefined`. Written from AWS's description of
 * "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)", for S3: the path is decoded and encoded
 * once, and not normalised.
 */
export function refusalOfPresigned({ host, target }: S3Request, access: S3Access, now: number): string | undefined {
  const at = target.indexOf('?');
  const [path, search] = at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
  const pairs = search.split('&').map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    return equals < 0
      ? [formDecode(pair), '']
      : [formDecode(pair.slice(0, equals)), formDecode(pair.slice(equals + 1))];
  });
  const given = new Map(pairs);
  if (given.size !== pairs.length) return 'a parameter is repeated';
  const of = (name: string): string => given.get(name) ?? '';

  if (of('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') return 'another algorithm';
  if (of('X-Amz-SignedHeaders') !== 'host') return 'headers that a plain GET does not send';
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(of('X-Amz-Date')) ?? [];
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signedAt)) return 'no date';
  const expires = Number(of('X-Amz-Expires'));
  if (!/^[0-9]+$/.test(of('X-Amz-Expires')) || expires < 1 || expires > 604_800) return 'no lifetime';
  if (signedAt > now + 900_000) return 'from the future';
  if (now > signedAt + expires * 1000) return 'expired';
  const date = `${year}${month}${day}`;
  const scope = [date, access.region, 's3', 'aws4_request'];
  if (of('X-Amz-Credential') !== [access.accessKey, ...scope].join('/')) return 'another credential';

  const canonicalQuery = pairs
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]): [string, string] => [uriEncode(name), uriEncode(value)])
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((pair) => pair.join('='))
    .join('&');
  const canonicalPath = path
    .split('/')
    .map((segment) => uriEncode(percentDecode(segment)))
    .join('/');
  const canonical = ['GET', canonicalPath, canonicalQuery, `host:${host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const digest = createHash('sha256').update(canonical, 'utf8').digest('hex');
  const toSign = ['AWS4-HMAC-SHA256', of('X-Amz-Date'), scope.join('/'), digest].join('\n');
  const key = scope.reduce(hmac, Buffer.from(`AWS4${access.secretKey}`, 'utf8'));
  return hmac(key, toSign).toString('hex') === of('X-Amz-Signature') ? undefined : 'another signature';
}

/** The object's path as a server sees it: the decoded text behind a prefix of the path. */
export function objectAsked({ target }: Pick<S3Request, 'target'>, prefix: string): string | undefined {
  const [path = ''] = target.split('?', 1);
  return path.startsWith(`${prefix}/`) ? percentDecode(path.slice(prefix.length + 1)) : undefined;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

function formDecode(text: string): string {
  return percentDecode(text.replaceAll('+', ' '));
}

/** Not `decodeURIComponent`, for what that does not take may be sent too. */
function percentDecode(text: string): string {
  const parts = text.split(/(%[0-9A-Fa-f]{2})/);
  const bytes = parts.map((part, at) => (at % 2 === 1 ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part, 'utf8')));
  return Buffer.concat(bytes).toString('utf8');
}

/** Every byte but A-Z, a-z, 0-9, `-`, `.`, `_` and `~`, in upper-case hexadecimal. */
function uriEncode(text: string): string {
  return Array.from(Buffer.from(text, 'utf8'), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9._~-]/.test(character)) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
