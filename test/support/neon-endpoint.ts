import { once } from 'node:events';
import { createAdaptorServer } from '@hono/node-server';
import pg from 'pg';
import * as v from 'valibot';

/** Neon's SQL over HTTP, as `neon()` of @neondatabase/serverless 1.2 speaks it, in front of any PostgreSQL. */
export interface NeonEndpoint {
  /** Where to forward what the driver sends to `https://api.<host>/sql`, or a `neonConfig.fetchEndpoint`. */
  readonly url: string;
  /** How many requests came so far. A batch is one. */
  requests(): number;
  /** Refuses further requests and ends the connections to the database. */
  close(): Promise<void>;
  /** The same without a socket, for `neonConfig.fetchFunction`. */
  handle(request: Request): Promise<Response>;
}

const Statement = v.object({ query: v.string(), params: v.optional(v.array(v.nullable(v.string())), []) });
type Statement = v.InferOutput<typeof Statement>;
const Payload = v.union([Statement, v.object({ queries: v.array(Statement) })]);

const ISOLATION_LEVELS = new Map([
  ['ReadUncommitted', 'READ UNCOMMITTED'],
  ['ReadCommitted', 'READ COMMITTED'],
  ['RepeatableRead', 'REPEATABLE READ'],
  ['Serializable', 'SERIALIZABLE'],
]);

// The driver parses the values by itself, from PostgreSQL's own text.
const AS_TEXT = { getTypeParser: () => (text: string) => text };

/** Serves one database on a free port of 127.0.0.1. Connections are pooled, as at Neon: nothing of a session lasts. */
export async function startNeonEndpoint(databaseUrl: string): Promise<NeonEndpoint> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });
  // When the database goes away, idle connections must not end the process, nor must those in use, whose queries fail anyway.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  let requests = 0;

  async function handle(request: Request): Promise<Response> {
    requests += 1;
    const { headers } = request;
    const payload = v.safeParse(Payload, await request.json().catch(() => undefined));
    const level = headers.get('Neon-Batch-Isolation-Level');
    if (!payload.success) return refusal('invalid payload');
    if (headers.get('Neon-Connection-String') === null) return refusal('missing connection string');
    if (headers.get('Neon-Raw-Text-Output') !== 'true') return refusal('this endpoint answers with raw text only');
    if (level !== null && !ISOLATION_LEVELS.has(level)) return refusal('invalid isolation level');
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      return failure(error, 500);
    }
    try {
      return Response.json(await answer(client, payload.output, headers));
    } catch (error) {
      return failure(error, 400);
    } finally {
      client.release();
    }
  }

  const server = createAdaptorServer({ fetch: handle, overrideGlobalObjects: false }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}/sql`,
    requests: () => requests,
    handle,
    async close() {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await pool.end();
    },
  };
}

async function answer(
  client: pg.PoolClient,
  payload: v.InferOutput<typeof Payload>,
  headers: Headers,
): Promise<object> {
  const arrayMode = headers.get('Neon-Array-Mode') === 'true';
  if ('query' in payload) return run(client, payload, arrayMode);
  const results: object[] = [];
  await client.query(startTransaction(headers));
  try {
    for (const statement of payload.queries) results.push(await run(client, statement, arrayMode));
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
  return { results };
}

async function run(client: pg.PoolClient, { query, params }: Statement, rowAsArray: boolean): Promise<object> {
  // Extended mode even without parameters, as at Neon: it takes one command only.
  const config = { text: query, values: params, rowMode: 'array' as const, queryMode: 'extended', types: AS_TEXT };
  const { command, rowCount, fields, rows } = await client.query<unknown[]>(config);
  const named = (row: unknown[]) => Object.fromEntries(fields.map(({ name }, column) => [name, row[column]]));
  return { command, rowCount, fields, rowAsArray, rows: rowAsArray ? rows : rows.map(named) };
}

function startTransaction(headers: Headers): string {
  const level = ISOLATION_LEVELS.get(headers.get('Neon-Batch-Isolation-Level') ?? '');
  const modes = level === undefined ? [] : [`ISOLATION LEVEL ${level}`];
  if (headers.get('Neon-Batch-Read-Only') === 'true') modes.push('READ ONLY');
  if (headers.get('Neon-Batch-Deferrable') === 'true') modes.push('DEFERRABLE');
  return `START TRANSACTION ${modes.join(', ')}`;
}

function refusal(message: string): Response {
  return Response.json({ message }, { status: 400 });
}

// What PostgreSQL reports is a 400 with all its fields, and the driver makes a NeonDbError of them. The rest has no code.
function failure(error: unknown, status: number): Response {
  if (!(error instanceof pg.DatabaseError)) return Response.json({ message: String(error) }, { status });
  const { message, severity, code, detail, hint, position, internalPosition, internalQuery, where } = error;
  const { schema, table, column, dataType, constraint, file, line, routine } = error;
  const place = { position, internalPosition, internalQuery, where, schema, table, column, dataType, constraint };
  return Response.json({ message, severity, code, detail, hint, ...place, file, line, routine }, { status: 400 });
}
