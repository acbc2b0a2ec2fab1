import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics } from './metrics.ts';

test('names of clients are escaped and bounded', () => {
  const metrics = createMetrics();
  metrics.request('a"b\\c\nd', 'result', 0.003);
  for (let index = 0; index < 1_000; index += 1) metrics.request(`method-${index}`, 'error', 100);
  const text = metrics.render({ sessions: 2, children: 3 });
  assert.match(text, /method="a\\"b\\\\c\\nd",outcome="result"\} 1\n/);
  assert.ok(text.split('\n').filter((line) => line.startsWith('mcpreach_requests_total')).length <= 61);
  assert.match(text, /method="other",outcome="error"\} 941\n/);
  assert.match(text, /bucket\{le="0.0025"\} 0\n.*bucket\{le="0.005"\} 1\n/);
  assert.match(text, /bucket\{le="\+Inf"\} 1001\n/);
  assert.match(text, /mcpreach_sessions 2\n/);
  assert.ok(text.endsWith('# EOF\n'));
});
