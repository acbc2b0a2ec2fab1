/** Small stdio servers by hand, as source text: each misbehaves in the one place that a case gives it. */
import type { Bench } from '../bench.ts';

/** JavaScript for each moment of a server's life; what is left out behaves well. */
export interface ScriptParts {
  /** Before anything is read. */
  readonly boot?: string;
  /** `initialize` arrived: sees `id`, `message`, `answer(result)`, `refuse(code, message)` and `hello(version)`. */
  readonly initialize?: string;
  /** `notifications/initialized` arrived. */
  readonly initialized?: string;
  /** `tools/list` arrived: sees the same. */
  readonly list?: string;
  /** `server/discover` arrived: sees the same. */
  readonly discover?: string;
}

/** The source of such a server. */
export function scriptSource(parts: ScriptParts = {}): string {
  const { boot = '', initialize = 'answer(hello(message.params.protocolVersion));', initialized = '', list, discover } = parts;
  return `import { createInterface } from 'node:readline';
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
const hello = (protocolVersion, capabilities = { tools: {} }) => ({ protocolVersion, capabilities, serverInfo: { name: 'lab-script', version: '1.0.0' } });
const tools = [{ name: 'add', description: 'Adds two numbers.', inputSchema: { type: 'object' } }];
${boot}
createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  const { id, method } = message;
  const answer = (result) => send({ id, result });
  const refuse = (code, text) => send({ id, error: { code, message: text } });
  if (method === 'initialize') { ${initialize} }
  else if (method === 'notifications/initialized') { ${initialized} }
  else if (method === 'tools/list') { ${list ?? 'answer({ tools });'} }
  else if (method === 'server/discover') { ${discover ?? "refuse(-32601, 'Method not found');"} }
  else if (id !== undefined) refuse(-32601, 'Method not found');
});
`;
}

/** The command line that runs such a server with Node. */
export async function scriptCommand(bench: Bench, parts: ScriptParts = {}): Promise<readonly string[]> {
  return [process.execPath, await bench.file('server.mjs', scriptSource(parts))];
}
