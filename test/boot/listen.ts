// Where servers of the tests listen.
import type { Server } from 'node:net';

/** Lets a server listen on a port of 127.0.0.1, a free one unless it is named, and tells which. */
export function listen(server: Server, at = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the server has no port'));
      else resolve(address.port);
    });
  });
}
