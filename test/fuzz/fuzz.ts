/**
 * `npm run test:fuzz`: runs the service on an empty embedded database and lets schemathesis send whatever the service's
 * own OpenAPI document allows and forbids. Fails on any answer that breaks one of the checks.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { send } from '../support/http-client.ts';
import { spawnNode, until } from '../support/node-process.ts';

const SCHEMATHESIS = fileURLToPath(new URL('../../.schemathesis/bin/schemathesis', import.meta.url));

/** What is held against every answer. */
const CHECKS = [
  // No 5xx.
  'not_a_server_error',
  // No answer that the document does not allow: its status, type, headers and body.
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  // No input that the document forbids is accepted, and no method that it does not name.
  'negative_data_rejection',
  'unsupported_method',
  'allow_header_conformance',
  // What was removed is gone.
  'use_after_free',
];

/** Requests per operation and phase. */
const EXAMPLES = process.env.FUZZ_EXAMPLES ?? '150';

async function main(): Promise<number> {
  if (!existsSync(SCHEMATHESIS)) {
    process.stderr.write('test:fuzz needs schemathesis: run "sh test/fuzz/install.sh" first\n');
    return 1;
  }
  const folder = await mkdtemp(join(tmpdir(), 'bss-fuzz-'));
  const service = await spawnNode({ BSS_DATA_DIR: folder, BSS_LOG_LEVEL: 'error' });
  try {
    await until(
      () => send(service.origin, 'GET', '/boot/v1/bootparameters'),
      ({ status }) => status === 200,
    );
    process.stdout.write(`checks: ${CHECKS.join(', ')}\n`);
    const fuzzer = spawn(
      SCHEMATHESIS,
      [
        'run',
        `${service.origin}/openapi.json`,
        ...['--checks', CHECKS.join(',')],
        ...['--mode', 'all'],
        ...['--max-examples', EXAMPLES],
        ...['--request-timeout', '10'],
        ...['--workers', '2'],
        ...['--suppress-health-check', 'all'],
        '--continue-on-failure',
        '--no-color',
        ...process.argv.slice(2),
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const [code] = await once(fuzzer, 'exit');
    const alive = (await send(service.origin, 'GET', '/boot/v1/service/status')).status === 200;
    if (!alive || service.output().includes('a fault of the program')) {
      process.stderr.write(`the service did not stand it:\n${service.output().slice(-4000)}\n`);
      return 1;
    }
    return code === 0 ? 0 : 1;
  } finally {
    service.signal('SIGTERM');
    await service.exitCode();
    await rm(folder, { recursive: true });
  }
}

process.exitCode = await main();
