import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocumentFormat } from '../model/document.ts';
import { maskDocument } from './mask.ts';

const SECRET = 'hunter22-s3cret';

const TEXTS: readonly (readonly [DocumentFormat, string])[] = [
  [
    'json',
    `{"mcpServers":{"a":{"command":"npx","args":["--api-key","${SECRET}","--token=${SECRET}"],"env":{"FOO":"${SECRET}","N":12345}}}}\n`,
  ],
  [
    'jsonc',
    `// old key was ${SECRET}\n{ "servers": { "a": { "url": "http://u:${SECRET}@h/mcp?k=${SECRET}", "headers": { "X-A": "Bearer ${SECRET}" } } } } // ${SECRET}\n`,
  ],
  ['toml', `# token = "${SECRET}"\n[mcp_servers.a]\ncommand = "npx"\n[mcp_servers.a.env]\nFOO = "${SECRET}"\nBAR = '''${SECRET}'''\n`],
  [
    'yaml',
    `extensions:\n  a:\n    cmd: npx # ${SECRET}\n    envs:\n      FOO: ${SECRET}\n      BAR: |\n        ${SECRET}\n      BAZ: '${SECRET}'\n`,
  ],
  ['json', `{"mcpServers": {"a": {"env": {"FOO": "${SECRET}" "BAR": "${SECRET}"}}}\n`],
  ['toml', `[a\nenv = { FOO = "${SECRET}" }\nenv2 = "${SECRET}"\n`],
  ['json', `{"a": {"env": {"FOO": "${SECRET}"}, "env": {"FOO": "x"}}}\n`],
  ['yaml', `a:\n\tenv:\n\t FOO: ${SECRET}\n`],
];

test('no secret is left, and keys and lines are', () => {
  for (const [format, text] of TEXTS) {
    const masked = maskDocument(text, format);
    assert.ok(!masked.includes(SECRET) && !masked.includes('s3cret'), masked);
    assert.ok(!masked.includes('12345'), masked);
    assert.match(masked, /\*\*\*/);
    for (const word of ['FOO', 'npx']) if (text.includes(word)) assert.ok(masked.includes(word), masked);
  }
});

test('references, PATH and what is no secret stay', () => {
  const text =
    '{"a": {"url": "http://localhost:3000/mcp", "timeout": 30, "headers": {"Authorization": "Bearer ${env:TOKEN}"}, "env": {"PATH": "/opt/bin:/bin"}}}';
  const masked = maskDocument(text, 'json');
  assert.ok(masked.includes('"*** ${env:TOKEN}"'), masked);
  assert.ok(masked.includes('"/opt/bin:/bin"'), masked);
  assert.ok(masked.includes('"http://localhost:3000/mcp", "timeout": 30'), masked);
});

test('a text without secrets is shown as it is', () => {
  const text = '// comment\r\n{ "servers": { "a": { "command": "node", "args": ["server.js"], }, } }\r\n';
  assert.equal(maskDocument(text, 'jsonc'), text);
});
