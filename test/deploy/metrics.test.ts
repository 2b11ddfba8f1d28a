import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';

const docs = resolve(__dirname, '../../docs');
const dashboard = JSON.parse(readFileSync(join(docs, 'grafana-dashboard.json'), 'utf8')) as {
  panels: { id: number; title: string; targets: { expr: string }[] }[];
};
const operating = readFileSync(join(docs, 'operating.md'), 'utf8');
const namesIn = (text: string) =>
  [...new Set(text.match(/\b(parley|process|nodejs)_[a-z0-9_]*[a-z0-9]\b/g) ?? [])].sort();

let journey: Journey;
let types: Map<string, string>;
let labels: Map<string, Set<string>>;
beforeAll(async () => {
  journey = await startJourney();
  const customer = journey.sandbox.telegram.customer('acme-telegram', 'is measured');
  await customer.sendText('how long until my order ships?');
  await customer.waitFor(() => true);
  const page = await (await fetch(`${journey.url}/metrics`)).text();
  types = new Map(
    [...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name ?? '', type ?? '']),
  );
  labels = new Map();
  for (const [, name = '', found = ''] of page.matchAll(/^(\w+)(?:\{([^}]*)\})? /gm)) {
    const keys = [...found.matchAll(/(\w+)="/g)].map(([, key]) => key ?? '');
    labels.set(name, new Set([...(labels.get(name) ?? []), ...keys]));
  }
});
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

const exists = (name: string) => types.has(name) || types.has(name.replace(/_(bucket|count|sum)$/, ''));

test('every metric of the dashboard is one that the server gives', () => {
  const names = dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namesIn(expr)));
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !exists(name))).toEqual([]);
});

test('every label that the dashboard sums by is one of the metric', () => {
  for (const { title, targets } of dashboard.panels)
    for (const { expr } of targets) {
      const by = /by \(([^)]*)\)/.exec(expr)?.[1]?.split(/,\s*/) ?? [];
      const [name = ''] = namesIn(expr);
      const missing = by.filter((label) => label !== 'instance' && !labels.get(name)?.has(label));
      expect({ title, missing }).toEqual({ title, missing: [] });
    }
});

test('panels have ids of their own', () => {
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
});

test('the list in operating.md is the list of our metrics, each with its type', () => {
  const listed = new Map(
    [...operating.matchAll(/^\| `(parley_\w+)`\s*\| (\w+)/gm)].map(([, name, type]) => [name, type]),
  );
  const ours = [...types].filter(([name]) => name.startsWith('parley_'));
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(ours));
});

test('every metric that operating.md alerts on exists', () => {
  const named = namesIn(operating).filter((name) => !['process', 'nodejs'].includes(name));
  expect(named.filter((name) => !exists(name))).toEqual([]);
});

test('every variable that operating.md names is one that the server reads', async () => {
  const { environment } = await import('../../src/platform/config/environment');
  const named = [
    ...new Set(operating.match(/\b(PARLEY_[A-Z_]+|METRICS_PORT|MONGODB_URL|REDIS_URL)\b/g) ?? []),
  ];
  expect(named.filter((name) => !(name in environment.shape))).toEqual([]);
});
