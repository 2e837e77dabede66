import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { send } from '../support/http-client.ts';
import { type NodeProcess, spawnNode, until } from '../support/node-process.ts';
import { freshDatabase } from '../support/postgres.ts';

const PARAMETERS = '/boot/v1/bootparameters';
const MAC = '02:00:00:00:00:01';

/** The Node entry, in a process of its own. */
describe('among clients that are slow or send much', () => {
  let service: NodeProcess;
  beforeAll(async () => {
    service = await spawnNode({ DATABASE_URL: await freshDatabase(inject('postgresUrl')), BSS_LOG_LEVEL: 'error' });
    await until(
      () => send(service.origin, 'GET', PARAMETERS),
      ({ status }) => status === 200,
    );
    await send(service.origin, 'PUT', PARAMETERS, { macs: [MAC], kernel: 'http://files/k' });
  });
  afterAll(async () => {
    service.signal('SIGTERM');
    await service.exitCode();
  });

  /** Sends a beginning, then a byte each second; answers what came back, and after how many seconds it was cut off. */
  function trickle(beginning: string, drop: string): Promise<{ text: string; seconds: number }> {
    return new Promise((resolve) => {
      const started = performance.now();
      let text = '';
      const socket = connect(service.port, '127.0.0.1', () => socket.write(beginning));
      const dropping = setInterval(() => socket.write(drop), 1000);
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        clearInterval(dropping);
        resolve({ text, seconds: (performance.now() - started) / 1000 });
      });
    });
  }

  it('answers the others as ever, and cuts off who is not done after 30 seconds [limits.slow-headers-are-cut] [limits.slow-body-is-cut] [limits.nobody-waits-for-others]', async () => {
    const post = 'POST /boot/v1/bootparameters HTTP/1.1\r\nHost: a\r\n';
    const slow = Promise.all(
      Array.from({ length: 50 }, () => [
        trickle('GET /boot/v1/service/status HTTP/1.1\r\nHost: a\r\nX-Slow: ', 'x'),
        trickle(`${post}Content-Length: 1000\r\n\r\n{"macs":[`, ' '),
        trickle(`${post}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'),
        trickle('GET /', 'a'),
        trickle('', ''),
      ]).flat(),
    );
    let isOver = false;
    slow.then(() => {
      isOver = true;
    });
    const most = Buffer.from(`{"hosts":["Global"],"cloud-init":{"user-data":{"a":"${'a'.repeat(8_388_000)}"}}}`);
    const many = Buffer.from(`{"nids":[${'1,'.repeat(4_190_000)}1]}`);
    const much = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        expect((await send(service.origin, 'PUT', PARAMETERS, many)).status).toBe(400);
        await sleep(100);
      }
    });
    // One of the largest bodies that are kept, in the middle of it all.
    expect((await send(service.origin, 'PUT', PARAMETERS, most)).status).toBe(200);
    const waits: number[] = [];
    while (!isOver) {
      const started = performance.now();
      const { text } = await send(service.origin, 'GET', `/boot/v1/bootscript?mac=${MAC}`);
      expect(text).toContain('http://files/k');
      waits.push(performance.now() - started);
      await sleep(50);
    }
    await Promise.all(much);
    waits.sort((a, b) => a - b);
    expect(waits.length).toBeGreaterThan(50);
    expect(waits.at(Math.floor(waits.length / 2))).toBeLessThan(500);
    expect(waits.at(-1)).toBeLessThan(3000);
    for (const { text, seconds } of await slow) {
      expect(seconds).toBeGreaterThan(25);
      expect(seconds).toBeLessThan(45);
      expect(text).toMatch(/^$|^HTTP\/1\.1 408 /);
    }
    expect(await send(service.origin, 'GET', `${PARAMETERS}?nid=1`)).toMatchObject({ status: 404 });
  }, 90_000);
});
