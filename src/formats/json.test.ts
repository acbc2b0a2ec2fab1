import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from './json.ts';
import { healthy, hostile, oneFamily, reportOf } from './sample-reports.test.ts';

test('json: the report itself, safe to show on a terminal', () => {
  const report = reportOf([healthy, oneFamily, hostile]);
  const text = format.render(report, { colors: true, columns: 80, unicode: true, verbose: true, quiet: true });
  assert.deepEqual(JSON.parse(text), report);
  assert.match(text, /\}\n$/);
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\u0000-\u001f\u007f-\u009f]/);
});
