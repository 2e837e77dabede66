import { type IncomingHttpHeaders, request } from 'node:http';

/** An answer, read to its end. */
export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; fails the test when it is none. */
  json(): unknown;
};

/** Sends a request as the clients in the field do: any method with a body, no Content-Type. `fetch` refuses a GET with one. */
export function send(
  origin: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const payload = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const sent = request(
      `${origin}${path}`,
      { method, headers: { ...(payload && { 'Content-Length': payload.length }), ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const { statusCode = 0, headers: answered } = response;
          resolve({ status: statusCode, headers: answered, text, json: () => JSON.parse(text) as unknown });
        });
      },
    );
    // A server may answer and close before it has read all of a body that is too large: its answer counts.
    sent.on('error', (error) => setTimeout(() => reject(error), 1000).unref());
    sent.end(payload);
  });
}
