import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedInventory } from '../../src/adapters/inventory/fixed.ts';
import { macOf, nidFrom, xnameOf } from '../support/identifiers.ts';
import { ownComponent, ownInsert, ownInterface } from '../support/own-entries.ts';
import { type TestApp, testApp } from '../support/test-app.ts';
import { type EmptiedStore, emptiedStore, NO_ORPHANS, PARAMETERS } from './emptied-store.ts';
import { createModel, type Expected, type Model } from './model.ts';
import type { Identifier, Named } from './model-body.ts';
import { canonical, type RecordJson } from './model-record.ts';
import { bodyOf, MACS, NIDS, type Step, sequences, XNAMES } from './requests.ts';
import { runParameters, TEST_TIMEOUT } from './run-parameters.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Identifiers of one node each; the third xname, the last MAC and the third NID belong to nobody that is known. */
const KNOWN: readonly (readonly Identifier[])[] = [
  [XNAMES[0], MACS[0], MACS[1], NIDS[0]],
  [XNAMES[1], MACS[2], NIDS[1]],
];
const inventory = fixedInventory(
  KNOWN.map((identifiers) => {
    const texts = identifiers.filter((one) => typeof one === 'string');
    return {
      xname: texts.filter((text) => !text.includes(':')).map(xnameOf)[0],
      macs: texts.filter((text) => text.includes(':')).map(macOf),
      nid: identifiers.filter((one) => typeof one === 'number').map(nidFrom)[0],
      addresses: [],
      groups: [],
      enabled: true,
      details: {},
    };
  }),
);

/** The same nodes as they are added by hand. */
const BY_HAND = KNOWN.flatMap((identifiers) => {
  const texts = identifiers.filter((one) => typeof one === 'string');
  const xname = texts.find((text) => !text.includes(':')) ?? '';
  const NID = identifiers.find((one) => typeof one === 'number') ?? 0;
  return [
    ownComponent(xname, { NID }),
    ...texts.filter((text) => text.includes(':')).map((mac) => ownInterface(mac, xname)),
  ];
});
const nodeOfKnown = (identifier: Identifier) => KNOWN.find((node) => node.includes(identifier))?.[0] ?? identifier;

/** Which node an identifier belongs to: standalone one of its own. */
const worlds = [
  { world: 'standalone', inventory: undefined, byHand: [], nodeOf: (identifier: Identifier) => identifier },
  {
    world: 'with an inventory that knows several identifiers of a node',
    inventory,
    byHand: [],
    nodeOf: nodeOfKnown,
  },
  {
    world: 'standalone, with several identifiers of a node added by hand',
    inventory: undefined,
    byHand: BY_HAND,
    nodeOf: nodeOfKnown,
  },
];

describe.each(worlds)('boot parameters, $world', ({ inventory, byHand, nodeOf }) => {
  let under: EmptiedStore;
  let app: TestApp;
  beforeAll(async () => {
    under = await emptiedStore();
    if (byHand.length > 0) await under.add(ownInsert(...byHand));
    app = testApp({ store: under.store, own: under.own, inventory });
  });
  afterAll(() => under.close());

  it(
    'are after any sequence of requests what a model of them says',
    async () => {
      const sequence = fc.asyncProperty(sequences, async (steps) => {
        await under.empty();
        const model = createModel(nodeOf);
        for (const step of steps) await take(app, model, step);
        expect(await under.orphans()).toEqual(NO_ORPHANS);
        expect(app.errors).toEqual([]);
      });
      await fc.assert(sequence, runParameters(60));
    },
    TEST_TIMEOUT,
  );
});

it('the model shares no code with the service', () => {
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder).filter((file) => /^model.*\.ts$/.test(file));
  expect(files).toContain('model.ts');
  const imported = files.flatMap((file) =>
    [...readFileSync(new URL(file, folder), 'utf8').matchAll(/(?:from|import)[ (]*'([^']+)'/g)].map(([, from]) => from),
  );
  expect(imported.length).toBeGreaterThan(0);
  expect(imported.filter((from) => !from?.startsWith('./model'))).toEqual([]);
});

/** Sends one step to the service and to the model, and compares what both answer and hold then. */
async function take(app: TestApp, model: Model, step: Step): Promise<void> {
  const before = model.list();
  const body = bodyOf(step, before);
  const sent = `after ${step.method} ${JSON.stringify(body)}`;
  if (body !== undefined) {
    const method = step.method === 'back' ? 'PUT' : step.method;
    const expected = model.write(method, body);
    if (step.method === 'back') {
      // What GET lists is taken by PUT as it is, and is kept.
      expect(expected.status, sent).toBe(200);
      expect(sorted(model.list()), sent).toEqual(sorted(before));
    }
    await compareAnswer(app, expected, method, body);
  }

  const listed = await app.send('GET', PARAMETERS);
  expect(listed.status, sent).toBe(200);
  expect(sorted(await listed.json()), sent).toEqual(sorted(model.list()));
  await compareFound(app, model, step.asked);
}

async function compareAnswer(app: TestApp, expected: Expected, method: string, body: object): Promise<void> {
  const answer = await app.send(method, PARAMETERS, body);
  const text = await answer.text();
  const sent = `${method} ${JSON.stringify(body)}`;
  expect([answer.status, text], sent).toEqual([expected.status, expect.any(String)]);
  const token = answer.headers.get('BSS-Referral-Token');
  if (expected.token) expect(token, sent).toMatch(UUID);
  else expect(token, sent).toBeNull();
  if (expected.record !== undefined) expect(inOrder(JSON.parse(text)), sent).toEqual(expected.record);
  else if (expected.status === 200) expect(text, sent).toBe('');
  else expect(JSON.parse(text), sent).toMatchObject({ type: 'about:blank', status: expected.status });
}

async function compareFound(app: TestApp, model: Model, asked: Named): Promise<void> {
  const keyOf = (node: Identifier): string => {
    if (typeof node === 'number') return 'nid';
    return node.includes(':') ? 'mac' : 'name';
  };
  const query = [...asked.nodes.map((node) => [keyOf(node), node]), ...asked.tags.map((tag) => ['name', tag])];
  if (query.length === 0) return;
  const answer = await app.send('GET', `${PARAMETERS}?${query.map((pair) => pair.join('=')).join('&')}`);
  const expected = model.find(asked);
  const sent = `GET ${JSON.stringify(query)}`;
  expect(answer.status, sent).toBe(expected.length > 0 ? 200 : 404);
  if (expected.length > 0) expect(sorted(await answer.json()), sent).toEqual(sorted(expected));
}

/** A list of records in one order, each with its identifiers in one order. */
function sorted(records: unknown): unknown[] {
  if (!Array.isArray(records)) throw new Error('not a list');
  return records.map(inOrder).sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
}

function inOrder(record: RecordJson): RecordJson {
  const { hosts, macs, nids } = record;
  return {
    ...record,
    ...(hosts && { hosts: hosts.toSorted() }),
    ...(macs && { macs: macs.toSorted() }),
    ...(nids && { nids: nids.toSorted((a, b) => a - b) }),
  };
}
