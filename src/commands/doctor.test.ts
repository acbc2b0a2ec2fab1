import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import { type DoctorRequest, doctor, exitCodeOf } from './doctor.ts';

test('exit codes: failures count always, warnings only when strict', () => {
  const table: readonly (readonly [Partial<Report['summary']>, boolean, 0 | 1])[] = [
    [{ ok: 2 }, false, 0],
    [{ ok: 2 }, true, 0],
    [{ warning: 1 }, false, 0],
    [{ warning: 1 }, true, 1],
    [{ ok: 1, failed: 1 }, false, 1],
    [{ failed: 1 }, true, 1],
    [{ skipped: 1 }, true, 0],
    [{}, false, 0],
  ];
  for (const [counts, strict, code] of table) {
    const report = { summary: { ok: 0, warning: 0, failed: 0, skipped: 0, ...counts } } as Report;
    assert.equal(exitCodeOf(report, strict), code);
  }
});

test('doctor: wrong use is told before anything is probed', async () => {
  const target = 'http://127.0.0.1:9/mcp';
  const wrong: readonly (readonly [Partial<DoctorRequest>, string])[] = [
    [{ targets: ['no-such-client:x'] }, 'unknown-client'],
    [{ targets: ['./no-such-file.json'] }, 'no-such-file'],
    [{ start: ' ' }, 'invalid-value'],
    [{ start: 'x', targets: [target, target] }, 'conflicting-options'],
    [{ timeout: '0' }, 'invalid-duration'],
    [{ patience: 'soon' }, 'invalid-duration'],
    [{ headers: ['x'] }, 'invalid-header'],
    [{ ca: '/no/such/file.pem' }, 'no-such-file'],
  ];
  for (const [request, code] of wrong) {
    await assert.rejects(
      doctor({
        targets: [target],
        headers: [],
        strict: false,
        signal: AbortSignal.abort(),
        onEvent: () => assert.fail('something was probed'),
        ...request,
      }),
      (error) => error instanceof UsageError && error.code === code,
    );
  }
});
