import type { Bench } from '../../bench.ts';
import { type Arranged, defineFault, defineNearMiss } from '../../fault.ts';
import { scriptCommand, type ScriptParts } from '../../servers/stdio-script.ts';

const REFUSED = { status: 'failed', cause: 'mcp-error', layer: 'mcp' } as const;

async function script(bench: Bench, parts: ScriptParts): Promise<Arranged> {
  return { command: await scriptCommand(bench, parts), args: ['--timeout', '4000'] };
}

export default [
  defineFault({
    id: 'stdio/mcp-error/handshake-refused',
    group: 'stdio',
    arrange: (bench) => script(bench, { initialize: "refuse(-32603, 'the licence has expired');" }),
    expect: { ...REFUSED, says: /licence has expired/ },
  }),
  defineFault({
    id: 'stdio/mcp-error/tools-refused',
    group: 'stdio',
    arrange: (bench) => script(bench, { list: "refuse(-32603, 'the tool registry is empty');" }),
    expect: { ...REFUSED, layer: 'tools', says: /tool registry/ },
  }),
  defineFault({
    id: 'stdio/mcp-error/without-an-id',
    group: 'stdio',
    arrange: (bench) => script(bench, { initialize: "send({ id: null, error: { code: -32700, message: 'Parse error' } });" }),
    expect: { ...REFUSED, says: /Parse error/ },
  }),
  defineFault({
    id: 'stdio/mcp-error/no-mcp-result',
    group: 'stdio',
    arrange: (bench) => script(bench, { initialize: "answer({ hello: 'world' });" }),
    expect: REFUSED,
  }),
  defineFault({
    id: 'stdio/mcp-error/language-server',
    group: 'stdio',
    arrange: (bench) => script(bench, { initialize: 'answer({ capabilities: { textDocumentSync: 1 } });' }),
    expect: REFUSED,
  }),
  defineNearMiss({
    id: 'stdio/mcp-error/no-tools-offered',
    group: 'stdio',
    arrange: (bench) =>
      script(bench, { initialize: "answer(hello('2025-11-25', { prompts: {} }));", list: "refuse(-32601, 'Method not found');" }),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'stdio/mcp-error/ids-as-text-are-not-ours',
    group: 'stdio',
    // An answer to a request that nobody made comes first.
    arrange: (bench) => script(bench, { boot: "send({ id: 'lab-1', error: { code: -32603, message: 'stale' } });" }),
    expect: { status: ['ok', 'warning'], cause: null },
  }),
];
