import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be disturbed. */
export type DatabaseProxy = {
  readonly port: number;
  /** From now on: as it should be, or nothing gets through and nobody is told, or new connections are closed at once. */
  mode: 'pass' | 'stall' | 'refuse';
  /** Cuts the connections that there are; new ones get through. */
  cut(): void;
  /** The next time that this text goes to the server, it gets there, and its answer does not come back: all is cut, and from then on refused. */
  loseAnswerTo(text: string): void;
  stop(): Promise<void>;
};

/** Passes connections to a port of this machine on. What stalls is passed on once it does so again. */
export async function startProxy(target: number): Promise<DatabaseProxy> {
  const sockets = new Set<Socket>();
  let mode: DatabaseProxy['mode'] = 'pass';
  let last: string | undefined;
  const server = createServer((client) => {
    if (mode === 'refuse') return void client.destroy();
    const upstream = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk: Buffer) => {
        if (last === undefined || from !== client || !chunk.includes(last)) return void to.write(chunk);
        last = undefined;
        mode = 'refuse';
        // Its own end first: what it is still to be told must have got to it before.
        sockets.delete(upstream);
        upstream.removeAllListeners('data').resume().end(chunk);
        client.removeAllListeners('close');
        cut();
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (mode === 'stall') from.pause();
    }
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
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
    cut,
    loseAnswerTo(text) {
      last = text;
    },
    async stop() {
      cut();
      server.close();
    },
  };
}
