import type { Bench } from '../../bench.ts';
import { type Arranged, defineFault, defineNearMiss } from '../../fault.ts';
import { official } from '../../servers/reference.ts';
import { scriptCommand, type ScriptParts } from '../../servers/stdio-script.ts';

const VERSION = { status: 'failed', cause: 'protocol-version', layer: 'mcp' } as const;

async function script(bench: Bench, parts: ScriptParts): Promise<Arranged> {
  return { command: await scriptCommand(bench, parts) };
}

export default [
  defineFault({
    id: 'stdio/protocol-version/unknown-revision',
    group: 'stdio',
    arrange: (bench) => script(bench, { initialize: "answer(hello('2031-01-01'));" }),
    expect: { ...VERSION, says: /2031-01-01/ },
  }),
  defineFault({
    id: 'stdio/protocol-version/refused',
    group: 'stdio',
    arrange: (bench) => script(bench, { initialize: "refuse(-32602, 'Unsupported protocol version: ' + message.params.protocolVersion);" }),
    expect: VERSION,
  }),
  defineFault({
    id: 'stdio/protocol-version/modern-of-the-future',
    group: 'stdio',
    arrange: (bench) =>
      script(bench, {
        initialize: "refuse(-32601, 'Method not found');",
        discover:
          "send({ id, error: { code: -32022, message: 'Unsupported protocol version', data: { supported: ['2031-01-01'], requested: '2026-07-28' } } });",
      }),
    expect: { ...VERSION, says: /2031-01-01/ },
  }),
  defineNearMiss({
    id: 'stdio/protocol-version/old-but-known',
    group: 'stdio',
    arrange: (bench) => script(bench, { initialize: "answer(hello('2024-11-05'));" }),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'stdio/protocol-version/modern-only',
    group: 'stdio',
    arrange: () => ({ command: official('v2-modern') }),
    expect: { status: 'ok' },
  }),
];
