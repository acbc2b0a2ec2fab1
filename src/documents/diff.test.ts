import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unifiedDiff } from './diff.ts';

test('a diff has the headers and context of diff -u', () => {
  assert.equal(
    unifiedDiff('a.json', '{\n  "a": 1\n}\n', '{\n  "a": 2\n}\n'),
    '--- a.json\n+++ a.json\n@@ -1,3 +1,3 @@\n {\n-  "a": 1\n+  "a": 2\n }\n',
  );
});
