import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createSilence } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { EngineState } from '../../src/model/containers.ts';
import { surveyEngines } from '../../src/system/containers/engines.ts';

/** Unix sockets in a folder, as engines have them outside of Windows. */
const unix = { skip: process.platform === 'win32' ? 'no Unix sockets in files' : false };
let folder = '';
const servers: { close(): void }[] = [];

before(async () => (folder = await mkdtemp(join(tmpdir(), 'mcpreach-engines-'))));
after(async () => {
  for (const server of servers) server.close();
  await rm(folder, { recursive: true, force: true });
});

/** An engine on a socket of its own that answers from a table of paths. */
async function engine(name: string, answers: Readonly<Record<string, string | Buffer>>, status = 200): Promise<string> {
  const server: Server = createServer((request, response) => {
    const answer = request.url === '/_ping' ? 'OK' : answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : status).end(answer ?? '{"message":"no such thing"}');
  });
  const path = join(folder, name);
  await new Promise<void>((done) => server.listen(path, done));
  servers.push(server);
  return path;
}

/** What came of the engine that these settings name; none of the machine's own ones counts. */
async function survey(environment: Readonly<Record<string, string>>, source: string) {
  const found = await surveyEngines({ HOME: folder, XDG_RUNTIME_DIR: folder, ...environment }, AbortSignal.timeout(10_000));
  const states = found.engines.filter((one) => one.source === source).map(({ state }): EngineState => state);
  return { found, state: states[0] };
}

const recorded = (name: string) => readFile(`test/recorded/containers/${name}`);

test('an engine that answers is asked for its containers, and for the log of one', unix, async () => {
  const exited = await recorded('docker-exited.json');
  const { Id } = JSON.parse(exited.toString()) as { Id: string };
  const path = await engine('good.sock', {
    '/version': await recorded('docker-version.json'),
    '/containers/json?all=1': JSON.stringify([{ Id, State: 'exited' }]),
    [`/containers/${Id}/json`]: exited,
    [`/containers/${Id}/logs?stdout=1&stderr=1&tail=24`]: Buffer.from('\u001b[31mfailed\u001b[0m with token=abcdef123456\n'),
  });
  const { found, state } = await survey({ DOCKER_HOST: `unix://${path}` }, 'DOCKER_HOST');
  assert.equal(state?.kind, 'answers');
  const one = found.containers.find(({ facts }) => facts.name === 'exited');
  assert.equal(one?.facts.exitCode, 3);
  assert.deepEqual(await one?.readLog(AbortSignal.timeout(5000)), ['failed with token=***']);
});

test('a socket without anybody, none at all, a wrong answer and a remote engine are told apart', unix, async () => {
  const gone = await engine('gone.sock', {});
  servers.pop()?.close();
  assert.deepEqual((await survey({ DOCKER_HOST: `unix://${gone}` }, 'DOCKER_HOST')).state, { kind: 'not-running', code: 'ENOENT' });
  const html = await engine('html.sock', { '/version': '<html>' });
  assert.equal((await survey({ DOCKER_HOST: `unix://${html}` }, 'DOCKER_HOST')).state?.kind, 'broken');
  const broken = await engine('error.sock', { '/version': await recorded('docker-version.json') }, 500);
  assert.equal((await survey({ CONTAINER_HOST: `unix://${broken}` }, 'CONTAINER_HOST')).state?.kind, 'broken');
  assert.deepEqual((await survey({ DOCKER_HOST: 'ssh://dev@build.example' }, 'DOCKER_HOST')).state, { kind: 'remote' });
});

test('an engine that says nothing does not hold up the report', unix, async () => {
  const server = createSilence();
  const path = join(folder, 'silent.sock');
  await new Promise<void>((done) => server.listen(path, done));
  servers.push(server);
  const { state } = await survey({ DOCKER_HOST: `unix://${path}` }, 'DOCKER_HOST');
  assert.deepEqual(state, { kind: 'broken', why: 'it did not answer (ETIMEDOUT)' });
});

test('the Docker context in use names the engine, and DOCKER_HOST comes before it', unix, async () => {
  const path = await engine('context.sock', {
    '/version': await recorded('podman-version.json'),
    '/containers/json?all=1': '[]',
  });
  const config = join(folder, 'config');
  const meta = join(config, 'contexts/meta', createHash('sha256').update('work').digest('hex'));
  await mkdir(meta, { recursive: true });
  await writeFile(join(config, 'config.json'), JSON.stringify({ currentContext: 'work' }));
  await writeFile(join(meta, 'meta.json'), JSON.stringify({ Name: 'work', Endpoints: { docker: { Host: `unix://${path}` } } }));
  const source = 'the Docker context work';
  const { found, state } = await survey({ DOCKER_CONFIG: config }, source);
  assert.equal(state?.kind, 'answers');
  assert.equal(found.engines.find((one) => one.source === source)?.kind, 'podman', 'the engine itself says what it is');
  assert.equal((await survey({ DOCKER_CONFIG: config, DOCKER_HOST: 'ssh://build.example' }, source)).state, undefined);
  await writeFile(join(config, 'config.json'), '{"currentContext":"lost"}');
  assert.equal((await survey({ DOCKER_CONFIG: config }, 'the Docker context lost')).state?.kind, 'not-asked');
});
