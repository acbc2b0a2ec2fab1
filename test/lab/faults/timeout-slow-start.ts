import { defineFault, defineNearMiss } from '../fault.ts';
import type { App } from '../servers/app.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

/** Holds every request until the server is warm, then answers at once. */
async function warmsUp(pending: Promise<App>, ms: number): Promise<App> {
  const app = await pending;
  // The clock starts with the first request: the doctor's own start must not count.
  let warm: Promise<void> | undefined;
  return {
    ...app,
    handle(request, response) {
      warm ??= new Promise((resolve) => setTimeout(resolve, ms));
      void warm.then(() => app.handle(request, response));
    },
  };
}

export default [
  defineFault({
    id: 'timeout-slow-start/warms-up-for-eleven-seconds',
    group: 'mcp',
    network: {},
    // Longer than the ten seconds assumed for a client that is not known.
    arrange: async (bench) => ({ url: (await bench.listen(warmsUp(statefulV1(), 11_000))).url() }),
    expect: { status: 'failed', cause: 'timeout-slow-start', notCauses: ['timeout-hang'], says: /1[123](?:\.\d+)? ?s|1[123][ \d.,]*ms/ },
    within: 40_000,
  }),
  defineFault({
    id: 'timeout-slow-start/sessionless',
    group: 'mcp',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(warmsUp(statelessV1(), 12_000))).url() }),
    expect: { status: 'failed', cause: 'timeout-slow-start', notCauses: ['timeout-hang'] },
    within: 40_000,
  }),
  defineNearMiss({
    id: 'timeout-slow-start/two-seconds-are-no-fault',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(warmsUp(statefulV1(), 1200))).url() }),
    expect: { status: 'ok', notCauses: ['timeout-slow-start', 'timeout-hang'] },
    within: 15_000,
  }),
];
