import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleReport } from '../../../test/contracts/sample-report.ts';
import type { Report } from '../../model/report.ts';
import { errorAnswer, fitting, plainAnswer, reportAnswer } from './answer.ts';

const MOST_BYTES = 25_000;

/** A report of many targets, each with long texts. */
function large(copies: number, length: number): Report {
  const report = sampleReport('long '.repeat(length));
  return { ...report, targets: Array.from({ length: copies }, () => report.targets).flat() };
}

function bytes(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

test('a small report is handed on whole, the counts first', () => {
  const report = sampleReport('text');
  const [first] = report.targets;
  assert.ok(first !== undefined);
  const { content, structuredContent, isError } = reportAnswer({
    ...report,
    targets: [{ ...first, findings: first.findings.slice(0, 1) }],
  });
  assert.equal(isError, undefined);
  assert.ok(content[0]?.type === 'text' && /^\d+ targets?: /.test(content[0].text));
  assert.equal((structuredContent as { trimmed?: boolean }).trimmed, false);
});

test('whatever the report, an answer stays within its limit', () => {
  for (const [copies, length] of [
    [1, 1],
    [1, 10_000],
    [40, 20],
    [400, 1],
    [100, 300],
  ] as const) {
    const size = bytes(reportAnswer(large(copies, length)));
    assert.ok(size <= MOST_BYTES, `${copies} × ${length}: ${size} bytes`);
  }
});

test('what is cut is cut in layers: texts first, then evidence, then targets, failed ones last', () => {
  const report = large(10, 100);
  const roomy = fitting(report, 200_000);
  const tight = fitting(report, 20_000);
  const tiny = fitting(report, 3_000);
  assert.equal(roomy.targets.length, report.targets.length);
  assert.ok(roomy.targets.every(({ path }, index) => path.length === report.targets[index]?.path.length));
  assert.ok(bytes(tight) <= 20_000 && bytes(tiny) <= 3_000);
  assert.ok(tight.trimmed && tiny.trimmed);
  assert.ok(tiny.targets.length > 0 && tiny.targets.every(({ status }) => status === 'failed'));
  assert.deepEqual(tiny.summary, report.summary);
});

test('long text is cut between characters, and says so', () => {
  const { content } = plainAnswer('€'.repeat(10_000), {});
  assert.ok(content[0]?.type === 'text');
  assert.match(content[0].text, /^€+\n\(The rest was left out\.\)$/);
});

test('an error is one, and shows no secret', () => {
  const { isError, content } = errorAnswer('bad address http://user:sesame42@localhost/');
  assert.equal(isError, true);
  assert.doesNotMatch(JSON.stringify(content), /sesame42/);
});
