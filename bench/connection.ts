import { connect } from 'node:net';

/** An answer; the names of its headers are in lower case. */
export type Answer = { readonly status: number; readonly headers: ReadonlyMap<string, string>; readonly body: string };

/** A connection to an HTTP server that is kept for one request after the other, as each iPXE has its own. */
export type Connection = {
  /** Whether it can be asked: not before the last answer is whole, and not once it is closed. */
  readonly isFree: boolean;
  /** Sends a GET as iPXE does. Throws `BrokenConnection` when no whole answer comes. */
  get(path: string): Promise<Answer>;
  close(): void;
};

/** It was refused, was closed before an answer was whole, or stood still for too long. */
export class BrokenConnection extends Error {
  /** Nothing of an answer had come: who asked on a connection that was used before may ask on a new one. */
  readonly isUnanswered: boolean;

  constructor(message: string, isUnanswered: boolean) {
    super(message);
    this.isUnanswered = isUnanswered;
  }
}

type Waiting = { resolve(answer: Answer): void; reject(error: Error): void };

const HEAD_END = '\r\n\r\n';

/**
 * Connects to a server's URL. Nothing of Node's own client stands between: it would take longer than some servers, and
 * with it thousands of clients would wait for one another. `stall` is how many milliseconds it may stand still.
 */
export function openConnection(url: string, stall: number): Connection {
  const { hostname, port, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let waiting: Waiting | undefined;
  let received = '';
  let isClosed = false;

  function end(reason: string): void {
    isClosed = true;
    socket.destroy();
    waiting?.reject(new BrokenConnection(reason, received === ''));
    waiting = undefined;
  }

  // Scripts are ASCII, and lengths are of bytes.
  socket.setEncoding('latin1');
  socket.setTimeout(stall, () => end('it stood still'));
  socket.on('error', ({ message }) => end(message));
  socket.on('close', () => end('the server closed it'));
  socket.on('data', (text) => {
    received += text;
    const answer = parseAnswer(received);
    if (answer === undefined) return;
    received = '';
    const asker = waiting;
    waiting = undefined;
    if (asker === undefined) end('an answer that nobody asked for');
    if (answer.headers.get('connection') === 'close') end('the server closes it');
    asker?.resolve(answer);
  });

  return {
    get isFree() {
      return !isClosed && waiting === undefined;
    },
    get(path) {
      return new Promise((resolve, reject) => {
        if (isClosed || waiting !== undefined) return reject(new BrokenConnection('it is not free', true));
        waiting = { resolve, reject };
        socket.write(
          `GET ${path} HTTP/1.1\r\nConnection: keep-alive\r\nUser-Agent: iPXE/1.21.1+\r\nHost: ${host}\r\n\r\n`,
        );
      });
    },
    close: () => end('closed'),
  };
}

/** `undefined` while it is not whole. Without a length it would end with the connection only: that is no answer here. */
function parseAnswer(text: string): Answer | undefined {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd === -1) return undefined;
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const rest = text.slice(headEnd + HEAD_END.length);
  const body = headers.get('transfer-encoding') === 'chunked' ? joinChunks(rest) : cut(rest, headers);
  return body === undefined ? undefined : { status: Number(statusLine.split(' ')[1]), headers, body };
}

function cut(rest: string, headers: ReadonlyMap<string, string>): string | undefined {
  const length = Number(headers.get('content-length') ?? Number.NaN);
  return rest.length >= length ? rest.slice(0, length) : undefined;
}

function joinChunks(text: string): string | undefined {
  let body = '';
  for (let at = 0; ; ) {
    const lineEnd = text.indexOf('\r\n', at);
    const length = lineEnd === -1 ? Number.NaN : Number.parseInt(text.slice(at, lineEnd), 16);
    const from = lineEnd + 2;
    if (!(from + length + 2 <= text.length)) return undefined;
    if (length === 0) return body;
    body += text.slice(from, from + length);
    at = from + length + 2;
  }
}
