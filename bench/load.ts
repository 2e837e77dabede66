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

/** Asks for random ones of these paths for some seconds. Throws unless each answer is a script that boots. */
export async function load(url: string, paths: readonly string[], seconds: number): Promise<Load> {
  const latencies: number[] = [];
  let first = 0;
  let last = 0;
  const run = autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    sampleInt: 100,
    headers: { 'User-Agent': 'iPXE/1.21.1' },
    setupClient: (client) => client.setRequests(randomRequests(paths)),
    verifyBody: isBootScript,
  });
  const before = performance.eventLoopUtilization();
  run.on('response', (_client, _status, _bytes, milliseconds) => {
    last = performance.now();
    first ||= last;
    latencies.push(milliseconds);
  });
  const { errors, mismatches, non2xx } = await run;
  const client = performance.eventLoopUtilization(before).utilization;
  if (errors + mismatches + non2xx > 0 || latencies.length < 2) {
    throw new Error(
      `${url}: ${latencies.length} answers, ${non2xx} not 2xx, ${mismatches} boot nothing, ${errors} errors`,
    );
  }
  return {
    rate: (latencies.length / (last - first)) * 1000,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    client,
  };
}

// Built before the run: building a request while it runs takes the client longer than some servers take for the answer.
function randomRequests(paths: readonly string[]): { path: string }[] {
  return Array.from({ length: REQUESTS }, () => ({ path: paths[Math.floor(Math.random() * paths.length)] ?? '/' }));
}
