import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { limitCrowd } from '../../src/http/crowd.ts';
import { problemOf } from '../../src/http/problem.ts';

/** A service whose requests end when a test says so. */
function slowApp() {
  const ends: (() => void)[] = [];
  const app = new Hono();
  app.onError((error) => problemOf(error));
  app.use(limitCrowd());
  app.all('/', async (c) => {
    await new Promise<void>((resolve) => ends.push(resolve));
    return c.text('done');
  });
  const ask = async (method: string): Promise<Response> => app.request('http://boot.example/', { method });
  return { ask, endAll: () => ends.splice(0).forEach((end) => void end()) };
}

describe('While as many requests are worked on as may be', () => {
  it.each([
    ['GET', 500, 'POST'],
    ['POST', 1000, 'GET'],
    ['PUT', 1000, 'HEAD'],
  ])('another %s is turned away at once and told when to come again (%i, but no %s)', async (method, most, other) => {
    const { ask, endAll } = slowApp();
    const inside = Array.from({ length: most }, () => ask(method));
    const away = await ask(method);
    expect(away.status).toBe(503);
    expect(await away.json()).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: 'too many requests at once',
    });
    const seconds = Number(away.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThanOrEqual(2);
    expect(seconds).toBeLessThanOrEqual(4);

    const otherwise = ask(other);
    endAll();
    expect((await otherwise).status).toBe(200);
    for (const one of inside) expect((await one).status).toBe(200);

    const again = ask(method);
    endAll();
    expect((await again).status).toBe(200);
  });
});
