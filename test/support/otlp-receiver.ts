import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it was sent. */
export type ReceivedSpan = {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for one without a parent. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** 0: not set, 1: well, 2: an error. */
  readonly status: number;
  readonly resource: Readonly<Record<string, unknown>>;
};

/** Takes traces over OTLP (HTTP, Protobuf), as a collector does. */
export type OtlpReceiver = {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  stop(): Promise<void>;
};

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const isTraces = request.url === '/v1/traces' && request.headers['content-type'] === 'application/x-protobuf';
    if (isTraces) spans.push(...spansIn(Buffer.concat(chunks)));
    response.writeHead(isTraces ? 200 : 404, { 'Content-Type': 'application/x-protobuf' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The fields of a message of Protobuf by their numbers, in order: bytes, or a number. */
type Fields = Map<number, (Buffer | bigint | number)[]>;

function fieldsOf(message: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Buffer => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const kind = tag & 7;
    const value = kind === 0 ? varint() : kind === 1 ? take(8).readDoubleLE() : take(kind === 2 ? Number(varint()) : 4);
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}

const messages = (fields: Fields, number: number): Fields[] =>
  (fields.get(number) ?? []).filter((value) => Buffer.isBuffer(value)).map(fieldsOf);

function bytes(fields: Fields | undefined, number: number): Buffer {
  const [value] = fields?.get(number) ?? [];
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

function attributesOf(fields: Fields | undefined, number: number): Record<string, unknown> {
  return Object.fromEntries(
    messages(fields ?? new Map(), number).map((pair) => {
      const [[kind, [value]] = [0, []]] = messages(pair, 2)[0] ?? [];
      return [bytes(pair, 1).toString(), kind === 1 && Buffer.isBuffer(value) ? value.toString() : Number(value)];
    }),
  );
}

function spansIn(request: Buffer): ReceivedSpan[] {
  return messages(fieldsOf(request), 1).flatMap((perResource) =>
    messages(perResource, 2).flatMap((perScope) =>
      messages(perScope, 2).map((span) => ({
        traceId: bytes(span, 1).toString('hex'),
        spanId: bytes(span, 2).toString('hex'),
        parentSpanId: bytes(span, 4).toString('hex'),
        name: bytes(span, 5).toString(),
        attributes: attributesOf(span, 9),
        status: Number(messages(span, 15)[0]?.get(3)?.[0] ?? 0),
        resource: attributesOf(messages(perResource, 1)[0], 1),
      })),
    ),
  );
}
