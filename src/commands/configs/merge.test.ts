import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Probed } from '../../diagnose/run.ts';
import type { Finding } from '../../model/finding.ts';
import type { ReportTarget } from '../../model/report.ts';
import { mergeFindings, pathWith } from './merge.ts';

function finding(cause: Finding['cause'], severity: Finding['severity'] = 'error', layer: Finding['layer'] = 'config'): Finding {
  return { cause, layer, severity, certainty: 'proved', summary: `${cause}.`, evidence: [], hiddenBy: null, remedies: [] };
}

function probed(status: 'ok' | 'warning' | 'failed', ...findings: readonly Finding[]): Probed {
  const verdict = status === 'failed' ? (findings.find(({ severity }) => severity === 'error')?.cause ?? null) : null;
  return {
    target: { status, cause: verdict, path: [{ layer: 'tcp', status: 'ok', ms: 1, detail: 'open' }] } as unknown as ReportTarget,
    findings,
  };
}

test('the verdict is what is read first, and what follows from it is hidden', () => {
  const auth = finding('auth-required', 'error', 'http');
  const refused = finding('server-not-running', 'error', 'tcp');
  const table: readonly (readonly [string, readonly Finding[], Probed | null, string | null, string, string])[] = [
    ['unset variable, then 401', [finding('config-unset-variable')], probed('failed', auth), null, 'failed', 'config-unset-variable'],
    ['ignored headers, then 401', [finding('config-bad-entry')], probed('failed', auth), null, 'failed', 'config-bad-entry'],
    ['syntax before entry', [finding('config-bad-entry'), finding('config-syntax')], null, null, 'failed', 'config-syntax'],
    ['only a warning', [finding('config-ignored-field', 'warning')], probed('ok'), null, 'warning', 'null'],
    [
      'a warning beside a failure',
      [finding('config-ignored-field', 'warning')],
      probed('failed', refused),
      null,
      'failed',
      'server-not-running',
    ],
    [
      'seconds for milliseconds',
      [finding('config-timeout-unit', 'warning')],
      probed('failed', finding('timeout-slow-start')),
      null,
      'failed',
      'config-timeout-unit',
    ],
    ['switched off', [finding('switched-off', 'advice')], null, 'switched-off', 'skipped', 'null'],
    [
      'no consent to a broken entry',
      [finding('config-bad-entry'), finding('config-needs-approval', 'advice')],
      null,
      'config-needs-approval',
      'failed',
      'config-bad-entry',
    ],
    ['all well', [], probed('ok'), null, 'ok', 'null'],
  ];
  for (const [title, config, seen, skippedBy, status, verdict] of table) {
    const merged = mergeFindings(config, seen, skippedBy as Finding['cause'] | null);
    assert.deepEqual([merged.status, String(merged.verdict?.cause ?? null)], [status, verdict], title);
    if (merged.verdict !== null) assert.equal(merged.findings[0], merged.verdict, title);
  }
  const { findings } = mergeFindings([finding('config-unset-variable')], probed('failed', auth), null);
  assert.equal(findings[1]?.hiddenBy, 'config-unset-variable');
  const separate = mergeFindings([finding('config-bad-entry')], probed('failed', refused), null);
  assert.equal(separate.findings[1]?.hiddenBy, null, 'a server that is not running is a fault of its own');
});

test('the reason for a skip comes first', () => {
  const { findings } = mergeFindings([finding('config-duplicate-name', 'advice'), finding('switched-off', 'advice')], null, 'switched-off');
  assert.equal(findings[0]?.cause, 'switched-off');
});

test('behind a config that fails nothing was walked', () => {
  const step = { layer: 'config', status: 'failed', ms: null, detail: '' } as const;
  assert.deepEqual(
    pathWith(step, probed('ok')).map(({ layer, status }) => [layer, status]),
    [
      ['config', 'failed'],
      ['tcp', 'skipped'],
    ],
  );
});
