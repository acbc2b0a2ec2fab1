import { defineFault, defineNearMiss } from '../fault.ts';
import { startEverything, startPython } from '../servers/daemons.ts';
import { sseV1, statefulV1, statelessV1 } from '../servers/sdk-v1.ts';
import { modernV2 } from '../servers/sdk-v2.ts';

const WORKS = { status: 'warning', findings: ['sse-legacy'] } as const;
const MISMATCH = { status: 'failed', cause: 'sse-legacy', certainty: 'proved', notCauses: ['wrong-path', 'port-in-use'] } as const;

export default [
  defineFault({
    id: 'sse-legacy/bare-url',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(sseV1())).url('/sse') }),
    expect: WORKS,
  }),
  defineFault({
    id: 'sse-legacy/bare-url-everything',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await startEverything(bench, 'sse')).url('/sse') }),
    expect: WORKS,
  }),
  defineFault({
    id: 'sse-legacy/bare-url-fastmcp',
    group: 'mcp',
    needs: ['python-1'],
    arrange: async (bench) => ({ url: (await startPython(bench, { version: 1, transport: 'sse' })).url('/sse') }),
    expect: WORKS,
  }),
  defineFault({
    id: 'sse-legacy/bare-url-python-2',
    group: 'mcp',
    needs: ['python-2'],
    arrange: async (bench) => ({ url: (await startPython(bench, { version: 2, transport: 'sse' })).url('/sse') }),
    expect: WORKS,
  }),
  defineFault({
    id: 'sse-legacy/configured-as-http',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(sseV1())).url('/sse'), args: ['--transport', 'http'] }),
    expect: MISMATCH,
  }),
  defineFault({
    id: 'sse-legacy/fastmcp-configured-as-http',
    group: 'mcp',
    needs: ['python-1'],
    arrange: async (bench) => ({
      url: (await startPython(bench, { version: 1, transport: 'sse' })).url('/sse'),
      args: ['--transport', 'http'],
    }),
    expect: MISMATCH,
  }),
  defineFault({
    id: 'sse-legacy/streamable-configured-as-sse',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1())).url(), args: ['--transport', 'sse'] }),
    expect: MISMATCH,
  }),
  defineFault({
    id: 'sse-legacy/modern-configured-as-sse',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(modernV2())).url(), args: ['--transport', 'sse'] }),
    expect: MISMATCH,
  }),
  defineFault({
    id: 'sse-legacy/silent-stream-is-no-sse',
    group: 'mcp',
    needs: ['python-1'],
    // A stateless FastMCP answers GET with an endless silent stream.
    arrange: async (bench) => ({
      url: (await startPython(bench, { version: 1, transport: 'http', stateless: true })).url(),
      args: ['--transport', 'sse'],
    }),
    expect: MISMATCH,
    within: 20_000,
  }),
  defineNearMiss({
    id: 'sse-legacy/configured-as-sse',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(sseV1())).url('/sse'), args: ['--transport', 'sse'] }),
    expect: { status: 'ok', notCauses: ['sse-legacy'] },
  }),
  defineNearMiss({
    id: 'sse-legacy/configured-as-http-and-is',
    group: 'mcp',
    arrange: async (bench) => ({ url: (await bench.listen(statelessV1())).url(), args: ['--transport', 'http'] }),
    expect: { status: 'ok', notCauses: ['sse-legacy'] },
  }),
  defineNearMiss({
    id: 'sse-legacy/stateless-fastmcp',
    group: 'mcp',
    needs: ['python-1'],
    arrange: async (bench) => ({ url: (await startPython(bench, { version: 1, transport: 'http', stateless: true })).url() }),
    expect: { status: 'ok', notCauses: ['sse-legacy'] },
  }),
];
