import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { defineFault, defineNearMiss, THERE } from '../fault.ts';
import { jsonApi } from '../servers/raw-http.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

const NOW = ['--patience', '0'];

export default [
  defineFault({
    id: 'server-not-running/nothing-listens',
    group: 'process',
    network: {},
    arrange: async (bench) => ({ url: `http://127.0.0.1:${await bench.freePort()}/mcp`, args: NOW }),
    expect: { status: 'failed', cause: 'server-not-running', layer: 'tcp', notCauses: ['wrong-port', 'startup-race'] },
  }),
  defineFault({
    id: 'server-not-running/both-families-refused',
    group: 'process',
    network: { hosts: '127.0.0.1 localhost\n::1 localhost\n' },
    arrange: async (bench) => ({ url: `http://localhost:${await bench.freePort()}/mcp`, args: NOW }),
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['ipv6-localhost'] },
  }),
  defineFault({
    id: 'server-not-running/watched-in-vain',
    group: 'process',
    network: {},
    arrange: async (bench) => ({ url: `http://127.0.0.1:${await bench.freePort()}/mcp`, args: ['--patience', '700'] }),
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['startup-race'] },
  }),
  defineFault({
    id: 'server-not-running/other-machine-refuses',
    group: 'process',
    network: { peer: true },
    arrange: () => ({ url: `http://${THERE}:3999/mcp`, args: NOW }),
    expect: { status: 'failed', cause: 'server-not-running', certainty: 'likely', notCauses: ['host-unreachable'] },
  }),
  defineFault({
    id: 'server-not-running/own-server-is-no-remote-one',
    group: 'process',
    network: { peer: true },
    async arrange(bench) {
      // The same port on this machine is no explanation for another machine's refusal.
      const here = await bench.listen(statelessV1());
      return { url: here.url('/mcp', THERE), args: NOW };
    },
    expect: {
      status: 'failed',
      cause: 'server-not-running',
      certainty: 'likely',
      notCauses: ['bound-to-loopback', 'wrong-port', 'wrong-host'],
    },
  }),
  defineFault({
    id: 'server-not-running/start-command-works',
    group: 'process',
    network: {},
    async arrange(bench) {
      const port = await bench.freePort();
      return { url: `http://127.0.0.1:${port}/mcp`, args: [...NOW, '--start', bench.serveCommand('v1-stateful', { port })] };
    },
    expect: { status: 'failed', cause: 'server-not-running', certainty: 'proved', remedy: /v1-stateful/ },
    within: 15_000,
  }),
  defineFault({
    id: 'server-not-running/start-command-daemonizes',
    group: 'process',
    network: {},
    async arrange(bench) {
      const port = await bench.freePort();
      // The shell ends; what it started in the background must be taken down all the same.
      const command = `${bench.serveCommand('v2-dual', { port })} > /dev/null 2>&1 & sleep 30`;
      return { url: `http://127.0.0.1:${port}/mcp`, args: [...NOW, '--start', command] };
    },
    expect: { status: 'failed', cause: 'server-not-running', certainty: 'proved' },
    within: 15_000,
  }),
  defineFault({
    id: 'server-not-running/other-program-on-other-port',
    group: 'process',
    network: {},
    async arrange(bench) {
      await bench.listen(jsonApi());
      return { url: `http://127.0.0.1:${await bench.freePort()}/mcp`, args: NOW };
    },
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['wrong-port', 'port-in-use'] },
  }),
  defineFault({
    id: 'server-not-running/two-candidates-elsewhere',
    group: 'process',
    network: {},
    async arrange(bench) {
      const first = await bench.listen(statefulV1());
      const second = await bench.listen(statelessV1());
      return {
        url: `http://127.0.0.1:${await bench.freePort()}/mcp`,
        args: NOW,
        // None is claimed, both are told.
        check: (run) =>
          [first, second].filter(({ port }) => !run.stdout.includes(String(port))).map(({ port }) => `does not mention port ${port}`),
      };
    },
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['wrong-port'] },
  }),
  defineFault({
    id: 'server-not-running/neighbour-is-another-target',
    group: 'process',
    network: {},
    async arrange(bench) {
      const other = await bench.listen(statefulV1());
      return { url: [`http://127.0.0.1:${await bench.freePort()}/mcp`, other.url()], args: NOW };
    },
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['wrong-port'] },
  }),
  defineNearMiss({
    id: 'server-not-running/runs-and-start-is-not-needed',
    group: 'process',
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      const trace = join(await bench.folder(), 'started');
      return {
        url: server.url(),
        args: ['--start', `touch ${trace}; sleep 5`],
        check: () => (existsSync(trace) ? ['ran the start command of a server that runs'] : []),
      };
    },
    expect: { status: 'ok' },
  }),
];
