import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be disturbed. */
export type DatabaseProxy = {
  readonly port: number;
  /** From now on: as it should be, or nothing gets through and nobody is told, or new connections are closed at once. */
  mode: 'pass' | 'stall' | 'refuse';
  /** Cuts the connections that there are; new ones get through. */
  cut(): void;
  stop(): Promise<void>;
};

/** Passes connections to a port of this machine on. What stalls is passed on once it does so again. */
export async function startProxy(target: number): Promise<DatabaseProxy> {
  const sockets = new Set<Socket>();
  let mode: DatabaseProxy['mode'] = 'pass';
  const server = createServer((client) => {
    if (mode === 'refuse') return void client.destroy();
    const upstream = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (mode === 'stall') from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get mode() {
      return mode;
    },
    set mode(next) {
      mode = next;
      for (const socket of sockets) {
        if (mode === 'stall') socket.pause();
        else socket.resume();
      }
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
