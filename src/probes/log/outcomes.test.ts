import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOf } from './outcomes.ts';

function words(text: string): string {
  const outcome = outcomeOf(text);
  return outcome === null ? 'nothing' : outcome.kind === 'failure' ? `failure ${outcome.weight}` : outcome.kind;
}

const LINES: readonly (readonly [string, string])[] = [
  ['[error] spawn npx ENOENT', 'failure 3'],
  ['MCP error -32001: Request timed out', 'failure 3'],
  ['connect ECONNREFUSED 127.0.0.1:3000', 'failure 3'],
  ['HTTP 401 Unauthorized', 'failure 3'],
  ['Connection state: Error Process exited with code 1', 'failure 3'],
  ['Error in MCP: Client closed', 'failure 1'],
  ['Failed to reload client: MCP error -32000: Connection closed', 'failure 1'],
  ['Server disconnected. For troubleshooting guidance, please visit our docs', 'failure 1'],
  ['something failed', 'failure 2'],
  ['Fehler beim Start des Servers', 'failure 2'],
  ['连接失败', 'failure 2'],
  ['エラーが発生しました', 'failure 2'],
  ['Не удалось: ошибка соединения', 'failure 2'],
  ['échec de la connexion', 'failure 2'],
  ['[info] Initializing server...', 'start'],
  ['Starting connection with timeout of 30000ms', 'start'],
  ['Server started and connected successfully', 'nothing'],
  ['Message from server: {"jsonrpc":"2.0","id":0,"result":{"serverInfo":{"name":"x"}}}', 'success'],
  ['Message from server: {"jsonrpc":"2.0","id":4,"result":{"content":[{"text":"Error: no such page"}],"isError":true}}', 'success'],
  ['Message from server: {"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"Method not found"}}', 'nothing'],
  ['Message from server: {"jsonrpc":"2.0","id":0,"error":{"code":-32603,"message":"no licence"}}', 'failure 3'],
  ['Message from client: {"method":"tools/call","params":{"name":"explain_error"},"id":3}', 'nothing'],
  [
    'Message from client: {"method":"notifications/cancelled","params":{"requestId":0,"reason":"Error: MCP error -32001: Request timed out"}}',
    'failure 3',
  ],
  ['Successfully connected to stdio server in 812ms', 'success'],
  ['Discovered 7 tools', 'success'],
  ['Found 0 tools, 0 resources', 'nothing'],
  ['0 errors, 2 warnings', 'nothing'],
  ['"error":null', 'nothing'],
  ["Failed to list resources for MCP server 'x': resources/list failed: Mcp error: -32601: Method not found", 'nothing'],
  ['[ERROR] MCP server "x" Server stderr: Documentation Server v2.1.0 running on stdio', 'nothing'],
  ['[warning] [server stderr] python: No module named x', 'failure 3'],
  ['npm warn deprecated inflight@1.0.6: this leaks memory and causes errors', 'nothing'],
  ['listening on port 3000', 'nothing'],
];

for (const [line, expected] of LINES) {
  test(`${line}: ${expected}`, () => {
    assert.equal(words(line), expected);
  });
}
