import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Certainty } from '../model/cause.ts';
import type { Finding } from '../model/finding.ts';
import { logSaying } from '../model/log-examples.ts';
import { DAY_MS, type LogEvidence } from '../model/logs.ts';
import type { CauseId } from '../model/ids.gen.ts';
import type { Judgement } from './judge.ts';
import { logOf, withLog } from './logs.ts';

function finding(cause: CauseId, certainty: Certainty, more: Partial<Finding> = {}): Finding {
  return {
    cause,
    layer: 'mcp',
    severity: 'error',
    certainty,
    summary: 'x',
    evidence: ['seen'],
    hiddenBy: null,
    remedies: [],
    ...more,
  };
}

function judgement(findings: readonly Finding[], status: Judgement['status'] = 'failed'): Judgement {
  return { status, verdict: status === 'failed' ? (findings[0] ?? null) : null, findings, crashed: [] };
}

const line = (cause: string, score = 0.6, ageMs: number | null = 60_000): LogEvidence =>
  logSaying('Request timed out', {
    speaksFor: [
      { cause: 'mcp-error', score: 0.7 },
      { cause, score },
    ].slice(score > 0.7 ? 1 : 0),
    ageMs,
  });

test('the line is quoted at the finding it supports, and the verdict is that finding', () => {
  const { findings, verdict } = withLog(
    judgement([finding('timeout-hang', 'likely'), finding('wrong-path', 'likely')]),
    line('timeout-hang'),
  );
  assert.deepEqual(
    findings.map(({ evidence }) => evidence.length),
    [2, 1],
  );
  assert.equal(verdict, findings[0]);
  assert.match(verdict?.evidence[1] ?? '', /mcp\.log, 1 minute ago: "Request timed out"$/);
});

test('a fresh line that means this cause first makes it likely, never proved', () => {
  const certainties = (from: Certainty, ageMs: number | null) =>
    withLog(judgement([finding('timeout-hang', from)]), line('timeout-hang', 0.9, ageMs)).verdict?.certainty;
  assert.equal(certainties('possible', 60_000), 'likely');
  assert.equal(certainties('likely', 60_000), 'likely');
  assert.equal(certainties('possible', 3 * DAY_MS), 'possible');
  assert.equal(certainties('possible', null), 'possible');
});

test('a line of another kind is quoted at the verdict while it is fresh', () => {
  const quotes = (ageMs: number | null) =>
    withLog(judgement([finding('wrong-path', 'proved')]), line('timeout-hang', 0.6, ageMs)).verdict?.evidence.length;
  assert.equal(quotes(60_000), 2);
  assert.equal(quotes(2 * DAY_MS), 1);
  assert.equal(quotes(null), 1);
});

test('where the reason is not known, what such a line means elsewhere is told', () => {
  const quotes = (score: number) =>
    withLog(judgement([finding('unknown', 'possible')]), line('timeout-hang', score)).verdict?.evidence.slice(2);
  assert.deepEqual(quotes(0.9), ['such a line most often means timeout-hang; to read about it: mcpreach explain timeout-hang']);
  assert.deepEqual(withLog(judgement([finding('unknown', 'possible')]), logSaying('x')).verdict?.evidence.length, 2);
});

test('what works stays as it is, whatever a log says', () => {
  const good = judgement([], 'ok');
  assert.deepEqual(withLog(good, line('timeout-hang', 0.9)), good);
});

test('hidden findings and advice are not quoted at', () => {
  const hidden = finding('timeout-hang', 'likely', { hiddenBy: 'wrong-path' });
  const { findings } = withLog(judgement([finding('wrong-path', 'proved'), hidden]), line('timeout-hang', 0.9));
  assert.deepEqual(findings[1], hidden);
});

test('without a log nothing changes, and the report has no part for it', () => {
  const one = judgement([finding('wrong-path', 'proved')]);
  assert.equal(withLog(one, undefined), one);
  assert.equal(withLog(one, { files: [], failure: null, ms: 1 }), one);
  assert.deepEqual(logOf({ files: [], failure: null, ms: 1 }), {});
});
