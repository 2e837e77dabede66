import type { ServerResponse } from 'node:http';
import type { Answer } from '../http/answer.ts';

/** Sends an answer as the response to one of Node's own requests. */
export function sendAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  const length = Buffer.byteLength(body);
  headers['Content-Length'] = length;
  response.writeHead(status, headers);
  // As many bytes as characters are ASCII, which Latin-1 says in the same bytes, and Node in a twentieth less time.
  response.end(body, length === body.length ? 'latin1' : 'utf8');
}
