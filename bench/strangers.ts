/**
 * Nodes that nobody knows, as a process of its own: `node bench/strangers.ts <url> <nodes> <seconds>`. Each asks for its
 * script every so many seconds, as iPXE does with the wait script's `arch`, evenly spread, and not again before it was
 * answered. Ends when its standard input does, and then writes what they were answered, as JSON.
 */
import { Agent, get } from 'node:http';
import { isBootScript } from './nodes.ts';
import { percentile } from './percentile.ts';
import type { StrangerCounts } from './strangers-process.ts';

const [url = '', nodes, seconds] = process.argv.slice(2);
const count = Number(nodes);
const period = Number(seconds) * 1000;
/** Milliseconds between two looks at who is due. */
const TICK = 5;

const agent = new Agent({ keepAlive: true });
const waiting = new Set<number>();
const latencies: number[] = [];
const kinds = { wait: 0, unavailable: 0, other: 0, broken: 0 };
const began = performance.now();
let due = 0;

function ask(stranger: number): void {
  waiting.add(stranger);
  const mac = `06%3A00%3A00%3A00%3A${hex(stranger >> 8)}%3A${hex(stranger & 255)}`;
  const ts = Math.floor(Date.now() / 1000);
  const start = performance.now();
  const end = (kind: keyof typeof kinds): void => {
    if (!waiting.delete(stranger)) return;
    kinds[kind] += 1;
    latencies.push(performance.now() - start);
  };
  const target = `${url}/boot/v1/bootscript?mac=${mac}&arch=x86_64&ts=${ts}`;
  get(target, { agent, headers: { 'User-Agent': 'iPXE/1.21.1' } }, (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (part: string) => {
      body += part;
    });
    response.on('end', () => {
      const { statusCode, headers } = response;
      if (statusCode === 200 && body.startsWith('#!ipxe\n') && !isBootScript(body)) end('wait');
      else end(statusCode === 503 && headers['retry-after'] !== undefined ? 'unavailable' : 'other');
    });
    response.on('error', () => end('broken'));
  }).on('error', () => end('broken'));
}

const ticking = setInterval(() => {
  for (const now = ((performance.now() - began) / period) * count; due < now; due++) {
    const stranger = due % count;
    if (!waiting.has(stranger)) ask(stranger);
  }
}, TICK);

process.stdin.resume().once('end', () => {
  clearInterval(ticking);
  const report: StrangerCounts = {
    ...kinds,
    unanswered: waiting.size,
    p99: percentile(latencies, 0.99),
    longest: percentile(latencies, 1),
  };
  process.stdout.write(JSON.stringify(report), () => process.exit(0));
});

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
