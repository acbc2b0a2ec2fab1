/** Every kind of server there is, well and alive: whatever is found here is a false alarm. */
import { defineNearMiss } from '../fault.ts';
import { startEverything, startPython } from '../servers/daemons.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';
import { dualV2, modernV2 } from '../servers/sdk-v2.ts';

export default [
  defineNearMiss({
    id: 'healthy/sdk-v1-stateful',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1())).url() }),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'healthy/sdk-v1-stateless',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(statelessV1())).url() }),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'healthy/sdk-v2-modern',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(modernV2())).url() }),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'healthy/sdk-v2-dual',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(dualV2())).url() }),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'healthy/everything',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await startEverything(bench, 'streamableHttp')).url() }),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'healthy/python-1',
    group: 'mcp',
    needs: ['python-1'],
    arrange: async (bench) => ({ url: (await startPython(bench, { version: 1, transport: 'http' })).url() }),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'healthy/python-2',
    group: 'mcp',
    needs: ['python-2'],
    arrange: async (bench) => ({ url: (await startPython(bench, { version: 2, transport: 'http' })).url() }),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'healthy/python-2-stateless',
    group: 'mcp',
    needs: ['python-2'],
    arrange: async (bench) => ({ url: (await startPython(bench, { version: 2, transport: 'http', stateless: true })).url() }),
    expect: { status: 'ok' },
  }),
];
