/** The doctor over Compose files: what is said, where it stands, what is not done, and that its edits are what Compose reads. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Report, ReportTarget } from '../../src/model/report.ts';
import { type Ended, start } from './program.ts';

const SECRET = 'hunter2-compose-value';

const FILE = `# the shop
x-common: &common
  restart: unless-stopped

services:
  notes:   # keeps notes
    <<: *common
    image: acme/mcp-notes:1.4
    command: node server.js --host 127.0.0.1 --port 3000
    ports:
      - "\${NOTES_PORT:-3000}:3000"
    healthcheck:
      test: ["CMD-SHELL", "curl http://localhost:3000/ || exit 0"]

  agent:
    image: acme/agent
    depends_on:
      - notes
    environment:
      NOTES_URL: http://localhost:3000/mcp
      NOTES_TOKEN: ${SECRET}

include:
  - other.yaml
`;

let home: string;
let project: string;

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'mcpreach-e2e-compose-'));
  project = join(home, 'shop');
  await mkdir(project);
});
after(async () => rm(home, { recursive: true, force: true }));

async function put(name: string, text: string): Promise<string> {
  await writeFile(join(project, name), text);
  return name;
}

function run(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return start(args, { HOME: home, USERPROFILE: home, XDG_STATE_HOME: '', ...variables }, project).ended;
}

async function report(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Report> {
  const { stdout, stderr } = await run(['doctor', ...args, '--json'], variables);
  assert.ok(!(stdout + stderr).includes(SECRET), 'a value of a variable is shown');
  const document = JSON.parse(stdout) as Report;
  assert.equal(document.schema, 'mcpreach.report/1', stdout + stderr);
  return document;
}

function named({ targets }: Report, name: string): ReportTarget {
  const target = targets.find((one) => one.name === name);
  assert.ok(target, `no target ${name} in ${targets.map((one) => one.name).join(', ')}`);
  return target;
}

function codes({ findings }: ReportTarget): readonly string[] {
  return findings.map(({ cause }) => cause);
}

test('each service says what is wrong with it, and where', async () => {
  const found = await report([await put('compose.yaml', FILE)]);
  assert.deepEqual(
    found.targets.map(({ name, status, cause }) => [name, status, cause]),
    [
      ['notes', 'failed', 'container-loopback'],
      ['agent', 'failed', 'container-network'],
      ['compose.yaml', 'ok', null],
    ],
  );
  const notes = named(found, 'notes');
  assert.deepEqual(codes(notes), ['container-loopback', 'compose-no-health-gate', 'exposed-to-network']);
  assert.deepEqual(notes.source, { file: 'compose.yaml', line: 6, column: 3, scope: 'custom' });
  assert.equal(notes.transport, 'http');
  assert.match(notes.findings[0]?.evidence[0] ?? '', /^compose\.yaml:9:5: command: node server\.js --host 127\.0\.0\.1/);
  assert.equal(named(found, 'agent').source?.line, 15);
  assert.match(named(found, 'compose.yaml').address, /other\.yaml not read/);
});

test('the block to write is shown as an edit of the file', async () => {
  const notes = named(await report([await put('compose.yaml', FILE)]), 'notes');
  const diffs = notes.findings.find(({ cause }) => cause === 'compose-no-health-gate')?.remedies.flatMap(({ diff }) => diff ?? []) ?? [];
  assert.equal(diffs.length, 2);
  assert.match(diffs.join('\n'), /^\+ +test: .*mcpreach.*http:\/\/127\.0\.0\.1:3000\/mcp/m);
  assert.match(diffs.join('\n'), /^\+ +notes:\n\+ +condition: service_healthy$/m);
  const open = notes.findings.find(({ cause }) => cause === 'exposed-to-network')?.remedies[0]?.diff ?? '';
  assert.match(open, /^\+ +- "127\.0\.0\.1:\$\{NOTES_PORT:-3000\}:3000"$/m);
});

test('no engine is asked', async () => {
  let asked = 0;
  const engine = createServer((socket) => {
    asked += 1;
    socket.destroy();
  }).listen(join(home, 'docker.sock'));
  await once(engine, 'listening');
  await report([await put('compose.yaml', FILE)], { DOCKER_HOST: `unix://${join(home, 'docker.sock')}` });
  engine.close();
  assert.equal(asked, 0);
});

test('a file in order, under any name and by one of its services', async () => {
  const text = 'services:\n  notes:\n    image: acme/mcp-notes\n    ports: ["127.0.0.1:3000:3000"]\n  db:\n    image: postgres\n';
  for (const name of ['docker-compose.yml', 'stack.yaml']) {
    const { targets, summary } = await report([await put(name, text)]);
    assert.deepEqual(
      targets.map((one) => [one.name, one.status]),
      [['notes', 'ok']],
    );
    assert.equal(summary.ok, 1);
  }
  assert.equal((await report(['stack.yaml#notes'])).targets.length, 1);
  const { code, stderr } = await run(['doctor', 'stack.yaml#nots']);
  assert.equal(code, 2);
  assert.match(stderr, /Did you mean notes\?/);
});

test('what is no Compose file, or cannot be read, is told', async () => {
  const tabs = named(await report([await put('compose.yml', 'services:\n\tnotes: {image: x}\n')]), 'compose.yml');
  assert.deepEqual([tabs.status, tabs.cause, tabs.client, tabs.source?.line], ['failed', 'config-syntax', null, 2]);
  const shapeless = named(await report([await put('docker-compose.yaml', 'services: [notes]\n')]), 'docker-compose.yaml');
  assert.equal(shapeless.cause, 'config-bad-entry');
  const empty = await report([await put('compose.yaml', 'services: {db: {image: postgres}}\n')]);
  assert.match(empty.targets[0]?.summary ?? '', /no service that looks like an MCP server/);
  const client = await report([await put('continue.yaml', 'mcpServers:\n  - name: a\n    command: none\n'), '--no-spawn']);
  assert.equal(client.targets[0]?.client, 'continue');
  const { code, stderr } = await run(['wait', 'compose.yml', '--timeout', '1s']);
  assert.equal(code, 2);
  assert.match(stderr, /Compose file/);
});

test('where the text comes from an anchor, the block is told in words', async () => {
  const text = `x-web: &web
  image: acme/mcp
  healthcheck: {test: "true"}
services:
  notes: *web
  agent: {image: a, depends_on: [notes]}
`;
  const notes = named(await report([await put('anchors.yaml', text)]), 'notes');
  const steps = notes.findings[0]?.remedies ?? [];
  assert.ok(
    steps.some(({ kind, title }) => kind === 'tell' && /test: \["CMD","mcpreach","wait"/.test(title)),
    JSON.stringify(steps),
  );
});

test('fix writes the address that leads to the service, and nothing else', async () => {
  const text = FILE.replace(' --host 127.0.0.1', '');
  await put('shop.yaml', text);
  const { code, stdout, stderr } = await run(['fix', 'shop.yaml#agent', '--yes']);
  assert.equal(code, 0, stdout + stderr);
  assert.ok(!(stdout + stderr).includes(SECRET));
  assert.equal(await readFile(join(project, 'shop.yaml'), 'utf8'), text.replace('http://localhost:3000/mcp', 'http://notes:3000/mcp'));
});
