import type { Server } from 'node:http';

/** V8 settles how much room the objects of a class have in themselves when it has made seven of them; some more do no harm. */
const ENOUGH = 10;

/**
 * Has V8 settle what a server's requests, responses and sockets are like. It goes by those made first, and only by those that
 * are not collected before there are seven, so these are kept until then. A service that reads a large site between its first
 * few requests would come to have each of them be a hash table until the process ends, and every script take half as long
 * again.
 */
export function settleShapes(server: Server): void {
  keepFirst(server, 'request');
  keepFirst(server, 'connection');
}

/** Keeps what comes with the first of these events, until there were enough. */
function keepFirst(server: Server, event: 'request' | 'connection'): void {
  const kept: (readonly object[])[] = [];
  function keep(...made: readonly object[]): void {
    kept.push(made);
    if (kept.length === ENOUGH) server.off(event, keep);
  }
  server.on(event, keep);
}
