import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** Members of a header or of a set of claims, as a test gives them; what is `undefined` is left out. */
export type Members = Readonly<Record<string, unknown>>;

/** A key pair of an issuer. */
export type SigningKey = {
  /** Its public half, as a key set holds it. */
  readonly jwk: JWK;
  /** A token with these claims; `header` is laid over `alg` and `kid`. */
  sign(claims: Members, header?: Members): Promise<string>;
};

/** Makes a key pair; without a `kid`, neither the key nor its tokens name one. */
export async function makeKey(kid: string | undefined, alg = 'ES256'): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const named = kid === undefined ? {} : { kid };
  return {
    jwk: { ...(await exportJWK(publicKey)), ...named, alg, use: 'sig' },
    sign: (claims, header = {}) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg, ...named, ...header }).sign(privateKey),
  };
}

/** A token put together by hand: `sign` gets what is to be signed, and the token ends in what it answers. */
export function forge(header: Members, claims: Members, sign: (input: string) => Uint8Array): string {
  const encode = (members: Members): string => Buffer.from(JSON.stringify(members)).toString('base64url');
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${Buffer.from(sign(input)).toString('base64url')}`;
}

/**
 * How the key server answers. `slow` is milliseconds, `stall` stops in the middle of the body, `empty` is a set without
 * keys, `text` is a 200 with that body. A status of 3xx sends to where the keys are.
 */
export type KeyServerMode =
  | ('healthy' | 'hang' | 'stall' | 'refuse' | 'garbage' | 'empty')
  | ({ readonly slow: number } | { readonly status: number } | { readonly text: string });

/** A key server of our own on 127.0.0.1. */
export interface KeyServer {
  /** Of the key set. */
  readonly url: string;
  /** What its set holds: public keys, or whatever else a test puts there. */
  keys: readonly unknown[];
  /** How it answers from now on. */
  mode: KeyServerMode;
  /** How many requests have come so far. */
  requests: number;
  stop(): Promise<void>;
}

const GARBAGE = '{"keys":[{"kty":"E';

/** Starts a key server that holds these keys. */
export async function startKeyServer(keys: readonly SigningKey[]): Promise<KeyServer> {
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    server.requests += 1;
    const { mode } = server;
    const set = JSON.stringify({ keys: mode === 'empty' ? [] : server.keys });
    if (mode === 'hang') return;
    if (mode === 'refuse') return void request.socket.destroy();
    if (typeof mode === 'object' && 'slow' in mode) await sleep(mode.slow);
    const status = typeof mode === 'object' && 'status' in mode && request.url !== '/moved' ? mode.status : 200;
    response.writeHead(status, { 'Content-Type': 'application/json', ...(status >= 300 && { Location: '/moved' }) });
    if (mode === 'stall') response.write(set.slice(0, set.length / 2));
    else response.end(mode === 'garbage' ? GARBAGE : typeof mode === 'object' && 'text' in mode ? mode.text : set);
  }

  const http = createServer((request, response) => void serve(request, response));
  http.listen({ port: 0, host: '127.0.0.1', backlog: 1024 });
  await once(http, 'listening');
  const address = http.address();
  const server: KeyServer = {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/jwks.json`,
    keys: keys.map(({ jwk }) => jwk),
    mode: 'healthy',
    requests: 0,
    async stop() {
      if (!http.listening) return;
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
  return server;
}
