/**
 * `npm run dev:worker`: the Worker in workerd over a PostgreSQL of its own, without an account and without a network.
 * Settings are the environment's BSS_* and HSM_* variables; the port is PORT or 27778. Ctrl-C ends it and drops the data.
 */
import { startWorkerService } from '../test/support/worker-service.ts';

const settings: Record<string, string> = {};
for (const [name, value] of Object.entries(process.env)) {
  if (/^(BSS|HSM)_/.test(name) && value !== undefined) settings[name] = value;
}

// No handlers for SIGINT and SIGTERM: Miniflare's own ends workerd and then the process, and PostgreSQL follows by itself.
const { url, databaseUrl } = await startWorkerService(settings, {
  port: Number(process.env.PORT ?? 27778),
  onLog: (text) => console.log(text),
});
console.log(`${url} (database: ${databaseUrl})`);
