import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

/** How it answers; `stall` and `break` stop in the middle of the body, `flood` never ends it. */
export type FormServerMode =
  | ('hang' | 'stall' | 'break' | 'refuse' | 'flood')
  | { readonly status: number; readonly text?: string; readonly headers?: Record<string, string> };

/** A server that forms are sent to, on 127.0.0.1. */
export type FormServer = {
  readonly url: string;
  mode: FormServerMode;
  readonly requests: { readonly line: string; readonly contentType: string | undefined; readonly body: string }[];
  /** Connections that clients have closed before their answer's end. */
  readonly cut: () => number;
  stop(): Promise<void>;
};

/** Starts one until the running test ends. */
export async function formServer(mode: FormServerMode): Promise<FormServer> {
  const server = await startFormServer(mode);
  onTestFinished(server.stop);
  return server;
}

/** Starts one. */
export async function startFormServer(mode: FormServerMode): Promise<FormServer> {
  let cut = 0;
  const server = createServer((request, response) => void serve(request, response));
  const started: FormServer = { url: '', mode, requests: [], cut: () => cut, stop };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { mode } = started;
    started.requests.push({
      line: `${request.method} ${request.url}`,
      contentType: request.headers['content-type'],
      body: Buffer.concat(chunks).toString('latin1'),
    });
    response.on('close', () => {
      if (!response.writableFinished) cut += 1;
    });
    if (mode === 'hang') return;
    if (mode === 'refuse') return void request.socket.destroy();
    if (mode === 'flood') return flood(response);
    if (mode === 'stall' || mode === 'break') {
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write('{"join_token":"', () => mode === 'break' && request.socket.destroy());
      return;
    }
    response.writeHead(mode.status, mode.headers).end(mode.text);
  }

  async function stop(): Promise<void> {
    server.close();
    server.closeAllConnections();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return Object.assign(started, { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` });
}

/** Blanks, as fast as they are taken. */
function flood(response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write(' '.repeat(16_384)));
  };
  response.writeHead(200);
  response.on('drain', more);
  more();
}
