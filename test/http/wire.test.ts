import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../support/http-client.ts';
import { type Service, services } from './service.ts';

/** What stands on the wire before Hono sees it. In workerd these limits are the runtime's own. */
describe('on the wire, the Node entry', () => {
  let service: Service;
  beforeAll(async () => {
    service = await services.Node({});
  });
  afterAll(() => service.stop());

  /** Sends bytes as they are; answers what came back until the server closes or falls silent. */
  function raw(bytes: string, silence = 500): Promise<string> {
    const { hostname, port } = new URL(service.origin);
    return new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), hostname, () => socket.write(bytes));
      socket.setTimeout(silence, () => socket.destroy());
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
    });
  }

  const STATUS = 'GET /boot/v1/service/status HTTP/1.1\r\n';

  it('refuses a Host that is none, two of them, and a target in absolute form, with a problem [reading-requests.bad-host-is-400] [reading-requests.both-lengths-are-400] [reading-requests.absolute-target-is-400]', async () => {
    for (const head of [
      `${STATUS}Host: a b\r\n`,
      `${STATUS}Host: x/y\r\n`,
      `${STATUS}Host: a:port\r\n`,
      `${STATUS}Host: [::1\r\n`,
      `${STATUS}Host: a:99999\r\n`,
      `${STATUS}Host:\r\n`,
      STATUS,
      `${STATUS}Host: 999.1.1.1\r\n`,
      `${STATUS}Host: [::::]\r\n`,
      `${STATUS}Host: a\r\nExpect: wonders\r\n`,
      'OPTIONS * HTTP/1.1\r\nHost: a\r\n',
      `${STATUS}Host: a\r\nHost: b\r\n`,
      'GET http://elsewhere/boot/v1/service/status HTTP/1.1\r\nHost: a\r\n',
      `${STATUS}Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n`,
      'NONSENSE\r\n',
    ]) {
      const answer = await raw(`${head}\r\n`);
      expect([head, answer.slice(0, 12)]).toEqual([head, 'HTTP/1.1 400']);
      expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
      expect(answer).toContain('"status":400');
      expect(answer).toMatch(/x-request-id: [0-9a-f-]{36}/i);
    }
  });

  it('closes the connection of a client that it could not understand', async () => {
    // The time-out of `raw` is far beyond: the server ends it.
    expect(await raw('NONSENSE\r\n\r\n', 20_000)).toMatch(/connection: close/i);
  });

  it('refuses headers of more than 16 KiB with 431 [limits.headers-over-16-kib-are-431]', async () => {
    const answer = await raw(`${STATUS}Host: a\r\nX-Long: ${'x'.repeat(17_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 [\s\S]*"status":431/);
  });

  it('refuses a chunked body of more than 8 MiB with 413 [limits.chunked-body-over-8-mib-is-413]', async () => {
    const chunk = `100000\r\n${' '.repeat(0x100000)}\r\n`;
    const head = 'POST /boot/v1/bootparameters HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await raw(`${head}${chunk.repeat(9)}0\r\n\r\n`, 3000)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('refuses a body that is announced as too large without waiting for it', async () => {
    const head = 'PUT /boot/v1/bootparameters HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n{';
    expect(await raw(head, 2000)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('reads the body of a GET, chunked or not [reading-requests.get-body-chunked] [get-bootparameters.nobody-is-named]', async () => {
    const body = '{"macs":["02:00:00:00:00:77"]}';
    const get = 'GET /boot/v1/bootparameters HTTP/1.1\r\nHost: a\r\n';
    const sized = await raw(`${get}Content-Length: ${body.length}\r\n\r\n${body}`);
    const chunked = await raw(
      `${get}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    for (const answer of [sized, chunked]) expect(answer).toMatch(/^HTTP\/1\.1 404 [\s\S]*02:00:00:00:00:77/);
  });

  it('does not believe the scheme that an untrusted client forwards [bootscript.chain-ignores-strangers]', async () => {
    const headers = { 'X-Forwarded-Proto': 'https', Host: 'boot.lab' };
    const { text } = await send(service.origin, 'GET', '/boot/v1/bootscript?mac=02:00:00:00:00:01', undefined, headers);
    expect(text).toContain(' http://boot.lab/boot/v1/bootscript?');
  });

  it('serves a client of HTTP/1.0 and two requests on one connection', async () => {
    expect(await raw('GET /health HTTP/1.0\r\nHost: a\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
    const two = await raw(`${STATUS}Host: a\r\n\r\n${STATUS}Host: a\r\n\r\n`);
    expect(two.match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
    expect(two).toMatch(/keep-alive: timeout=65/i);
  });
});
