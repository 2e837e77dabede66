import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** V8 settles how much room the objects of a class have in themselves when it has made seven of them; some more do no harm. */
const ENOUGH = 10;

/**
 * Has V8 settle what a server's requests, responses and sockets are like. It goes by those made first, and only by those that
 * are not collected before there are seven, so these are kept until then. A service that reads a large site between its first
 * few requests would come to have each of them be a hash table until the process ends, and every script take half as long
 * again.
 */
export function settleShapes(server: Server): void {
  const requests: object[] = [];
  const sockets: object[] = [];
  function keepRequest(request: IncomingMessage, response: ServerResponse): void {
    requests.push(request, request.headers, response);
    if (requests.length >= 3 * ENOUGH) server.off('request', keepRequest);
  }
  function keepSocket(socket: Socket): void {
    sockets.push(socket);
    if (sockets.length >= ENOUGH) server.off('connection', keepSocket);
  }
  server.on('request', keepRequest).on('connection', keepSocket);
}
