import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocumentEdit, DocumentFormat, DocumentPath } from '../model/document.ts';
import { planEdits } from './edit.ts';

const set = (path: DocumentPath, value: unknown): DocumentEdit => ({ op: 'set', path, value });
const insert = (path: DocumentPath, value: unknown): DocumentEdit => ({ op: 'insert', path, value });
const rename = (path: DocumentPath, value: string): DocumentEdit => ({ op: 'rename-key', path, value });
const remove = (...path: DocumentPath): DocumentEdit => ({ op: 'delete', path });

function edited(text: string, format: DocumentFormat, ...edits: readonly DocumentEdit[]): string {
  const plan = planEdits(text, format, edits);
  return 'text' in plan ? plan.text : plan.error;
}

const COMMENTED = `{
  // servers
  "mcpServers": {
    "fs": { "command": "npx", "args": ["-y", "x"] }, // fs
    "web": {
      "url": "http://localhost:3000/sse", // url
      "headers": {
        "A": "b" // last
      }
    }
  }
}
`;

test('JSON with comments: values, keys and items change in their place, in the layout around them', () => {
  const edits = [
    set(['mcpServers', 'web', 'url'], 'http://127.0.0.1:3000/mcp'),
    insert(['mcpServers', 'web', 'type'], 'http'),
    insert(['mcpServers', 'fs', 'env'], { A: 'b' }),
    insert(['mcpServers', 'web', 'headers', 'C'], 'd'),
    set(['mcpServers', 'fs', 'args'], ['/c', 'npx', '-y', 'x']),
    rename(['mcpServers'], 'servers'),
    insert(['inputs'], [{ id: 'x' }]),
  ];
  const expected = `{
  // servers
  "servers": {
    "fs": { "command": "npx", "args": ["/c", "npx", "-y", "x"], "env": { "A": "b" } }, // fs
    "web": {
      "url": "http://127.0.0.1:3000/mcp", // url
      "headers": {
        "A": "b", // last
        "C": "d"
      },
      "type": "http"
    }
  },
  "inputs": [
    {
      "id": "x"
    }
  ]
}
`;
  assert.equal(edited(COMMENTED, 'jsonc', ...edits), expected);
  assert.equal(edited(COMMENTED.replaceAll('\n', '\r\n'), 'jsonc', ...edits), expected.replaceAll('\n', '\r\n'));
  assert.equal(edited(`\uFEFF${COMMENTED}`, 'jsonc', ...edits), `\uFEFF${expected}`);
});

test('JSON: what is deleted takes its comma along, and comments of others stay', () => {
  assert.equal(
    edited(COMMENTED, 'jsonc', remove('mcpServers', 'web')),
    '{\n  // servers\n  "mcpServers": {\n    "fs": { "command": "npx", "args": ["-y", "x"] } // fs\n  }\n}\n',
  );
  assert.equal(edited('{ "a": 1, "b": 2, "c": 3 }', 'json', remove('b')), '{ "a": 1, "c": 3 }');
  assert.equal(edited('{ "a": 1, "b": 2 }', 'json', remove('b')), '{ "a": 1 }');
  assert.equal(edited('{\n  "a": 1,\n  "b": 2\n}', 'json', remove('a')), '{\n  "b": 2\n}');
  assert.equal(edited('{\n  "a": 1,\n  "b": 2,\n}', 'jsonc', remove('b')), '{\n  "a": 1,\n}');
  assert.equal(edited('{\n  "a": 1\n}', 'json', remove('a')), '{}');
});

test('JSON: empty, missing and one-line containers are filled as the text around suggests', () => {
  assert.equal(edited('', 'json', insert(['a', 'b'], 1)), '{\n  "a": {\n    "b": 1\n  }\n}\n');
  assert.equal(edited('{}', 'json', insert(['a', 'b'], { c: 1 })), '{ "a": { "b": { "c": 1 } } }');
  assert.equal(edited('{\n\t"a": {}\n}', 'json', insert(['a', 'b'], 1)), '{\n\t"a": {\n\t\t"b": 1\n\t}\n}');
  assert.equal(edited('{"a":1}', 'json', insert(['b'], [])), '{"a":1, "b":[]}');
  assert.equal(
    edited("{a: 'x', b: [1, 2,],}", 'json5', set(['a'], "it's"), insert(['c'], 2), remove('b', 0)),
    "{a: 'it\\'s', b: [2,], c: 2,}",
  );
});

test('YAML: styles, indentation and comments stay', () => {
  const text = `extensions:
    fs: # about
        cmd: npx   # c
        args: [-y, "a b",]
        env:
        text: |
          hello
    gh: {cmd: 'x', on: 1}
list:
- a: 1
  b: 2
- c
# end
`;
  const edits = [
    set(['extensions', 'fs', 'cmd'], 'C:\\x y'),
    set(['extensions', 'gh', 'cmd'], "it's"),
    insert(['extensions', 'fs', 'env', 'A'], 'yes'),
    insert(['extensions', 'fs', 'timeout'], 300),
    insert(['extensions', 'gh', 'args'], ['a,b']),
    remove('extensions', 'gh', 'on'),
    remove('list', 0, 'a'),
    insert(['list', 2], { k: 1 }),
    rename(['extensions'], 'mcp'),
  ];
  const expected = `mcp:
    fs: # about
        cmd: C:\\x y   # c
        args: [-y, "a b",]
        env:
            A: "yes"
        text: |
          hello
        timeout: 300
    gh: {cmd: 'it''s', args: ["a,b"]}
list:
- b: 2
- c
- k: 1
# end
`;
  assert.equal(edited(text, 'yaml', ...edits), expected);
  assert.equal(edited(text.replaceAll('\n', '\r\n'), 'yaml', ...edits), expected.replaceAll('\n', '\r\n'));
  assert.equal(edited('# mine\n', 'yaml', insert(['a', 'b'], 1)), '# mine\na:\n  b: 1\n');
});

test('TOML: sections, dotted keys and inline tables keep their form', () => {
  const text = `# top
model = "x"

[mcp_servers.fs] # fs
command = 'npx'
args = ["-y", "x"] # args
startup_timeout_sec = 10.0

# gh
[mcp_servers.gh]
url = "http://x"
[mcp_servers.gh.http_headers]
A = "b"
`;
  const edits = [
    set(['mcp_servers', 'fs', 'command'], 'C:\\a'),
    set(['mcp_servers', 'fs', 'startup_timeout_sec'], 20),
    set(['mcp_servers', 'fs', 'args'], ['/c', '-y', 'x']),
    insert(['mcp_servers', 'fs', 'env'], { A: 'b' }),
    insert(['mcp_servers', 'new'], { command: 'x', env: { Q: 'r' } }),
    insert(['top'], 1),
    rename(['mcp_servers', 'gh'], 'g h'),
  ];
  const expected = `# top
model = "x"
top = 1

[mcp_servers.fs] # fs
command = 'C:\\a'
args = ["/c", "-y", "x"] # args
startup_timeout_sec = 20.0
env = { A = "b" }

# gh
[mcp_servers."g h"]
url = "http://x"
[mcp_servers."g h".http_headers]
A = "b"

[mcp_servers.new]
command = "x"
env = { Q = "r" }
`;
  assert.equal(edited(text, 'toml', ...edits), expected);
  const one = '[mcp_servers.a]\nx = 1\n\n[mcp_servers.b]\ny = 2\n\n[mcp_servers.b.env]\nZ = "z"\n';
  assert.equal(edited(one, 'toml', remove('mcp_servers', 'b')), '[mcp_servers.a]\nx = 1\n\n');
  assert.equal(edited('[mcp_servers.a]\nx = 1\n', 'toml', remove('mcp_servers', 'a')), '[mcp_servers]\n');
});

test('edits that do not fit the file are refused by their reason', () => {
  assert.equal(edited('{"a": 1}', 'json', set(['b'], 1)), 'path-missing');
  assert.equal(edited('{"a": 1}', 'json', remove('a', 'b')), 'path-missing');
  assert.equal(edited('{"a": 1}', 'json', insert(['a'], 1)), 'path-exists');
  assert.equal(edited('{"a": 1, "b": 2}', 'json', rename(['a'], 'b')), 'path-exists');
});

test('edits that would change something else, or cannot be written, are refused', () => {
  // The other alias would change with it.
  assert.equal(edited('a: &x {p: 1}\nb: *x\n', 'yaml', set(['a', 'p'], 2)), 'edit-not-safe');
  // The first of two would come to light.
  assert.equal(edited('{"a": 1, "a": 2}', 'json', remove('a')), 'edit-not-safe');
  assert.equal(edited('a = 1\n', 'toml', set(['a'], null)), 'edit-not-safe');
  assert.equal(edited('{"a": 1 "b": 2}', 'json', set(['a'], 3)), 'edit-not-safe');
  assert.equal(edited('{"a": 1}', 'json', set(['a'], undefined)), 'edit-not-safe');
});

test('replaced text must leave all values as they were', () => {
  const replace = (offset: number, length: number, value: string): DocumentEdit => ({ op: 'replace-text', offset, length, value });
  assert.equal(edited('{"a": 1, /* b */}', 'json', replace(7, 1, ''), replace(9, 7, '')), '{"a": 1 }');
  assert.equal(edited('{"a": 1,}', 'json', replace(6, 1, '2')), 'edit-not-safe');
  assert.equal(edited('{"a": 1,}', 'json', replace(7, 1, ''), replace(7, 1, '')), 'edit-not-safe');
  assert.equal(edited('{"a": 1,}', 'json', replace(90, 1, '')), 'edit-not-safe');
  // Offsets are those of the original text, whatever else is edited.
  assert.equal(edited('{"a": 1,}', 'json', set(['a'], 1000), replace(7, 1, '')), '{"a": 1000}');
});
