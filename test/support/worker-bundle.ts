import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unstable_readConfig } from 'wrangler';

/** The Worker's roads to a database, and the environments of wrangler.toml: for each road there is a Worker of its own. */
const ENVIRONMENTS = { neon: '', hyperdrive: 'hyperdrive' } as const;
export type WorkerRoad = keyof typeof ENVIRONMENTS;
export const WORKER_ROADS = ['neon', 'hyperdrive'] as const satisfies WorkerRoad[];

/** What `wrangler deploy` would upload: one module. */
export type WorkerBundle = {
  readonly code: string;
  /** How many bytes of it come from which file. */
  readonly inputs: Readonly<Record<string, number>>;
};

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CONFIG = join(ROOT, 'wrangler.toml');

/** What wrangler.toml says of the Worker for a road. */
export function workerConfig(road: WorkerRoad): ReturnType<typeof unstable_readConfig> {
  return unstable_readConfig({ config: CONFIG, env: ENVIRONMENTS[road] }, { hideWarnings: true });
}

const bundled = new Map<string, Promise<WorkerBundle>>();

/** Bundles the Worker for a road, or another one at `main`, a path from the root of the project. Made once in a process. */
export function workerBundle(road: WorkerRoad, main?: string): Promise<WorkerBundle> {
  const key = main ?? road;
  const made = bundled.get(key) ?? makeBundle(road, main);
  bundled.set(key, made);
  return made;
}

async function makeBundle(road: WorkerRoad, main: string | undefined): Promise<WorkerBundle> {
  const folder = await mkdtemp(join(tmpdir(), 'bss-worker-'));
  const [outdir, metafile] = [join(folder, 'out'), join(folder, 'metafile.json')];
  try {
    const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
    const args = ['deploy', '--dry-run', '--config', CONFIG, `--env=${ENVIRONMENTS[road]}`];
    const files = [...(main === undefined ? [] : [main]), '--outdir', outdir, '--metafile', metafile];
    const env = {
      ...process.env,
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      WRANGLER_LOG_PATH: folder,
    };
    await promisify(execFile)(process.execPath, [wrangler, ...args, ...files], { cwd: ROOT, env });
    const [module, ...others] = (await readdir(outdir)).filter((name) => !/\.map$|^README\.md$/.test(name));
    if (module === undefined || others.length > 0) throw new Error(`not one module, but ${[module, ...others]}`);
    const code = await readFile(join(outdir, module), 'utf8');
    return { code, inputs: inputsOf(await readFile(metafile, 'utf8')) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As much as is used here of what esbuild says of its work. */
type Metafile = {
  readonly outputs: Readonly<Record<string, { readonly inputs: Record<string, { readonly bytesInOutput: number }> }>>;
};

function inputsOf(metafile: string): Record<string, number> {
  const { outputs }: Metafile = JSON.parse(metafile);
  const all = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return Object.fromEntries(all.map(([path, { bytesInOutput }]) => [path, bytesInOutput]));
}
