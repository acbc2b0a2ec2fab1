import { defineFault, defineNearMiss } from '../fault.ts';
import { statefulV1 } from '../servers/sdk-v1.ts';

export default [
  defineFault({
    id: 'localhost-in-url/name',
    group: 'advice',
    network: { hosts: '127.0.0.1 localhost\n::1 localhost\n' },
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1(), { host: '::' })).url('/mcp', 'localhost') }),
    expect: { status: 'ok', findings: ['localhost-in-url'] },
  }),
  defineNearMiss({
    id: 'localhost-in-url/literal',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1())).url() }),
    expect: { status: 'ok', notCauses: ['localhost-in-url'] },
  }),
];
