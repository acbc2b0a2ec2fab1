import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weaknessOf } from './health-command.ts';

test('health checks that say little are told from those that may be good', () => {
  const table: readonly (readonly [readonly string[], RegExp | null])[] = [
    [['true'], /whatever the server does/],
    [['exit 0'], /whatever the server does/],
    [['/bin/true'], /whatever the server does/],
    [['curl -f http://localhost:3000/health || true'], /ends in success/],
    [['curl', '-f', 'http://localhost:3000/'], /front page/],
    [['curl -fsS http://localhost:3000'], /front page/],
    [['wget', '-q', '--spider', 'http://localhost:3000/'], /front page/],
    [['curl', 'http://localhost:3000/health'], /without -f/],
    [['curl --fail http://localhost:3000/mcp'], /never pass/],
    [['nc', '-z', 'localhost', '3000'], /port only/],
    [['bash -c "</dev/tcp/127.0.0.1/3000"'], /port only/],
    [['pgrep node'], /process only/],
    [['curl -f http://localhost:3000/health || exit 1'], null],
    [['curl -sf -X POST http://localhost:3000/mcp -d {}'], null],
    [['CMD', 'mcpreach', 'wait', 'http://127.0.0.1:3000/mcp'], null],
    [['node', 'healthcheck.js'], null],
    [['curl -f http://localhost:8080$BASE_PATH/health || exit 1'], null],
    [['curl', '-f', 'http://localhost:${PORT}/'], null],
  ];
  for (const [words, expected] of table) {
    const weakness = weaknessOf(words);
    if (expected === null) assert.equal(weakness, null, words.join(' '));
    else assert.match(weakness ?? 'null', expected, words.join(' '));
  }
});
