import type { Bench } from '../bench.ts';
import { type Arranged, defineFault, defineNearMiss } from '../fault.ts';
import { rawMcp, type RawMcpOptions } from '../servers/raw-mcp.ts';

async function raw(bench: Bench, options: RawMcpOptions): Promise<Arranged> {
  return { url: (await bench.listen(rawMcp(options))).url() };
}

const FAILS = { status: 'failed', cause: 'mcp-error', notCauses: ['port-in-use', 'not-mcp', 'server-error'] } as const;

export default [
  defineFault({
    id: 'mcp-error/internal-error',
    group: 'mcp',
    arrange: (bench) => raw(bench, { steps: { initialize: ({ error }) => error(-32603, 'Internal error: licence file is missing') } }),
    expect: { ...FAILS, layer: 'mcp', says: /licence file is missing/ },
  }),
  defineFault({
    id: 'mcp-error/invalid-params-400',
    group: 'mcp',
    arrange: (bench) =>
      raw(bench, { steps: { initialize: ({ error }) => error(-32602, 'Invalid params: clientInfo.title is required', 400) } }),
    expect: FAILS,
  }),
  defineFault({
    id: 'mcp-error/private-code',
    group: 'mcp',
    arrange: (bench) => raw(bench, { steps: { initialize: ({ error }) => error(4711, 'Trial period is over') } }),
    expect: { ...FAILS, says: /4711/ },
  }),
  defineFault({
    id: 'mcp-error/knows-no-handshake',
    group: 'mcp',
    // A JSON-RPC service that is no MCP server says so for every method.
    arrange: (bench) => raw(bench, { steps: { initialize: ({ error }) => error(-32601, 'Method not found') } }),
    expect: { status: 'failed', cause: ['mcp-error', 'not-mcp', 'port-in-use'] },
  }),
  defineFault({
    id: 'mcp-error/tools-fail',
    group: 'mcp',
    arrange: (bench) =>
      raw(bench, { sessions: true, steps: { 'tools/list': ({ error }) => error(-32603, 'Internal error: schema of tool add is broken') } }),
    expect: { ...FAILS, layer: 'tools', notCauses: ['backend-unreachable'], says: /schema of tool add/ },
  }),
  defineNearMiss({
    id: 'mcp-error/no-tools-at-all',
    group: 'mcp',
    // A server of prompts only says that it has no tools.
    arrange: (bench) =>
      raw(bench, { capabilities: { prompts: {} }, steps: { 'tools/list': ({ error }) => error(-32601, 'Method not found') } }),
    expect: { status: 'ok', notCauses: ['mcp-error'] },
  }),
  defineNearMiss({
    id: 'mcp-error/tools-on-two-pages',
    group: 'mcp',
    async arrange(bench) {
      const page = (names: readonly string[]) => names.map((name) => ({ name, inputSchema: { type: 'object' } }));
      const arranged = await raw(bench, {
        steps: {
          'tools/list': ({ result, rpc }) =>
            result(rpc.params?.['cursor'] === 'two' ? { tools: page(['c']) } : { tools: page(['a', 'b']), nextCursor: 'two' }),
        },
      });
      return {
        ...arranged,
        check: (run) => (run.stdout.includes('"tools": 3') || run.stdout.includes('"tools":3') ? [] : ['does not count three tools']),
      };
    },
    expect: { status: 'ok' },
  }),
];
