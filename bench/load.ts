import autocannon from 'autocannon';
import { isBootScript } from './nodes.ts';
import { percentile } from './percentile.ts';

const CONNECTIONS = 64;
/** Random requests per connection, after which it begins again: together more than there are nodes. */
const REQUESTS = 400;

/** What one run showed. */
export type Load = {
  /** Answers per second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
  /** How busy the client's own loop was, 0 to 1: at 1 it is the client that limits the rate, and not the server. */
  readonly client: number;
};

/** A request, and whether an answer with status 200 is the one to it. */
export type Ask = { readonly path: string; isAnswer(body: string): boolean };

/** The rate is that of right answers; the times are those of all. */
export type Measured = Load & {
  readonly right: number;
  /** Other answers, broken connections and time-outs. */
  readonly wrong: number;
};

/** Asks for random ones of these paths for some seconds. Throws unless each answer is a script that boots. */
export async function load(url: string, paths: readonly string[], seconds: number): Promise<Load> {
  const asks = paths.map((path): Ask => ({ path, isAnswer: isBootScript }));
  const { right, wrong, ...measured } = await measure(url, asks, seconds);
  if (wrong > 0 || right < 2)
    throw new Error(`${url}: ${right} scripts that boot and ${wrong} other answers or errors`);
  return measured;
}

/** Asks random ones of these for some seconds, on so many connections that never rest. */
export async function measure(
  url: string,
  asks: readonly Ask[],
  seconds: number,
  connections = CONNECTIONS,
): Promise<Measured> {
  const latencies: number[] = [];
  let right = 0;
  let first = 0;
  let last = 0;
  const requests = asks.map(({ path, isAnswer }) => ({
    path,
    onResponse(status: number, body: string) {
      if (status === 200 && isAnswer(body)) right += 1;
    },
  }));
  const run = autocannon({
    url,
    connections,
    duration: seconds,
    sampleInt: 100,
    headers: { 'User-Agent': 'iPXE/1.21.1' },
    setupClient: (client) => client.setRequests(randomOnes(requests)),
  });
  const before = performance.eventLoopUtilization();
  run.on('response', (_client, _status, _bytes, milliseconds) => {
    last = performance.now();
    first ||= last;
    latencies.push(milliseconds);
  });
  const { errors } = await run;
  const client = performance.eventLoopUtilization(before).utilization;
  return {
    right,
    wrong: latencies.length - right + errors,
    rate: (right / (last - first)) * 1000 || 0,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    client,
  };
}

// Built before the run: building a request while it runs takes the client longer than some servers take for the answer.
function randomOnes<T>(all: readonly T[]): T[] {
  return Array.from({ length: REQUESTS }, () => all[Math.floor(Math.random() * all.length)]).filter(
    (one) => one !== undefined,
  );
}
