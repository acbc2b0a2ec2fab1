/** A stdio server, `node crashing-server.js FILE`: tools that crash, hang, count their calls over all runs, and tell the process. */
import { appendFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [, , file = '/dev/null'] = process.argv;

interface Request {
  readonly id?: unknown;
  readonly method: string;
  readonly params?: { readonly name?: string; readonly protocolVersion?: string };
}

function answer(id: unknown, result: unknown): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line) as Request;
  const text = (value: unknown) => answer(id, { content: [{ type: 'text', text: String(value) }] });
  if (method === 'initialize') {
    answer(id, { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'crashing', version: '1' } });
  } else if (method === 'tools/call') {
    appendFileSync(file, `${params?.name}\n`);
    if (params?.name === 'crash') {
      console.error('the disk is on fire');
      process.exit(3);
    }
    if (params?.name === 'count') text(readFileSync(file, 'utf8').trimEnd().split('\n').length);
    if (params?.name === 'pid') text(process.pid);
  } else if (id !== undefined) {
    answer(id, method === 'tools/list' ? { tools: [] } : {});
  }
}
