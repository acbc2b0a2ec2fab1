import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNamedMcp } from './strangers.ts';

test('a command line names MCP by its program, script or module', () => {
  for (const command of [
    'node my-mcp.js',
    'uvx mcp-server-git',
    'python3 -m my_mcp.server',
    'node dist/weatherMcpServer.js',
    'npx -y @acme/mcp',
  ]) {
    assert.ok(isNamedMcp({ command }), command);
  }
});

test('folders and longer words that contain the letters do not count', () => {
  for (const command of ['node /home/dev/mcp/app/server.js', 'node vite', 'node /opt/mcpreach/cli.js doctor', 'python3 -m http.server']) {
    assert.ok(!isNamedMcp({ command }), command);
  }
});
