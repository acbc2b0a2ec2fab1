import type { Bench } from '../bench.ts';
import { type Arranged, defineFault, defineNearMiss } from '../fault.ts';
import type { App } from '../servers/app.ts';
import { proxyTo, startNginx } from '../servers/daemons.ts';
import { rawMcp, type Step } from '../servers/raw-mcp.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

/** Two instances behind nginx, which sends each request to the next. */
async function balanced(bench: Bench, create: () => Promise<App>, balance = ''): Promise<Arranged> {
  const [first, second] = [await bench.listen(create()), await bench.listen(create())];
  const http = `upstream pool { ${balance} server 127.0.0.1:${first.port}; server 127.0.0.1:${second.port}; }`;
  return { url: (await startNginx(bench, { http, server: proxyTo('http://pool') })).url() };
}

/** A server that hands out a session and then answers these methods as if it had never heard of it. */
async function forgetting(bench: Bench, answer: Step, ...methods: readonly string[]): Promise<Arranged> {
  const app = rawMcp({ sessions: true, steps: Object.fromEntries(methods.map((method) => [method, answer])) });
  return { url: (await bench.listen(app)).url() };
}

const LOST = { status: 'failed', cause: 'session-lost', notCauses: ['mcp-error', 'wrong-path'] } as const;

export default [
  defineFault({
    id: 'session-lost/404-before-the-tools',
    group: 'mcp',
    arrange: (bench) => forgetting(bench, ({ error }) => error(-32001, 'Session not found', 404), 'tools/list'),
    expect: LOST,
  }),
  defineFault({
    id: 'session-lost/400-as-some-servers-say-it',
    group: 'mcp',
    arrange: (bench) => forgetting(bench, ({ error }) => error(-32000, 'Bad Request: No valid session ID provided', 400), 'tools/list'),
    expect: LOST,
  }),
  defineFault({
    id: 'session-lost/forgotten-at-once',
    group: 'mcp',
    arrange: (bench) =>
      forgetting(bench, ({ error }) => error(-32600, 'Session has been terminated', 404), 'notifications/initialized', 'tools/list'),
    expect: LOST,
  }),
  defineFault({
    id: 'session-lost/two-instances-without-stickiness',
    group: 'mcp',
    needs: ['nginx'],
    network: {},
    async arrange(bench) {
      // Round robin loses the session whichever instance gave it; the doctor cannot end what it cannot reach.
      const arranged = await balanced(bench, async () => {
        const { handle } = await statefulV1();
        return { handle };
      });
      return arranged;
    },
    expect: LOST,
  }),
  defineNearMiss({
    id: 'session-lost/two-instances-without-sessions',
    group: 'mcp',
    needs: ['nginx'],
    arrange: (bench) => balanced(bench, () => statelessV1()),
    expect: { status: 'ok', notCauses: ['session-lost'] },
  }),
  defineNearMiss({
    id: 'session-lost/two-instances-sticky',
    group: 'mcp',
    needs: ['nginx'],
    arrange: (bench) => balanced(bench, () => statefulV1(), 'ip_hash;'),
    expect: { status: 'ok', notCauses: ['session-lost'] },
  }),
  defineNearMiss({
    id: 'session-lost/delete-is-not-offered',
    group: 'mcp',
    async arrange(bench) {
      const healthy = rawMcp({ sessions: true });
      const app: App = {
        handle(request, response) {
          if (request.method !== 'DELETE') return healthy.handle(request, response);
          response.writeHead(405, { allow: 'POST' }).end();
        },
      };
      return { url: (await bench.listen(app)).url() };
    },
    expect: { status: 'ok', notCauses: ['session-lost'] },
  }),
];
