import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, openConnection } from './connection.ts';
import { percentile } from './percentile.ts';

const CONNECTIONS = 64;
/** Milliseconds that an answer may stand still. */
const STALL = 10_000;
/** Milliseconds before a connection that broke is opened anew. */
const PAUSE = 10;

/** A request, and whether the body of an answer with status 200 is the one to it. */
export type Ask = { readonly path: string; isAnswer(body: string): boolean };

/** What one run showed. The rate is that of right answers; the times are those of all. */
export type Measured = {
  readonly right: number;
  /** Other answers, and connections that broke or stood still. */
  readonly wrong: number;
  /** Answers per second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
  /** How busy the client's own loop was, 0 to 1: at 1 it is the client that limits the rate, and not the server. */
  readonly client: number;
};

/** Asks random ones of these for some seconds, on so many connections that never rest. */
export function measure(
  url: string,
  asks: readonly Ask[],
  seconds: number,
  connections = CONNECTIONS,
): Promise<Measured> {
  const deadline = performance.now() + seconds * 1000;
  const any = (now: number) => (now < deadline ? asks[Math.floor(Math.random() * asks.length)] : undefined);
  return measureWhile(url, any, connections);
}

/** Asks each of these once, in their order. */
export function measureEach(url: string, asks: readonly Ask[]): Promise<Measured> {
  const left = asks.values();
  return measureWhile(url, () => left.next().value, CONNECTIONS);
}

/** Asks what `next` gives, as long as it gives anything. */
async function measureWhile(
  url: string,
  next: (now: number) => Ask | undefined,
  connections: number,
): Promise<Measured> {
  const latencies: number[] = [];
  let right = 0;
  let broken = 0;
  let last = 0;
  const began = performance.now();

  async function askOn(first: Connection): Promise<void> {
    let connection = first;
    for (;;) {
      const start = performance.now();
      const ask = next(start);
      if (ask === undefined) return connection.close();
      try {
        const { status, body } = await connection.get(ask.path);
        last = performance.now();
        latencies.push(last - start);
        if (status === 200 && ask.isAnswer(body)) right += 1;
      } catch {
        broken += 1;
        await sleep(PAUSE);
        connection = openConnection(url, STALL);
      }
    }
  }

  const before = performance.eventLoopUtilization();
  await Promise.all(Array.from({ length: connections }, () => askOn(openConnection(url, STALL))));
  const client = performance.eventLoopUtilization(before).utilization;
  return {
    right,
    wrong: latencies.length - right + broken,
    rate: (right / (last - began)) * 1000 || 0,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    client,
  };
}
