/** `mcpreach connect` between official clients and servers of both eras, and over a restart of the server. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { legacyClientWorks, modernClientWorks, textOf } from '../rig/eras/clients.ts';
import { serveLegacy, serveModern } from '../rig/eras/http-servers.ts';
import { modernV2 } from '../lab/servers/sdk-v2.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const CHILD = fileURLToPath(new URL('../rig/eras/child.js', import.meta.url));

async function transportTo(client: 'legacy' | 'modern', target: readonly string[]): Promise<object> {
  const options = { command: process.execPath, args: [MAIN, 'connect', '--no-memory', ...target], stderr: 'ignore' as const };
  const v1 = await import('@modelcontextprotocol/sdk/client/stdio.js');
  const v2 = await import('@modelcontextprotocol/client/stdio');
  return client === 'legacy' ? new v1.StdioClientTransport(options) : new v2.StdioClientTransport(options);
}

for (const client of ['legacy', 'modern'] as const) {
  const works = client === 'legacy' ? legacyClientWorks : modernClientWorks;
  for (const server of ['legacy', 'modern'] as const) {
    test(`a ${client} client and a ${server} server over HTTP`, async (t) => {
      const url = await (server === 'legacy' ? serveLegacy : serveModern)(t);
      await works(t, await transportTo(client, [url]), `rig-${server}`);
    });
    test(`a ${client} client and a ${server} program`, async (t) =>
      works(t, await transportTo(client, ['--', process.execPath, CHILD, server]), `rig-${server}`));
  }
}

test('a legacy client goes on after its modern server was restarted', async (t) => {
  const start = async (port: number): Promise<Server> => {
    const server = createServer((await modernV2()).handle);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    t.after(() => server.close().closeAllConnections());
    return server;
  };
  const first = await start(0);
  const { port } = first.address() as AddressInfo;
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const client = new Client({ name: 'v1', version: '1' });
  await client.connect((await transportTo('legacy', [`http://127.0.0.1:${port}/mcp`])) as never);
  t.after(() => client.close());
  const add = () => client.callTool({ name: 'add', arguments: { a: 1, b: 2 } });
  assert.equal(textOf(await add()), '3');
  first.close().closeAllConnections();
  const held = add();
  await start(port);
  assert.equal(textOf(await held), '3');
});
