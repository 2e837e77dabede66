import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** How it answers; `slow` is milliseconds, `body` is a 200 with that text. */
export type TokenServerMode =
  | ('healthy' | 'hang' | 'refuse')
  | ({ readonly slow: number } | { readonly status: number } | { readonly body: string });

export type TokenRequest = {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
};

/** A token server on 127.0.0.1. It gives `token-1`, `token-2`, … to whoever asks. */
export interface TokenServer {
  readonly url: string;
  mode: TokenServerMode;
  /** Makes the next tokens, in place of `token-<n>`. */
  mint: (count: number) => string;
  /** Members of the answer beside the token. */
  also: Readonly<Record<string, unknown>>;
  readonly requests: TokenRequest[];
  stop(): Promise<void>;
}

export async function startTokenServer(): Promise<TokenServer> {
  let count = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url: path, headers } = request;
    const { authorization, 'content-type': contentType } = headers;
    tokens.requests.push({ method, path, authorization, contentType, body: await text(request) });
    const { mode } = tokens;
    if (mode === 'hang') return;
    if (mode === 'refuse') return void request.socket.destroy();
    if (typeof mode === 'object' && 'slow' in mode) await sleep(mode.slow);
    const status = typeof mode === 'object' && 'status' in mode ? mode.status : 200;
    response.writeHead(status, { 'Content-Type': 'application/json', Location: 'http://127.0.0.1:1/' });
    if (typeof mode === 'object' && 'body' in mode) return void response.end(mode.body);
    if (status !== 200) return void response.end('{"error":"simulated"}');
    count += 1;
    response.end(JSON.stringify({ access_token: tokens.mint(count), token_type: 'bearer', ...tokens.also }));
  }

  const server = createServer((request, response) => void serve(request, response));
  server.listen({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const address = server.address();
  const tokens: TokenServer = {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    mode: 'healthy',
    mint: (n) => `token-${n}`,
    also: {},
    requests: [],
    async stop() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return tokens;
}
