import { Context } from 'hono';
import { expect, it } from 'vitest';
import { takingTurns } from '../../src/node/turns.ts';

const request = (): Context => new Context(new Request('http://boot.example/'));

it('large requests are worked on one after the other, in the order they came', async () => {
  const { turn, endTurn } = takingTurns();
  const requests = [request(), request(), request()] as const;
  const begun: number[] = [];
  const turns = requests.map((c, at) => turn(c).then(() => begun.push(at)));
  for (const [at, c] of requests.entries()) {
    await turns[at];
    await new Promise(setImmediate);
    expect(begun).toHaveLength(at + 1);
    endTurn(c);
  }
  expect(begun).toEqual([0, 1, 2]);
});

it('a request that took no turn ends none', async () => {
  const { turn, endTurn } = takingTurns();
  await turn(request());
  const second = turn(request()).then(() => 'begun');
  endTurn(request());
  expect(await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 20, 'waits'))])).toBe('waits');
});

it('who would wait behind too many is told to come again', async () => {
  const { turn, endTurn } = takingTurns();
  const [first, ...others] = [request(), ...Array.from({ length: 16 }, request)] as const;
  const requests = [first, ...others];
  const turns = [await turn(first), ...others.map((c) => turn(c))];
  await expect(turn(request())).rejects.toMatchObject({ code: 'unavailable' });
  for (const [at, c] of requests.entries()) {
    await turns[at];
    endTurn(c);
  }
});

it('who waits too long is told to come again, and is in nobody’s way after that', async () => {
  const { turn, endTurn } = takingTurns(20);
  const first = request();
  await turn(first);
  await expect(turn(request())).rejects.toMatchObject({ code: 'unavailable' });
  endTurn(first);
  await expect(turn(request())).resolves.toBeUndefined();
});
