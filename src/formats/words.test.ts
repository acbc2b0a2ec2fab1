import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healthy, oneFamily, reportOf, slowStart } from './sample-reports.test.ts';
import { mainFinding, otherFindings, renderCounts, renderDuration } from './words.ts';

test('renderDuration: as many digits as a reader needs', () => {
  const expected: readonly (readonly [number, string])[] = [
    [0, '0.0 ms'],
    [0.44, '0.4 ms'],
    [9.94, '9.9 ms'],
    [9.96, '10 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [2104, '2.1 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min 0 s'],
    [125_000, '2 min 5 s'],
  ];
  for (const [ms, text] of expected) assert.equal(renderDuration(ms), text);
});

test('the main finding is the verdict, or what the warning is about', () => {
  assert.equal(mainFinding(oneFamily)?.cause, 'ipv6-localhost');
  assert.equal(mainFinding(slowStart)?.cause, 'startup-race');
  assert.equal(mainFinding(healthy), undefined);
});

test('what another finding explains is shown on request only', () => {
  assert.deepEqual(
    otherFindings(oneFamily, false).map(({ cause }) => cause),
    ['wrong-path', 'localhost-in-url'],
  );
  assert.equal(otherFindings(oneFamily, true).length, 3);
});

test('renderCounts: names only what there is', () => {
  assert.equal(renderCounts(reportOf([])), '0 targets');
  assert.equal(renderCounts(reportOf([healthy])), '1 target: 1 ok');
  assert.equal(renderCounts(reportOf([healthy, oneFamily, oneFamily])), '3 targets: 1 ok, 2 failed');
});
