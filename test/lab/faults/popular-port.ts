import { defineFault, defineNearMiss } from '../fault.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

export default [
  defineFault({
    id: 'popular-port/3000',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1(), { port: 3000 })).url() }),
    expect: { status: 'ok', findings: ['popular-port'] },
  }),
  defineFault({
    id: 'popular-port/8080',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statelessV1(), { port: 8080 })).url() }),
    expect: { status: 'ok', findings: ['popular-port'] },
  }),
  defineNearMiss({
    id: 'popular-port/43117',
    group: 'advice',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1(), { port: 43117 })).url() }),
    expect: { status: 'ok', notCauses: ['popular-port'] },
  }),
];
