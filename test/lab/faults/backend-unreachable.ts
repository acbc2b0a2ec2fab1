import type { Bench } from '../bench.ts';
import { type Arranged, defineFault, defineNearMiss } from '../fault.ts';
import { rawMcp, type Step } from '../servers/raw-mcp.ts';

async function toolsSay(bench: Bench, step: Step): Promise<Arranged> {
  return { url: (await bench.listen(rawMcp({ sessions: true, steps: { 'tools/list': step } }))).url() };
}

const BACKEND = {
  status: 'failed',
  cause: 'backend-unreachable',
  layer: 'tools',
  notCauses: ['server-not-running', 'port-in-use'],
} as const;

export default [
  defineFault({
    id: 'backend-unreachable/node-database',
    group: 'beyond',
    arrange: (bench) => toolsSay(bench, ({ error }) => error(-32603, 'connect ECONNREFUSED 127.0.0.1:5432')),
    expect: { ...BACKEND, says: /127\.0\.0\.1:5432/ },
  }),
  defineFault({
    id: 'backend-unreachable/python-client',
    group: 'beyond',
    arrange: (bench) =>
      toolsSay(bench, ({ error }) =>
        error(
          -32000,
          "HTTPConnectionPool(host='localhost', port=9200): Max retries exceeded with url: /_cat: [Errno 111] Connection refused",
        ),
      ),
    expect: BACKEND,
  }),
  defineFault({
    id: 'backend-unreachable/500-with-the-reason',
    group: 'beyond',
    arrange: (bench) =>
      toolsSay(bench, ({ send }) => send(500, 'application/json', '{"error":"connect ECONNREFUSED ::1:6379","code":"ECONNREFUSED"}')),
    expect: BACKEND,
  }),
  defineFault({
    id: 'backend-unreachable/go-client',
    group: 'beyond',
    arrange: (bench) => toolsSay(bench, ({ error }) => error(-32603, 'dial tcp 10.0.0.5:8080: connect: connection refused')),
    expect: { ...BACKEND, says: /10\.0\.0\.5:8080/ },
  }),
  defineNearMiss({
    id: 'backend-unreachable/error-without-an-address',
    group: 'beyond',
    arrange: (bench) => toolsSay(bench, ({ error }) => error(-32603, 'the tool registry is empty')),
    expect: { status: 'failed', cause: 'mcp-error', layer: 'tools', notCauses: ['backend-unreachable'] },
  }),
];
