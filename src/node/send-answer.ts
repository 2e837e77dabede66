import type { ServerResponse } from 'node:http';
import type { Answer } from '../http/answer.ts';

/** Sends an answer as the response to one of Node's own requests. */
export function sendAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  headers['Content-Length'] = Buffer.byteLength(body);
  response.writeHead(status, headers);
  response.end(body);
}
