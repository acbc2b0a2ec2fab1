import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RenderOptions } from '../model/format.ts';
import { escapeData, escapeProperty, format } from './github.ts';
import { healthy, hostile, oneFamily, reportOf, slowStart } from './sample-reports.test.ts';

const OPTIONS: RenderOptions = { colors: false, columns: 80, unicode: true, verbose: false, quiet: false };

test('github: escapes what the runner decodes', () => {
  assert.equal(escapeData('100%\r\nnext: a,b'), '100%25%0D%0Anext: a,b');
  assert.equal(escapeProperty('100%\r\nnext: a,b'), '100%25%0D%0Anext%3A a%2Cb');
});

test('github: one command per finding, errors first, then a count', () => {
  const lines = format
    .render(reportOf([oneFamily, slowStart, healthy]), OPTIONS)
    .trimEnd()
    .split('\n');
  assert.deepEqual(
    lines.map((line) => line.slice(0, 40)),
    [
      '::error title=mcpreach%3A ipv6-localhost',
      '::error title=mcpreach%3A wrong-path::ht',
      '::notice title=mcpreach%3A localhost-in-',
      '::warning title=mcpreach%3A startup-race',
      'mcpreach: OK: http://127.0.0.1:3000/mcp:',
      'mcpreach: 3 targets: 1 ok, 1 warning, 1 ',
    ],
  );
  assert.match(lines[0] ?? '', /only\.%0AMend: Use the address the server listens on%0A {2}http:\/\/127\.0\.0\.1:3000\/mcp%0AMend: /);
});

test('github: a finding from a file points at its line', () => {
  const source = { file: 'conf,ig:1/.mcp.json', line: 3, column: 5, scope: 'project' };
  const text = format.render(reportOf([{ ...slowStart, source }]), OPTIONS);
  assert.match(text, /^::warning file=conf%2Cig%3A1\/\.mcp\.json,line=3,col=5,title=/);
});

test('github: foreign text cannot start a command of its own', () => {
  const lines = format
    .render(reportOf([hostile]), OPTIONS)
    .trimEnd()
    .split('\n');
  assert.equal(lines.length, 2);
  assert.doesNotMatch(lines.join(''), /[\u0000-\u001f\u0080-\u009f]/);
});
