import { defineFault, defineNearMiss } from '../fault.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

const BLOCKED = { status: 'warning', findings: ['client-policy'] } as const;

export default [
  defineFault({
    id: 'client-policy/port-6000',
    group: 'beyond',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1(), { port: 6000 })).url() }),
    expect: { ...BLOCKED, says: /6000/ },
  }),
  defineFault({
    id: 'client-policy/port-6667',
    group: 'beyond',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statelessV1(), { port: 6667 })).url() }),
    expect: BLOCKED,
  }),
  defineFault({
    id: 'client-policy/port-10080',
    group: 'beyond',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statelessV1(), { port: 10080 })).url() }),
    expect: BLOCKED,
  }),
  defineNearMiss({
    id: 'client-policy/port-6001',
    group: 'beyond',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1(), { port: 6001 })).url() }),
    expect: { status: 'ok', notCauses: ['client-policy'] },
  }),
];
