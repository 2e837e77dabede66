import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { median } from './percentile.ts';

/**
 * What `wrangler deploy` would upload for an environment of `wrangler.toml`, in bytes, and the processor time in milliseconds
 * that an isolate takes to start with it.
 */
export type WorkerBundle = {
  readonly environment: string;
  readonly raw: number;
  readonly gzipped: number;
  readonly startUp: number;
};

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CONFIG = join(ROOT, 'wrangler.toml');
const STARTS = 3;

/** What V8 profiles: how long each sample stands for, in microseconds, and where the code was. */
const profile = v.object({
  nodes: v.array(v.object({ id: v.number(), callFrame: v.object({ functionName: v.string() }) })),
  samples: v.array(v.number()),
  timeDeltas: v.array(v.number()),
});

/** Bundles the Worker for each environment, and starts it some times under wrangler's profiler. Files go into `folder`. */
export async function measureBundles(folder: string): Promise<WorkerBundle[]> {
  const named = [...readFileSync(CONFIG, 'utf8').matchAll(/^\[env\.(\w+)\]$/gm)].map(([, name = '']) => name);
  const bundles: WorkerBundle[] = [];
  for (const environment of ['', ...named]) bundles.push(await measureBundle(environment, folder));
  return bundles;
}

async function measureBundle(environment: string, folder: string): Promise<WorkerBundle> {
  const outdir = join(folder, `bundle-${environment}`);
  await wrangler(environment, folder, 'deploy', '--dry-run', '--outdir', outdir);
  const files = readdirSync(outdir).filter((name) => /\.(js|mjs|wasm)$/.test(name));
  const content = Buffer.concat(files.map((name) => readFileSync(join(outdir, name))));
  const starts: number[] = [];
  for (let start = 0; start < STARTS; start++) starts.push(await measureStart(environment, folder));
  return { environment, raw: content.length, gzipped: gzipSync(content).length, startUp: median(starts) };
}

async function measureStart(environment: string, folder: string): Promise<number> {
  const outfile = join(folder, 'startup.cpuprofile');
  await wrangler(environment, folder, 'check', 'startup', '--outfile', outfile);
  const { nodes, samples, timeDeltas } = v.parse(profile, JSON.parse(readFileSync(outfile, 'utf8')));
  const idle = nodes.find(({ callFrame }) => callFrame.functionName === '(idle)')?.id;
  const active = timeDeltas.filter((_, at) => samples[at] !== idle);
  return active.reduce((sum, delta) => sum + delta, 0) / 1000;
}

async function wrangler(environment: string, folder: string, ...args: readonly string[]): Promise<void> {
  const program = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
  const quiet = { WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', WRANGLER_LOG_PATH: folder };
  const config = ['--config', CONFIG, `--env=${environment}`];
  await promisify(execFile)(process.execPath, [program, ...args, ...config], {
    cwd: ROOT,
    env: { ...process.env, ...quiet },
  });
}
