import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';

/** V8 settles how much room the objects of a class have in themselves when it has made seven of them. */
const ENOUGH = 10;

/** Milliseconds after which the service starts without. */
const PATIENCE = 1000;

/**
 * Has V8 settle what Node's requests, responses and sockets are like, by some that nobody else sees; that takes some twenty
 * milliseconds. It goes by those made first, and only by those that are not collected before there are seven: a service that
 * reads a large site between its first few requests would come to have each of these be a hash table until the process
 * ends, and every script take half as long again.
 */
export async function settleShapes(): Promise<void> {
  const kept: object[] = [];
  const signal = AbortSignal.timeout(PATIENCE);
  const server = createServer((request, response) => {
    kept.push(request, request.headers, request.socket, response);
    response.writeHead(200, { 'Content-Type': 'text/plain' });
    response.end('seen', 'latin1');
  });
  try {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') return;
    for (let made = 0; made < ENOUGH; made++) {
      const asking = get({ host: address.address, port: address.port, agent: false, signal });
      const [answer]: IncomingMessage[] = await once(asking, 'response');
      if (answer !== undefined) await once(answer.resume(), 'end');
    }
  } catch {
    // A machine that does not let it ask itself can serve all the same.
  } finally {
    server.close();
  }
}
