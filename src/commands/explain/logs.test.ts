import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../../test/contracts/repository.ts';
import { explain } from '../explain.ts';
import { toldIn } from './told.ts';

/** Logs of clients, see test/samples/logs/README.md; and what must come first for each, null where all is well. */
const LOGS: readonly (readonly [file: string, ...causes: (string | null)[]])[] = [
  ['amazon-q.log', 'timeout-slow-start', 'crash-on-boot'],
  ['claude-code-crash.jsonl', 'missing-env'],
  ['claude-code-gone.jsonl', 'command-not-found', 'env-path-missing'],
  ['claude-code-good.jsonl', null],
  ['claude-code-refused.jsonl', 'server-not-running'],
  ['claude-code-slow.jsonl', 'timeout-hang', 'timeout-slow-start'],
  ['claude-code.jsonl', 'crash-on-boot'],
  ['claude-desktop-own.log', 'package-not-found'],
  ['claude-desktop.log', 'command-not-found', 'env-path-missing'],
  // Three servers that fail in three ways.
  ['codex.log', 'timeout-slow-start', 'crash-on-boot', 'server-not-running'],
  ['crush.log', 'stdout-pollution'],
  ['cursor.log', 'command-not-found', 'env-path-missing'],
  ['goose.log', 'server-not-running'],
  ['kiro.log', 'command-not-found', 'env-path-missing'],
  ['librechat.log', 'command-not-found', 'env-path-missing'],
  ['opencode.log', 'command-not-found', 'env-path-missing'],
  ['vscode-http.log', 'auth-required'],
  ['vscode-own.log', 'crash-on-boot'],
  ['zed.log', 'timeout-hang', 'timeout-slow-start'],
];

for (const [file, ...causes] of LOGS) {
  test(`the log ${file}: ${causes.join(' or ')}`, () => {
    const { candidates } = explain({ text: readFileSync(join(ROOT, 'test', 'samples', 'logs', file), 'utf8') });
    const first = candidates[0]?.cause;
    assert.ok(
      causes.includes(first === 'unknown' ? null : (first ?? null)),
      `${candidates.map(({ cause, score }) => `${cause} ${score}`).join(', ')}`,
    );
  });
}

test('what a log says of its good days is no failure', () => {
  const kept = [
    '2026-11-28 INFO spawn npx ENOENT',
    '[info] Server transport closed unexpectedly',
    'Error: no level at all',
    '{"debug":"Connection failed: 503"}',
  ];
  const dropped = [
    '[info] Message from client: {"method":"initialize","params":{"protocolVersion":"2025-06-18"}}',
    '{"debug":"Environment: HTTP_PROXY not set"}',
    'time=2026-11-28T10:00:00Z level=info msg="listening on 127.0.0.1:3000"',
  ];
  assert.equal(toldIn([...kept, ...dropped].join('\n')), kept.join('\n'));
  assert.equal(toldIn(dropped.join('\n')), dropped.join('\n'));
});
