import { defineFault, defineNearMiss } from '../fault.ts';
import { rawMcp } from '../servers/raw-mcp.ts';
import { modernV2 } from '../servers/sdk-v2.ts';

const UNKNOWN = { status: 'failed', cause: 'protocol-version', layer: 'mcp' } as const;

export default [
  defineFault({
    id: 'protocol-version/answers-with-nonsense',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(rawMcp({ protocolVersion: '1999-01-01' }))).url() }),
    expect: { ...UNKNOWN, says: /1999-01-01/ },
  }),
  defineFault({
    id: 'protocol-version/from-the-future',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(rawMcp({ protocolVersion: '2031-04-01' }))).url() }),
    expect: UNKNOWN,
  }),
  defineFault({
    id: 'protocol-version/modern-revision-nobody-knows',
    group: 'mcp',
    async arrange(bench) {
      const app = rawMcp({
        steps: {
          '*': ({ error }) => error(-32022, 'Unsupported protocol version', 400, { supported: ['2031-04-01'], requested: '2026-07-28' }),
          initialize: ({ error }) => error(-32022, 'Unsupported protocol version', 400, { supported: ['2031-04-01'] }),
        },
      });
      return { url: (await bench.listen(app)).url() };
    },
    expect: { ...UNKNOWN, says: /2031-04-01/ },
  }),
  defineFault({
    id: 'protocol-version/initialize-refuses-the-version',
    group: 'mcp',
    async arrange(bench) {
      const app = rawMcp({
        steps: {
          initialize: ({ error }) =>
            error(-32602, 'Unsupported protocol version', 200, { supported: ['2023-11-01'], requested: '2025-11-25' }),
        },
      });
      return { url: (await bench.listen(app)).url() };
    },
    expect: UNKNOWN,
  }),
  defineFault({
    id: 'protocol-version/header-is-refused-everywhere',
    group: 'mcp',
    async arrange(bench) {
      const app = rawMcp({
        steps: {
          '*': ({ error }) => error(-32000, 'Bad Request: Unsupported protocol version (supported versions: 2023-11-01)', 400),
          initialize: ({ error }) => error(-32000, 'Bad Request: Unsupported protocol version (supported versions: 2023-11-01)', 400),
        },
      });
      return { url: (await bench.listen(app)).url() };
    },
    expect: UNKNOWN,
  }),
  defineNearMiss({
    id: 'protocol-version/old-but-known',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(rawMcp({ protocolVersion: '2024-11-05' }))).url() }),
    expect: { status: 'ok', notCauses: ['protocol-version'] },
  }),
  defineNearMiss({
    id: 'protocol-version/modern-only',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(modernV2())).url() }),
    expect: { status: 'ok', notCauses: ['protocol-version'] },
  }),
];
