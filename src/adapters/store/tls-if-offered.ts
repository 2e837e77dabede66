import { isIP, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

/** PostgreSQL's question whether it speaks TLS: its length, and a number that is no version of the protocol. */
const QUESTION = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * A connection that node-postgres takes for a plain socket, but is encrypted when the server offers that. `pg` itself gives
 * up when it does not.
 */
export function tlsIfOffered(options: ConnectionOptions): Duplex {
  const socket = new Socket();
  let inner: Duplex = socket;
  const outer = new Duplex({
    allowHalfOpen: false,
    read: () => void inner.resume(),
    write: (chunk, encoding, done) => void inner.write(chunk, encoding, done),
    final: (done) => void inner.end(done),
    destroy(error, done) {
      inner.destroy();
      socket.destroy();
      done(error);
    },
  });

  function follow(stream: Duplex): void {
    inner = stream;
    stream.on('error', (error) => outer.destroy(error));
    stream.on('close', () => outer.destroy());
  }

  function start(): void {
    inner.on('data', (chunk) => {
      if (!outer.push(chunk)) inner.pause();
    });
    inner.on('end', () => outer.push(null));
    outer.emit('connect');
  }

  function ask(host: string): void {
    socket.once('data', (answer) => {
      // More than the one letter would be somebody's who speaks for the server before it is encrypted.
      const said = answer.length === 1 ? answer.toString('latin1') : '';
      if (said === 'N') return start();
      if (said !== 'S') return void outer.destroy(new Error('the server does not answer as PostgreSQL does'));
      const secured = connectTls({ ...options, socket, host, ...(isIP(host) === 0 && { servername: host }) }, start);
      follow(secured);
    });
    socket.write(QUESTION);
  }

  follow(socket);
  return Object.assign(outer, {
    connect(port: number | string, host?: string) {
      // Without a host it is the file of a Unix socket, where nobody listens in.
      if (host === undefined) socket.connect(String(port), start);
      else socket.connect(Number(port), host, () => ask(host));
      return outer;
    },
    setNoDelay: (on: boolean) => socket.setNoDelay(on),
    setKeepAlive: (on: boolean, delay: number) => socket.setKeepAlive(on, delay),
    ref: () => socket.ref(),
    unref: () => socket.unref(),
  });
}
