import { AwsClient } from 'aws4fetch';
import type { ObjectSigner } from '../../ports/outside.ts';

export type S3Options = {
  /** An http(s) URL, with a port and a path if need be; buckets are folders of it. */
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Empty for the one that the endpoint's host name tells, else `us-east-1`. */
  readonly region: string;
};

/** Seconds that a URL is good for. */
const LIFETIME = 86_400;

/** Signs as AWS Signature Version 4 in the query has it, which needs no request to anybody. */
export function s3Signer({ endpoint, accessKey, secretKey, region }: S3Options): ObjectSigner {
  const base = endpoint.replace(/\/+$/, '');
  const client = new AwsClient({ accessKeyId: accessKey, secretAccessKey: secretKey, service: 's3', region });
  return {
    async sign(uri) {
      const path = objectPath(uri);
      if (path === undefined) return undefined;
      const signed = await client.sign(`${base}/${path}?X-Amz-Expires=${LIFETIME}`, { aws: { signQuery: true } });
      return signed.url;
    },
  };
}

/**
 * `bucket/key` as it stands in a URL. The key may be percent-encoded, since a URI in a script cannot hold white space;
 * a `%` that begins no encoding stands for itself.
 */
function objectPath(uri: string): string | undefined {
  const [, bucket, key] = /^s3:\/\/\/?([^/]+)\/(.+)$/s.exec(uri) ?? [];
  if (bucket === undefined || key === undefined || !uri.isWellFormed()) return undefined;
  const segments = [bucket, ...decode(key).split('/')];
  // Who fetches a URL resolves these, and would ask for another object than the signed one.
  if (segments.includes('.') || segments.includes('..')) return undefined;
  return segments.map(encode).join('/');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** All but RFC 3986's unreserved characters: the signature is over the path in this spelling. */
function encode(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
