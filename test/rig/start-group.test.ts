import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { now, sleep } from '../../src/system/clock.ts';
import { startGroup } from '../../src/system/processes/start-group.ts';
import type { ProcessGroup } from '../../src/system/processes/start-group.ts';

const environment = process.env;
const posix = { skip: process.platform === 'win32' ? 'POSIX only' : false };
const linux = { skip: process.platform === 'linux' ? false : 'Linux only' };
let folder = '';

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpreach-test-'));
});
after(() => rmSync(folder, { recursive: true }));

describe('a started command', posix, () => {
  it('reports output and exit code', async () => {
    const group = startGroup({ command: 'echo out; echo err >&2; exit 3', environment });
    assert.deepEqual(await group.exit, { code: 3, signal: null, startError: null });
    assert.deepEqual(group.stdout(), ['out']);
    assert.deepEqual(group.stderr(), ['err']);
    await group.end();
  });

  it('reports a command that does not exist with the code of the shell', async () => {
    const group = startGroup({ command: 'no-such-command-of-mcpreach', environment });
    assert.equal((await group.exit).code, 127);
    assert.match(group.stderr().join(), /not found/);
    await group.end();
  });

  it('reports a shell that cannot be started', async () => {
    const group = startGroup({ command: 'true', environment, cwd: join(folder, 'missing') });
    assert.deepEqual(await group.exit, { code: null, signal: null, startError: 'ENOENT' });
    await group.end();
  });

  it('gets the given environment and our standard input, and survives bytes that are no UTF-8', async () => {
    const group = startGroup({ command: 'printf \'\\377%s\\n\' "$ONLY"; read line; echo "got $line"', environment: { ONLY: 'this' } });
    group.writeStdin('hello\n');
    await group.exit;
    assert.deepEqual(group.stdout(), ['\uFFFDthis', 'got hello']);
    await group.end();
  });

  it('survives writing to a command that does not read', async () => {
    const group = startGroup({ command: 'exec 0<&-; sleep 0.1', environment });
    group.writeStdin('x'.repeat(1_000_000));
    assert.equal((await group.exit).code, 0);
    group.writeStdin('late\n');
    await group.end();
  });
});

describe('its end', posix, () => {
  it('comes at once for a command that heeds SIGTERM', async () => {
    const group = startGroup({ command: 'exec sleep 60', environment });
    const started = now();
    await group.end();
    assert.equal((await group.exit).signal, 'SIGTERM');
    assert.ok(now() - started < 1_000);
  });

  it('is enforced on a command that ignores SIGTERM', async () => {
    const group = startGroup({ command: "trap '' TERM; echo ready; while :; do sleep 1; done", environment });
    await lineOf(group, 'ready');
    const started = now();
    await group.end();
    assert.equal((await group.exit).signal, 'SIGKILL');
    assert.ok(now() - started < 5_000);
  });

  it('reaches children in other process groups', async () => {
    const group = startGroup({ command: `set -m; sleep 60 & echo $! > ${folder}/job; echo ready; wait`, environment });
    await lineOf(group, 'ready');
    const job = Number(readFileSync(join(folder, 'job'), 'utf8'));
    await group.end();
    assert.equal(isAlive(job), false);
  });

  it('reaches a daemon with a session of its own whose parents are gone', linux, async () => {
    const group = startGroup({
      command: `setsid sh -c 'setsid sh -c "echo \\$\\$ > ${folder}/daemon; exec sleep 60" & exit' & exit 0`,
      environment,
    });
    assert.equal((await group.exit).code, 0);
    const daemon = await numberIn(join(folder, 'daemon'));
    assert.deepEqual(group.pids(), [daemon]);
    await group.end();
    assert.equal(isAlive(daemon), false);
  });

  it('reaches a daemon that dropped its environment, once it was seen', linux, async () => {
    const group = startGroup({
      command: `env -i /usr/bin/setsid /bin/sh -c 'echo $$ > ${folder}/bare; exec /bin/sleep 60' & sleep 0.5`,
      environment,
    });
    const daemon = await numberIn(join(folder, 'bare'));
    assert.ok(group.pids().includes(daemon));
    await group.exit;
    assert.deepEqual(group.pids(), [daemon]);
    await group.end();
    assert.equal(isAlive(daemon), false);
  });

  it('may be asked for twice, and after the command ended by itself', async () => {
    const group = startGroup({ command: 'true', environment });
    await group.exit;
    await Promise.all([group.end(), group.end()]);
    await group.end();
  });
});

describe('our own end takes the command along', linux, () => {
  for (const [how, signal, expected] of [
    ['SIGINT', 'SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGTERM', 'SIGTERM'],
    ['SIGHUP', 'SIGHUP', 'SIGHUP'],
    ['process.exit', null, 7],
  ] as const) {
    it(how, async () => {
      const module = new URL('../../src/system/processes/start-group.js', import.meta.url).href;
      const leave = signal === null ? 'setTimeout(() => process.exit(7), 100)' : 'setInterval(() => {}, 1000)';
      const script = `import { startGroup } from ${JSON.stringify(module)};
        startGroup({ command: 'trap "" INT TERM HUP; (setsid sleep 61 &) ; echo ready; sleep 60', environment: process.env, onStdoutLine: (line) => { console.log(line); ${leave}; } });
        setTimeout(() => {}, 10000);`;
      const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((resolve) => parent.stdout.once('data', resolve));
      const family = startedBy(parent.pid ?? 0);
      assert.ok(family.length > 0);
      const ended = new Promise((resolve) => parent.once('exit', (code, how) => resolve(how ?? code)));
      if (signal !== null) parent.kill(signal);
      assert.equal(await ended, expected);
      for (let round = 0; round < 50 && family.some(isAlive); round += 1) await sleep(20);
      assert.deepEqual(family.filter(isAlive), []);
    });
  }
});

async function lineOf(group: ProcessGroup, line: string): Promise<void> {
  for (let round = 0; round < 200 && !group.stdout().includes(line); round += 1) await sleep(20);
  assert.ok(group.stdout().includes(line));
}

async function numberIn(file: string): Promise<number> {
  for (let round = 0; round < 200; round += 1) {
    await sleep(20);
    try {
      const text = readFileSync(file, 'utf8').trim();
      if (text !== '') return Number(text);
    } catch {
      // not written yet
    }
  }
  throw new Error(`${file} was never written`);
}

function isAlive(pid: number): boolean {
  try {
    // A zombie still takes signals: nobody may be there to fetch its exit code in a container.
    return !/^\d+ \(.*\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    if (process.platform === 'linux') return false;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The processes that a test's own child started: they carry its mark in their environment. */
function startedBy(parent: number): readonly number[] {
  const children = (pid: number): readonly number[] => {
    try {
      return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  };
  const below = (pid: number): readonly number[] => children(pid).flatMap((child) => [child, ...below(child)]);
  return below(parent);
}
