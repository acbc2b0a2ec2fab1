import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { basename } from 'node:path';
import { after, describe, it } from 'node:test';
import { namesPort, socketReader } from '../../src/system/sockets/index.ts';

const linux = { skip: process.platform === 'linux' ? false : 'Linux only' };
const root = { skip: process.platform === 'linux' && process.getuid?.() === 0 ? false : 'needs root on Linux' };
const { signal } = new AbortController();
const NOBODY = 65534;
const reader = socketReader();
const children: ChildProcess[] = [];

after(() => {
  for (const { pid, exitCode } of children) if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL');
});

describe('listening sockets', linux, () => {
  it('are found with their owner', async () => {
    const server = await listen('127.0.0.1');
    const { port } = server.address() as AddressInfo;
    const listener = (await listeners()).find((one) => one.port === port);
    assert.ok(listener);
    assert.equal(listener.address, '127.0.0.1');
    const [owner] = await reader.ownersOf([listener], signal);
    assert.ok(owner?.kind === 'measured');
    assert.equal(owner.value.pid, process.pid);
    assert.equal(owner.value.name, basename(process.execPath));
    assert.equal(owner.value.cwd, process.cwd());
    const age = Date.now() - Date.parse(owner.value.startedAt ?? '');
    assert.ok(age > -2_000 && age < process.uptime() * 1000 + 2_000, `age ${age}`);
    assert.deepEqual(await reader.heldBy([process.pid], [listener], signal), [listener]);
    assert.deepEqual(await reader.heldBy([1], [listener], signal), []);
    server.close();
  });

  it('of a forked group are given to the oldest', async () => {
    const script = `const { fork } = require('node:child_process'), server = require('node:net').createServer();
      server.listen(0, '127.0.0.1', () => fork('-e', ['process.on("message", () => process.send("held")); process.on("disconnect", () => process.exit())'], { execArgv: [], execPath: process.execPath })
        .on('message', () => console.log(server.address().port)).send('take', server));`;
    const parent = start(process.execPath, ['-e', script]);
    const port = Number(await firstLine(parent));
    const listener = (await listeners()).find((one) => one.port === port);
    assert.ok(listener);
    const [owner] = await reader.ownersOf([listener], signal);
    assert.equal(owner?.kind === 'measured' && owner.value.pid, parent.pid);
  });

  it('of another user are listed to everybody, but their owner is "not measured" and says whose it is', root, async () => {
    const server = await listen('127.0.0.1');
    const { port } = server.address() as AddressInfo;
    const seen = asNobody(`
      const listeners = await reader.listeningSockets(signal);
      const mine = listeners.value.filter((one) => one.port === ${port});
      console.log(JSON.stringify({ count: mine.length, owners: await reader.ownersOf(mine, signal) }));`);
    assert.equal(seen.count, 1);
    assert.equal(seen.owners[0].kind, 'not-measured');
    assert.match(seen.owners[0].why, /belongs to user root; user nobody may not see/);
    server.close();
  });

  it('of another network namespace are found by port, by root and by everybody, and are not among ours', root, async () => {
    const inside = start('unshare', [
      '-n',
      'sh',
      '-c',
      `ip link set lo up && exec ${process.execPath} -e "require('node:net').createServer().listen(39418, '127.0.0.1', () => console.log('up'))"`,
    ]);
    await firstLine(inside);
    const all = await reader.foreignListeners(signal);
    assert.ok(all.kind === 'measured');
    const foreign = all.value.filter(({ port }) => port === 39418);
    assert.deepEqual(
      foreign.map(({ address, port }) => `${address} ${port}`),
      ['127.0.0.1 39418'],
    );
    const [owner] = await reader.ownersOf(foreign, signal);
    assert.equal(owner?.kind === 'measured' && owner.value.pid, inside.pid);
    assert.deepEqual(
      (await listeners()).filter((one) => one.port === 39418),
      [],
    );

    const seen = asNobody(`
      const foreign = (await reader.foreignListeners(signal)).value.filter(({ port }) => port === 39418);
      console.log(JSON.stringify({ foreign, owners: await reader.ownersOf(foreign, signal) }));`);
    assert.equal(seen.foreign.length, 1);
    assert.equal(seen.owners[0].kind, 'not-measured');
  });
});

describe('starting processes', linux, () => {
  it('are young, name the port and listen nowhere', async () => {
    const waiting = start('sh', ['-c', 'echo up; sleep 30 # server --port 39419']);
    const listening = start(process.execPath, [
      '-e',
      "require('node:net').createServer().listen(0, '127.0.0.1', () => console.log('up'))",
      '--',
      '--port=39419',
    ]);
    const client = start('sh', ['-c', 'echo up; sleep 30 # http://localhost:39419/mcp']);
    await Promise.all([waiting, listening, client].map(firstLine));
    const found = (await reader.youngProcesses(signal)).filter(({ argv }) => namesPort(argv, 39419));
    assert.deepEqual(
      found.map(({ facts }) => facts.pid),
      [waiting.pid],
    );
    assert.match(found[0]?.facts.command ?? '', /server --port 39419/);
  });
});

async function listeners() {
  const found = await reader.listeningSockets(signal);
  assert.ok(found.kind === 'measured');
  return found.value;
}

function listen(host: string): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, host, () => resolve(server));
  });
}

function start(file: string, args: readonly string[]): ChildProcess {
  // A group each, so that a shell's own children end with it.
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  children.push(child);
  return child;
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())));
}

function asNobody(body: string) {
  const module = new URL('../../src/system/sockets/index.js', import.meta.url).href;
  const script = `import { namesPort, socketReader } from ${JSON.stringify(module)};
    const reader = socketReader(), { signal } = new AbortController();
    ${body}`;
  // The folder of the build may be closed to others: the files are read before the user is changed.
  const drop = `process.setgroups([]); process.setgid(${NOBODY}); process.setuid(${NOBODY});`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script.replace('const reader', `${drop}\nconst reader`)]);
  return JSON.parse(output.toString());
}
