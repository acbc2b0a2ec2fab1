import { defineFault, defineNearMiss, THERE } from '../fault.ts';
import { startEverything, startPython } from '../servers/daemons.ts';
import { sseV1, statefulV1, statelessV1 } from '../servers/sdk-v1.ts';
import { modernV2 } from '../servers/sdk-v2.ts';

const WRONG = {
  status: 'failed',
  cause: 'wrong-path',
  certainty: 'proved',
  remedy: /\/mcp/,
  notCauses: ['port-in-use', 'not-mcp'],
} as const;

export default [
  defineFault({
    id: 'wrong-path/root',
    group: 'http',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1())).url('/') }),
    expect: { ...WRONG, layer: 'http' },
  }),
  defineFault({
    id: 'wrong-path/sse-path-of-a-streamable-server',
    group: 'http',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1())).url('/sse') }),
    expect: WRONG,
  }),
  defineFault({
    id: 'wrong-path/one-level-too-deep',
    group: 'http',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statelessV1())).url('/mcp/v1') }),
    expect: WRONG,
  }),
  defineFault({
    id: 'wrong-path/api-prefix',
    group: 'http',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(modernV2())).url('/api/mcp') }),
    expect: WRONG,
  }),
  defineFault({
    id: 'wrong-path/served-at-the-root',
    group: 'http',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1({ path: '/' }))).url('/mcp') }),
    expect: { ...WRONG, remedy: /:\d+\/?"/ },
  }),
  defineFault({
    id: 'wrong-path/fastmcp',
    group: 'http',
    needs: ['python-1'],
    network: {},
    arrange: async (bench) => ({ url: (await startPython(bench, { version: 1, transport: 'http' })).url('/') }),
    expect: WRONG,
  }),
  defineFault({
    id: 'wrong-path/everything',
    group: 'http',
    network: {},
    arrange: async (bench) => ({ url: (await startEverything(bench, 'streamableHttp')).url('/') }),
    expect: WRONG,
  }),
  defineFault({
    id: 'wrong-path/sse-server-at-its-own-path',
    group: 'http',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(sseV1())).url('/mcp') }),
    expect: { status: 'failed', cause: ['wrong-path', 'sse-legacy'], remedy: /\/sse/ },
  }),
  defineFault({
    id: 'wrong-path/other-machine',
    group: 'http',
    network: { peer: true },
    async arrange(bench) {
      const server = await bench.serve('v1-stateful', { host: THERE, there: true });
      return { url: server.url('/v1/mcp') };
    },
    expect: WRONG,
  }),
  defineNearMiss({
    id: 'wrong-path/unusual-and-right',
    group: 'http',
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1({ path: '/tenants/42/agent' }))).url('/tenants/42/agent') }),
    expect: { status: 'ok', notCauses: ['wrong-path'] },
  }),
  defineNearMiss({
    id: 'wrong-path/query-is-no-path',
    group: 'http',
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1())).url('/mcp?profile=dev-profile-7') }),
    expect: { status: 'ok', notCauses: ['wrong-path'] },
    secrets: ['dev-profile-7'],
  }),
];
