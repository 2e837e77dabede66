import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a PostgreSQL that counts what is asked on it. */
export type WireCounter = {
  /** The database of the URL that was given, by this way; without TLS. */
  readonly url: string;
  /** How many transactions have ended on it so far: a query outside of one is one by itself. */
  transactions(): number;
  close(): Promise<void>;
};

/** The server's message that it is ready for the next query, and the word in it that no transaction is open. */
const [READY, IDLE] = ['Z'.charCodeAt(0), 'I'.charCodeAt(0)];

/** Stands on a free port of 127.0.0.1 in front of a database. */
export async function startWireCounter(databaseUrl: string): Promise<WireCounter> {
  const url = new URL(databaseUrl);
  const [host, port] = [url.hostname, Number(url.port)];
  const sockets = new Set<Socket>();
  let ended = 0;

  const server = createServer((client) => {
    const upstream = connect(port, host);
    // The first time it only says that the connection is there.
    let isThere = false;
    const read = messageReader((type, body) => {
      if (type !== READY || body[0] !== IDLE) return;
      if (isThere) ended += 1;
      isThere = true;
    });
    upstream.on('data', read);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url.port = String(address !== null && typeof address === 'object' ? address.port : 0);
  url.searchParams.set('sslmode', 'disable');

  return {
    url: url.href,
    transactions: () => ended,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Takes bytes as they come, and tells of each message that is whole. */
function messageReader(tell: (type: number, body: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    let at = 0;
    for (;;) {
      const end = at + 5 <= rest.length ? at + 1 + rest.readUInt32BE(at + 1) : Number.POSITIVE_INFINITY;
      if (end > rest.length) break;
      tell(rest[at] ?? 0, rest.subarray(at + 5, end));
      at = end;
    }
    rest = rest.subarray(at);
  };
}
