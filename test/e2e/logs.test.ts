/** The doctor and logs: what is said of them, and what cannot be read. */
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Report } from '../../src/model/report.ts';
import { type Ended, start } from './program.ts';
import { refusedUrl, serveMcp, type Served } from './servers.ts';

let home: string;
let good: Served;
let refused: string;

const LOG = '.config/Claude/logs/mcp-server-files.log';
const HOUR_AGO = new Date(Date.now() - 3_600_000).toISOString();

async function put(path: string, text: string): Promise<string> {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

function run(args: readonly string[]): Promise<Ended> {
  const clean = { XDG_CONFIG_HOME: '', XDG_CACHE_HOME: '', XDG_STATE_HOME: '', CLAUDE_CONFIG_DIR: '', APPDATA: '' };
  return start(['doctor', ...args, '--patience', '0'], { ...clean, HOME: home, USERPROFILE: home }, home).ended;
}

async function reported(args: readonly string[]): Promise<Report['targets'][number] | undefined> {
  const { stdout } = await run([...args, '--json']);
  return (JSON.parse(stdout) as Report).targets[0];
}

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'mcpreach-logs-'));
  good = await serveMcp();
  refused = await refusedUrl();
  await put('.config/Claude/claude_desktop_config.json', JSON.stringify({ mcpServers: { files: { command: 'files-mcp-of-nobody' } } }));
});

after(async () => {
  await good.close();
  await rm(home, { recursive: true, force: true });
});

describe('a failing target', () => {
  test('the log is quoted under the verdict, without the home folder', async () => {
    await put(LOG, `${HOUR_AGO} [files] [error] spawn files-mcp-of-nobody ENOENT in ${home}/x\n`);
    const { stdout, code } = await run(['claude-desktop:files']);
    assert.equal(code, 1);
    assert.match(stdout.replaceAll(/\s+/g, ' '), /logs\/mcp-server-files\.log, 60 minutes ago: "spawn files-mcp-of-nobody ENOENT in ~\/x"/);
    assert.doesNotMatch(stdout, /Logs:/);
    const target = await reported(['claude-desktop:files']);
    assert.equal(target?.cause, 'command-not-found');
    assert.deepEqual(target?.log?.files, [{ file: `~/${LOG}`, named: false, state: 'read', code: null }]);
    assert.equal(target?.log?.failure?.at, HOUR_AGO);
  });

  test('a log that may not be read is said, and changes nothing', { skip: process.getuid?.() === 0 }, async () => {
    const file = await put(LOG, 'x');
    await chmod(file, 0);
    const { stdout } = await run(['claude-desktop:files']);
    assert.match(stdout, /Logs:/);
    assert.match(stdout.replaceAll(/\s+/g, ' '), /mcp-server-files\.log was not read: this user may not read it/);
    const named = await run([refused, '--log', file]);
    assert.equal(named.code, 2);
    assert.match(named.stderr, /this user may not read it; run the command as its owner, or give a copy/);
  });

  test('a named log that says nothing about it is said to say nothing', async () => {
    await put('other.log', `${HOUR_AGO} [error] [other] spawn x ENOENT\n`);
    const { stdout } = await run([refused, '--log', 'other.log']);
    assert.match(stdout, /No failure of this server in ~\/other\.log/);
  });

  test('several logs: the last failure of all counts', async () => {
    const address = refused.replace('localhost', '127.0.0.1');
    await put('old.log', `2026-01-02T03:04:05Z [error] POST ${address} failed: HTTP 404 Not Found\n`);
    await put('new.log', `${HOUR_AGO} [error] POST ${address} failed: connect ECONNREFUSED\n`);
    for (const order of [
      ['old.log', 'new.log'],
      ['new.log', 'old.log'],
    ]) {
      const target = await reported([refused, ...order.flatMap((file) => ['--log', file])]);
      assert.equal(target?.log?.failure?.file, '~/new.log');
    }
  });
});

describe('a target that works', () => {
  test('a failure in a named log is told, and it stays well', async () => {
    await put('mine.log', `${HOUR_AGO} [error] POST ${good.url} failed: HTTP 500 Internal Server Error\n`);
    const { stdout, code } = await run([good.url, '--log', 'mine.log']);
    assert.equal(code, 0);
    assert.match(stdout, /OK:/);
    assert.match(stdout.replaceAll(/\s+/g, ' '), /It works now\. The last failure in the log: ~\/mine\.log, 60 minutes ago: "POST .* 500/);
    const target = await reported([good.url, '--log', 'mine.log']);
    assert.deepEqual([target?.status, target?.findings.filter(({ severity }) => severity !== 'advice')], ['ok', []]);
  });

  test('without a named log none is looked at', async () => {
    assert.equal((await reported([good.url]))?.log, undefined);
  });
});

test('an empty name, and a folder, are wrong usage that says what to do', async () => {
  for (const [name, says] of [
    ['', /--log: the name of a file is needed/],
    ['.', /--log \.: this is a folder; name the files in it, each with its own --log/],
    ['nowhere.log', /--log nowhere\.log: there is no such file/],
  ] as const) {
    const { code, stderr } = await run([good.url, '--log', name]);
    assert.equal(code, 2);
    assert.match(stderr, says);
  }
});
