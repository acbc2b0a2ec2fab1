import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientByName } from './by-name.ts';

test('clients are known by the names they give to servers', () => {
  const table: readonly (readonly [string, string | undefined])[] = [
    ['claude-code', 'claude-code'],
    ['claude-ai', 'claude-desktop'],
    ['Visual Studio Code', 'vscode'],
    ['Visual Studio Code - Insiders', 'vscode'],
    ['codex-mcp-client', 'codex'],
    ['cursor-vscode', 'cursor'],
    ['opencode', 'opencode'],
    ['gemini-cli-mcp-client-x', 'gemini-cli'],
    ['my-own-agent', undefined],
    ['', undefined],
  ];
  for (const [name, id] of table) assert.equal(clientByName(name)?.id, id, name);
});
