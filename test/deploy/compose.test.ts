import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { environment } from '../../src/platform/config/environment';

const root = resolve(__dirname, '../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

interface Service {
  image?: string;
  build?: string;
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  command?: string[];
  stop_grace_period?: string;
}
const compose = parse(read('compose.yaml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, null>;
};
const known = Object.keys(environment.shape);
const servers = ['app-1', 'app-2'].map((name) => compose.services[name] as Service);
const nginx = read('deploy/nginx.conf');
const dockerfile = read('Dockerfile');
/** What the server answers without signing in. */
const operations = read('src/platform/http/operations.ts');
const isServed = (path: string) => operations.includes(`'${path}'`);

describe('compose.yaml', () => {
  test('two servers with the same settings, each a variable that the server knows', () => {
    expect(servers[0]).toEqual(servers[1]);
    const settings = servers[0]?.environment ?? {};
    expect(Object.keys(settings).filter((name) => !known.includes(name))).toEqual([]);
    expect(environment.parse({ ...settings, ...asked })).toMatchObject({ PORT: 3000, METRICS_PORT: 9100 });
  });
  const asked = { PARLEY_SECRET_KEY: 'x'.repeat(64), PARLEY_PUBLIC_URL: 'https://chat.example.com' };

  test('what must be secret or is different everywhere is asked for, not preset', () => {
    const settings = servers[0]?.environment ?? {};
    for (const name of Object.keys(asked)) expect(settings[name]).toMatch(new RegExp(`^\\$\\{${name}:\\?`));
    const variables = [...read('compose.yaml').matchAll(/\$\{(PARLEY_\w+)/g)].map(([, name]) => name ?? '');
    expect([...new Set(variables)].filter((name) => !known.includes(name))).toEqual(['PARLEY_HTTP_PORT']);
  });

  test('whoever is named is there: services, volumes, hosts, mounted files', () => {
    const names = Object.keys(compose.services);
    for (const service of Object.values(compose.services)) {
      expect(names).toEqual(expect.arrayContaining(Object.keys(service.depends_on ?? {})));
      for (const volume of service.volumes ?? []) {
        const source = volume.split(':')[0] ?? '';
        if (!source.startsWith('./')) expect(Object.keys(compose.volumes)).toContain(source);
        // parley.yaml is what the operator writes.
        else if (source !== './parley.yaml')
          expect({ source, isThere: existsSync(join(root, source)) }).toEqual({ source, isThere: true });
      }
    }
    const settings = servers[0]?.environment ?? {};
    const hosts = [settings['MONGODB_URL'], settings['REDIS_URL']]
      .flatMap((url) => /\/\/([^/]+)/.exec(url ?? '')?.[1]?.split(',') ?? [])
      .map((address) => address.split(':')[0] ?? '');
    expect(hosts).toHaveLength(4);
    expect(names).toEqual(expect.arrayContaining(hosts));
  });

  test('the members of the replica set are those that the servers connect to', () => {
    const settings = servers[0]?.environment ?? {};
    const set = compose.services['mongo-1']?.healthcheck?.test.join(' ') ?? '';
    const members = [...set.matchAll(/host: '([^']+)'/g)].map(([, host]) => host);
    expect(settings['MONGODB_URL']).toBe(`mongodb://${members.join(',')}/parley?replicaSet=rs0`);
    for (const name of ['mongo-1', 'mongo-2', 'mongo-3'])
      expect(compose.services[name]?.command).toEqual(['mongod', '--replSet', 'rs0', '--bind_ip_all']);
  });

  test('a server has more time to stop than it takes at most to drain', () => {
    const drainMs = Number(servers[0]?.environment?.['PARLEY_DRAIN_MS']);
    expect(Number(servers[0]?.stop_grace_period?.replace('s', '')) * 1_000).toBeGreaterThan(drainMs);
  });

  test('health is asked where the server answers, and only nginx is open to the outside', () => {
    const asked = JSON.stringify(Object.values(compose.services).map(({ healthcheck }) => healthcheck));
    const paths = [...asked.matchAll(/http:\/\/127\.0\.0\.1:\d+(\/\w+)/g)].map(([, path]) => path ?? '');
    expect(paths).toHaveLength(3);
    expect(paths.filter((path) => !isServed(path))).toEqual([]);
    const open = Object.entries(compose.services).filter(([, { ports }]) => ports);
    expect(open.map(([name]) => name)).toEqual(['nginx']);
  });
});

describe('nginx.conf', () => {
  test('it passes on to the servers of compose.yaml, on the port on which they listen', () => {
    const upstreams = [...nginx.matchAll(/server (app-\d):(\d+)/g)].map(
      ([, name, port]) => `${name}:${port}`,
    );
    expect([...new Set(upstreams)].sort()).toEqual(['app-1:3000', 'app-2:3000']);
    expect(servers[0]?.environment?.['PORT']).toBe('3000');
    expect(compose.services['nginx']?.ports?.[0]).toContain(`:${/listen (\d+)/.exec(nginx)?.[1]}`);
  });
});

describe('Dockerfile', () => {
  const stages = dockerfile.split(/^FROM /m).slice(1);
  const last = stages.at(-1) ?? '';

  test('it runs Node 24 as a user without rights, and health is asked where the server answers', () => {
    for (const stage of stages) expect(stage).toMatch(/^node:24-/);
    expect(last).toMatch(/^USER node$/m);
    expect(last.indexOf('USER node')).toBeGreaterThan(last.lastIndexOf('RUN '));
    expect(isServed(/HEALTHCHECK[^]*?3000(\/\w+)/.exec(last)?.[1] ?? '')).toBe(true);
    expect(last).toMatch(/CMD \["node", "dist\/main\.js"\]/);
  });

  test('every setting is one that the server knows, and everything that is copied exists or is built', () => {
    const names = [...(/^ENV (.*)$/m.exec(last)?.[1] ?? '').matchAll(/(\w+)=/g)].map(
      ([, name]) => name ?? '',
    );
    expect(names.filter((name) => !known.includes(name))).toEqual(['NODE_ENV']);
    const copied = [...last.matchAll(/COPY --from=build \/parley\/(\S+)/g)].map(([, path]) => path ?? '');
    const built = ['node_modules', 'dist', 'agent-console/dist'];
    expect(copied.filter((path) => !built.includes(path) && !existsSync(join(root, path)))).toEqual([]);
    expect(copied).toEqual(expect.arrayContaining([...built, 'knowledge-base', 'flows']));
  });

  test('what it builds from is not left out of its context', () => {
    const left = read('.dockerignore').split('\n');
    for (const needed of ['src', 'scripts', 'agent-console', 'package-lock.json', 'flows', 'knowledge-base'])
      expect(left).not.toContain(needed);
    expect(left).toEqual(expect.arrayContaining(['.git', 'data', '.env', '**/node_modules']));
  });
});
