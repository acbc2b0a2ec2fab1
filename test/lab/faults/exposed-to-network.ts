import { defineFault, defineNearMiss } from '../fault.ts';
import { startEverything } from '../servers/daemons.ts';
import { statefulV1 } from '../servers/sdk-v1.ts';
import { dualV2 } from '../servers/sdk-v2.ts';

export default [
  defineFault({
    id: 'exposed-to-network/all-ipv4',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1(), { host: '0.0.0.0' })).url('/mcp', '127.0.0.1') }),
    expect: { status: 'ok', findings: ['exposed-to-network'] },
  }),
  defineFault({
    id: 'exposed-to-network/everything-binds-all',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({ url: (await startEverything(bench, 'streamableHttp')).url() }),
    expect: { status: 'ok', findings: ['exposed-to-network'] },
  }),
  defineNearMiss({
    id: 'exposed-to-network/loopback-only',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(dualV2())).url() }),
    expect: { status: 'ok', notCauses: ['exposed-to-network'] },
  }),
  defineNearMiss({
    id: 'exposed-to-network/guarded-by-a-token',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({
      url: (await bench.listen(statefulV1({ token: 'right-token-3' }), { host: '0.0.0.0' })).url('/mcp', '127.0.0.1'),
      args: ['--header', 'Authorization: Bearer right-token-3'],
    }),
    expect: { status: 'ok', notCauses: ['exposed-to-network'] },
  }),
];
