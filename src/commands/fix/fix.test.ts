import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Mend } from '../../model/config.ts';
import type { DocumentEdit } from '../../model/document.ts';
import type { Report, ReportTarget, TargetStatus } from '../../model/report.ts';
import { listBackups } from '../../system/backups.ts';
import { fix } from './fix.ts';
import type { Patient } from './plan.ts';
import type { FixPorts } from './ports.ts';
import { undo } from './undo.ts';
import { hasImproved, isBetter } from './verify.ts';

const TEXT = `{
  // two servers
  "servers": {
    "a": { "url": "http://localhost:1/mcp", "headers": { "X": "hunter22" } },
    "b": { "url": "http://localhost:1/mcp" },
  },
}
`;

function target(name: string, status: TargetStatus, layer: ReportTarget['path'][number]['layer'] = 'tcp', errors = 1): ReportTarget {
  return {
    name,
    client: 'vscode',
    source: { file: 'mcp.json', line: 1, column: 1, scope: 'user' },
    transport: 'http',
    address: 'http://localhost:1/mcp',
    status,
    cause: status === 'failed' ? 'wrong-port' : null,
    certainty: status === 'failed' ? 'proved' : null,
    summary: '',
    path: status === 'failed' ? [{ layer, status: 'failed', ms: 1, detail: '' }] : [],
    findings: Array.from({ length: status === 'failed' ? errors : 0 }, () => ({
      cause: 'wrong-port',
      severity: 'error',
      certainty: 'proved',
      summary: '',
      evidence: [],
      hiddenBy: null,
      remedies: [],
    })),
    server: null,
    durationMs: 1,
  };
}

function reportOf(targets: readonly ReportTarget[]): Report {
  const summary = { ok: 0, warning: 0, failed: 0, skipped: 0 };
  return {
    schema: 'mcpreach.report/1',
    version: '0',
    startedAt: '',
    durationMs: 1,
    host: { platform: 'linux', node: '20', container: null, wsl: false },
    targets,
    summary,
  };
}

interface Scene {
  readonly file: string;
  readonly state: string;
  text(): Promise<string>;
}

async function inScene(action: (scene: Scene) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mcpreach-fix-'));
  const file = join(folder, 'mcp.json');
  try {
    await writeFile(file, TEXT);
    const past = new Date(Date.now() - 60_000);
    await utimes(file, past, past);
    await action({ file, state: join(folder, 'state'), text: () => readFile(file, 'utf8') });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Servers work when the file says so: `works` reads its text. */
function ports(
  { file, state, text }: Scene,
  mends: (name: string) => readonly Mend[],
  works: (name: string, text: string) => boolean,
  more: Partial<FixPorts> = {},
): FixPorts {
  return {
    async diagnose() {
      const now = await text();
      const targets = ['a', 'b'].map((name) => target(name, works(name, now) ? 'ok' : 'failed'));
      return {
        report: reportOf(targets),
        patients: targets.map((one): Patient => ({ key: one.name, target: one, mends: mends(one.name), file })),
      };
    },
    formatOf: () => 'jsonc',
    confirm: async () => true,
    tell: () => undefined,
    state,
    dryRun: false,
    signal: new AbortController().signal,
    ...more,
  };
}

function mend(file: string, title: string, ...edits: readonly DocumentEdit[]): Mend {
  return { title, edits: edits.map((edit) => ({ ...edit, file })) };
}

const port = (file: string, name: string, number: number) =>
  mend(file, `port ${number}`, { op: 'set', path: ['servers', name, 'url'], value: `http://localhost:${number}/mcp` });

const worksAt = (number: number) => (name: string, text: string) =>
  new RegExp(`"${name}": \\{ "url": "http://localhost:${number}/`).test(text);

test('two edits of one file are written, verified, and undone byte for byte', () =>
  inScene(async (scene) => {
    const { report, exitCode } = await fix(ports(scene, (name) => [port(scene.file, name, 2)], worksAt(2)));
    assert.equal(exitCode, 0);
    assert.equal(await scene.text(), TEXT.replaceAll(':1/', ':2/'));
    const fixes = report.targets.flatMap(({ fixes: own = [] }) => own);
    assert.deepEqual(
      fixes.map(({ applied, verified, rolledBack, error }) => [applied, verified, rolledBack, error]),
      [
        [true, true, false, null],
        [true, true, false, null],
      ],
    );
    assert.ok(!JSON.stringify(report).includes('hunter22'));
    const backups = await listBackups(scene.state);
    assert.deepEqual(
      backups.map(({ copy }) => copy),
      [fixes[0]?.backup],
    );
    assert.equal((await undo(scene.state, null)).kind, 'restored');
    assert.equal(await scene.text(), TEXT);
    assert.equal((await undo(scene.state, null)).kind, 'unchanged');
  }));

test('an edit that does not help is taken back, its neighbour stays, and the next best is tried', () =>
  inScene(async (scene) => {
    const { file } = scene;
    const rename = mend(file, 'name', { op: 'rename-key', path: ['servers', 'b', 'url'], value: 'uri' });
    const { report, exitCode } = await fix(
      ports(scene, (name) => (name === 'a' ? [port(file, name, 2)] : [rename, port(file, name, 2)]), worksAt(2)),
    );
    assert.equal(exitCode, 1);
    assert.equal(await scene.text(), TEXT.replaceAll(':1/', ':2/'));
    assert.deepEqual(
      report.targets[1]?.fixes?.map(({ title, rolledBack, verified }) => [title, rolledBack, verified]),
      [
        ['name', true, false],
        ['port 2', false, true],
      ],
    );
    assert.equal((await listBackups(scene.state)).length, 1);
    await undo(scene.state, null);
    assert.equal(await scene.text(), TEXT);
  }));

test('nothing helps: the file is as it was, and no backup is left', () =>
  inScene(async (scene) => {
    const { exitCode } = await fix(ports(scene, (name) => [port(scene.file, name, 3)], worksAt(2)));
    assert.equal(exitCode, 1);
    assert.equal(await scene.text(), TEXT);
    assert.deepEqual(await listBackups(scene.state), []);
  }));

test('without agreement, and in a dry run, nothing is written', () =>
  inScene(async (scene) => {
    for (const more of [{ confirm: async () => false }, { dryRun: true }]) {
      const { report, declined } = await fix(ports(scene, (name) => [port(scene.file, name, 2)], worksAt(2), more));
      assert.equal(declined, 2);
      assert.equal(await scene.text(), TEXT);
      assert.match(report.targets[0]?.fixes?.[0]?.diff ?? '', /^-.*localhost:1.*\n\+.*localhost:2/m);
      assert.deepEqual(await listBackups(scene.state), []);
    }
  }));

test('a file that is changed while the question is open is not overwritten', () =>
  inScene(async (scene) => {
    const foreign = TEXT.replace('two', 'three');
    const confirm = async () => {
      await writeFile(scene.file, foreign);
      return true;
    };
    const { report, exitCode } = await fix(ports(scene, (name) => [port(scene.file, name, 2)], worksAt(2), { confirm }));
    assert.equal(exitCode, 1);
    assert.equal(await scene.text(), foreign);
    assert.match(report.targets[0]?.fixes?.[0]?.error ?? '', /changed meanwhile/);
    assert.deepEqual(await listBackups(scene.state), []);
  }));

test('a file that is changed after the edit is neither taken back nor restored', () =>
  inScene(async (scene) => {
    const foreign = TEXT.replace('two', 'three');
    let looks = 0;
    const given = ports(scene, (name) => [port(scene.file, name, 3)], worksAt(2));
    const diagnose: FixPorts['diagnose'] = async (files) => {
      looks += 1;
      if (looks === 2) await writeFile(scene.file, foreign);
      return given.diagnose(files);
    };
    const { report } = await fix({ ...given, diagnose });
    assert.equal(await scene.text(), foreign);
    assert.match(report.targets[0]?.fixes?.[0]?.error ?? '', /changed meanwhile/);
    assert.equal((await undo(scene.state, null)).kind, 'refused');
    assert.equal(await scene.text(), foreign);
  }));

test('equally good edits are told and not made', () =>
  inScene(async (scene) => {
    const { report, exitCode } = await fix(ports(scene, (name) => [port(scene.file, name, 2), port(scene.file, name, 3)], worksAt(2)));
    assert.equal(exitCode, 1);
    assert.equal(await scene.text(), TEXT);
    assert.equal(report.targets[0]?.fixes?.length, 2);
    assert.match(report.targets[0]?.fixes?.[0]?.error ?? '', /equally good/);
  }));

test('interrupted while it is verified, the old file comes back', () =>
  inScene(async (scene) => {
    const given = ports(scene, (name) => [port(scene.file, name, 2)], worksAt(2));
    const diagnose: FixPorts['diagnose'] = async (files) => {
      if (files !== null) throw new Error('interrupted');
      return given.diagnose(files);
    };
    await assert.rejects(fix({ ...given, diagnose }), /interrupted/);
    assert.equal(await scene.text(), TEXT);
  }));

test('better: status, then layer, then fewer errors', () => {
  assert.ok(isBetter(target('a', 'failed'), target('a', 'warning')));
  assert.ok(isBetter(target('a', 'warning'), target('a', 'ok')));
  assert.ok(isBetter(target('a', 'failed', 'config'), target('a', 'failed', 'tcp')));
  assert.ok(isBetter(target('a', 'failed', 'config', 2), target('a', 'failed', 'config', 1)));
  assert.ok(!isBetter(target('a', 'failed', 'tcp'), target('a', 'failed', 'tcp')));
  assert.ok(!isBetter(target('a', 'failed', 'http'), target('a', 'failed', 'tcp')));
});

test('an entry that held others is better off when they are', () => {
  const patient = (one: ReportTarget): Patient => ({ key: one.name, target: one, mends: [], file: '/mcp.json' });
  const up = mend(
    '/mcp.json',
    'up',
    { op: 'delete', path: ['servers', 'servers'] },
    { op: 'insert', path: ['servers', 'a'], value: {} },
    { op: 'insert', path: ['servers', 'b'], value: {} },
  );
  const before = patient(target('servers', 'failed', 'config'));
  const after = (second: ReportTarget) => [patient(target('a', 'ok')), patient(second), patient(target('c', 'failed', 'config'))];
  assert.ok(hasImproved(before, up, after(target('b', 'failed', 'tcp'))));
  assert.ok(!hasImproved(before, up, after(target('b', 'failed', 'config'))));
  assert.ok(!hasImproved(before, up, [patient(target('c', 'ok'))]));
});
