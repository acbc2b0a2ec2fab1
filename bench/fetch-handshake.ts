/** The yardstick: the same handshake as the doctor's, the universal probe included, with `fetch` and nothing else. */
const url = process.argv[2] ?? '';
const accept = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };

async function post(body: object, headers: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { ...accept, ...headers }, body: JSON.stringify({ jsonrpc: '2.0', ...body }) });
}

const probe = await post(
  { id: 1, method: 'server/discover', params: {} },
  { 'mcp-session-id': 'made-up', 'mcp-protocol-version': '2026-07-28' },
);
await probe.text();
const clientInfo = { name: 'bench', version: '0' };
const initialized = await post(
  { id: 2, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } },
  {},
);
await initialized.json();
const session = { 'mcp-session-id': initialized.headers.get('mcp-session-id') ?? '', 'mcp-protocol-version': '2025-11-25' };
await (await post({ method: 'notifications/initialized' }, session)).text();
const tools = (await (await post({ id: 3, method: 'tools/list', params: {} }, session)).json()) as { result: { tools: unknown[] } };
await (await fetch(url, { method: 'DELETE', headers: session })).text();
process.stdout.write(`${tools.result.tools.length} tools\n`);
process.exit(tools.result.tools.length === 2 ? 0 : 1);
