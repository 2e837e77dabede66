import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readExposition, type Sample } from '../support/exposition.ts';
import { send } from '../support/http-client.ts';
import { type NodeProcess, spawnNode, until } from '../support/node-process.ts';
import { freshDatabase } from '../support/postgres.ts';
import { selectorsIn } from '../support/promql.ts';
import { type SmdSimulator, startSmd } from '../support/smd-simulator.ts';

const read = (name: string): string => readFileSync(new URL(`../../ops/${name}`, import.meta.url), 'utf8');
const text = v.pipe(v.string(), v.nonEmpty());

const target = v.object({ expr: text, legendFormat: text });
const panel = v.object({
  ...{ id: v.number(), title: text, description: v.optional(text), targets: v.optional(v.array(target), []) },
  gridPos: v.object({ h: v.number(), w: v.number(), x: v.number(), y: v.number() }),
});
const { panels } = v.parse(v.object({ panels: v.array(panel) }), JSON.parse(read('grafana/bss-edge.json')));

const rule = v.strictObject({
  ...{ alert: v.pipe(text, v.startsWith('BssEdge')), expr: text, for: v.pipe(text, v.regex(/^[0-9]+m$/)) },
  labels: v.strictObject({ severity: v.picklist(['critical', 'warning', 'info']) }),
  annotations: v.strictObject({ summary: text, description: v.pipe(text, v.minLength(80)) }),
});
const { groups } = v.parse(
  v.strictObject({ groups: v.array(v.strictObject({ name: text, rules: v.array(rule) })) }),
  load(read('prometheus/alerts.yaml')),
);
const rules = groups.flatMap((group) => group.rules);

/** What Prometheus itself adds. */
const ADDED = { metric: 'up', labels: ['job', 'instance', 'le'] };

describe('the dashboard and the alerts', () => {
  let smd: SmdSimulator;
  let service: NodeProcess;
  let samples: Sample[];
  beforeAll(async () => {
    smd = await startSmd({ nodes: [{ xname: 'x0c0s0b0n0', macs: ['02:00:00:00:00:01'] }] });
    service = await spawnNode({ DATABASE_URL: await freshDatabase(inject('postgresUrl')), HSM_URL: smd.url });
    const get = (path: string) => send(service.origin, 'GET', path);
    await until(
      () => get('/ready'),
      ({ status }) => status === 200,
    );
    await get('/boot/v1/bootparameters');
    await get('/boot/v1/bootscript?mac=02:00:00:00:00:01');
    samples = await until(
      async () => readExposition((await get('/metrics')).text),
      // Until some garbage was collected.
      (seen) => seen.some(({ name }) => name === 'nodejs_gc_duration_seconds_sum'),
    );
  });
  afterAll(async () => {
    service.signal('SIGTERM');
    await service.exitCode();
    await smd.stop();
  });

  const expressions = [...panels.flatMap(({ targets }) => targets), ...rules].map(({ expr }) => expr);

  it('read only metrics, by only those labels, that the service has', () => {
    expect(expressions.length).toBeGreaterThan(40);
    const wrong = expressions.flatMap((expr) => {
      const selectors = selectorsIn(expr);
      expect([expr, selectors.length > 0]).toEqual([expr, true]);
      return selectors.flatMap(({ metric, labels }) => {
        const found = samples.filter(({ name }) => name === metric);
        if (found.length === 0 && metric !== ADDED.metric) return [`${metric} in ${expr}`];
        const known = [...ADDED.labels, ...found.flatMap((sample) => Object.keys(sample.labels))];
        return labels.filter((label) => !known.includes(label)).map((label) => `${metric}{${label}} in ${expr}`);
      });
    });
    expect(wrong).toEqual([]);
  });

  it('use all metrics of our own', () => {
    const used = new Set(expressions.flatMap((expr) => selectorsIn(expr).map(({ metric }) => familyOf(metric))));
    const own = new Set(samples.map(({ name }) => familyOf(name)).filter((name) => name.startsWith('bss_')));
    expect([...own].filter((name) => !used.has(name))).toEqual([]);
  });

  it('show labels in words only where an expression has kept them', () => {
    for (const { annotations, expr } of rules) {
      const named = [...annotations.summary.matchAll(/\$labels\.([a-z]+)/g)].map(([, name]) => name ?? '');
      const by = /by \(([^)]*)\)/.exec(expr)?.[1]?.split(', ');
      if (by !== undefined) expect([expr, named.filter((name) => !by.includes(name))]).toEqual([expr, []]);
    }
  });
});

const familyOf = (metric: string): string => metric.replace(/_(bucket|sum|count)$/, '');

it('has panels that do not overlap, each with a title and a number of its own', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const taken = new Set<string>();
  for (const { title, gridPos } of panels) {
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect([title, x < 24, taken.has(`${x} ${y}`)]).toEqual([title, true, false]);
        taken.add(`${x} ${y}`);
      }
    }
  }
});

it('has alerts for all that matters, each named once', () => {
  const names = rules.map(({ alert }) => alert.slice('BssEdge'.length));
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(
    expect.arrayContaining([
      ...['Down', 'NotReady', 'StoreOld', 'InventoryOld', 'Errors', 'Shedding', 'ScriptsSlow', 'EventLoopLate'],
      ...['DatabaseErrors', 'SmdErrors'],
    ]),
  );
});

it('reads PromQL strictly enough to see what is none', () => {
  for (const expr of ['rate(a[5m]', 'a{b="c"', 'a[5 minutes]', 'a{b="c}', 'sum(a))']) {
    expect(() => selectorsIn(expr)).toThrow();
  }
  expect(selectorsIn('sum by (le, x) (rate(a_bucket{b=~"c"}[5m])) / c > 0.5')).toEqual([
    { metric: 'a_bucket', labels: ['b', 'le', 'x'] },
    { metric: 'c', labels: ['le', 'x'] },
  ]);
});
