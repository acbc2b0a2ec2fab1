import { type Arranged, defineFault, defineNearMiss, THERE } from '../fault.ts';
import { CONFINE } from '../places.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';
import type { Bench } from '../bench.ts';

const CONFINED = {
  status: 'failed',
  cause: 'client-policy',
  notCauses: ['host-unreachable', 'server-not-running', 'firewall-reject'],
} as const;
const APART = ['bwrap', '--die-with-parent', '--dev-bind', '/', '/', '--proc', '/proc', '--unshare-net', '--unshare-pid'] as const;

/** A server that works, and a doctor whose system calls are filtered. */
async function filtered(bench: Bench, call: string, error: string, env: Readonly<Record<string, string>> = {}): Promise<Arranged> {
  const server = await bench.listen(statelessV1());
  return { url: server.url(), through: ['python3', CONFINE, call, error], env, args: ['--patience', '0'] };
}

export default [
  defineFault({
    id: 'client-policy/seccomp-forbids-connect',
    group: 'network',
    needs: ['seccomp'],
    network: {},
    arrange: (bench) => filtered(bench, 'connect', 'EPERM'),
    expect: { ...CONFINED, certainty: 'proved', layer: 'tcp', says: /EPERM[^]*itself/ },
  }),
  defineFault({
    id: 'client-policy/seccomp-answers-eacces',
    group: 'network',
    needs: ['seccomp'],
    network: {},
    arrange: (bench) => filtered(bench, 'connect', 'EACCES'),
    expect: { ...CONFINED, certainty: 'proved', says: /EACCES/ },
  }),
  defineFault({
    id: 'client-policy/sandbox-of-codex',
    group: 'network',
    needs: ['seccomp'],
    network: {},
    arrange: (bench) => filtered(bench, 'socket', 'EPERM', { CODEX_SANDBOX_NETWORK_DISABLED: '1' }),
    expect: { ...CONFINED, certainty: 'proved', says: /Codex/, remedy: /outside the sandbox/ },
  }),
  defineFault({
    id: 'client-policy/sandbox-of-codex-and-a-name',
    group: 'network',
    needs: ['seccomp'],
    network: {},
    arrange: () => ({
      url: 'http://mcp.tools.internal:3000/mcp',
      through: ['python3', CONFINE, 'socket', 'EPERM'],
      env: { CODEX_SANDBOX_NETWORK_DISABLED: '1' },
    }),
    expect: { status: 'failed', cause: 'client-policy', notCauses: ['dns-failure'], layer: 'dns' },
    within: 15_000,
  }),
  defineFault({
    id: 'client-policy/address-families-are-restricted',
    group: 'network',
    needs: ['seccomp'],
    network: {},
    // As systemd's RestrictAddressFamilies does it.
    arrange: (bench) => filtered(bench, 'socket', 'EAFNOSUPPORT'),
    expect: { ...CONFINED, certainty: 'proved', says: /EAFNOSUPPORT/ },
  }),
  defineFault({
    id: 'client-policy/landlock-forbids-connect',
    group: 'network',
    needs: ['landlock'],
    network: {},
    arrange: (bench) => filtered(bench, 'landlock', 'EACCES'),
    expect: { ...CONFINED, certainty: 'proved', says: /Landlock[^]*EACCES/ },
  }),
  defineFault({
    id: 'client-policy/bubblewrap-without-network',
    group: 'network',
    needs: ['bubblewrap'],
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      return { url: server.url(), through: APART, args: ['--patience', '0'] };
    },
    expect: { ...CONFINED, says: /bubblewrap[^]*network of its own/ },
  }),
  defineFault({
    id: 'client-policy/sandbox-runtime',
    group: 'network',
    needs: ['bubblewrap'],
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      return {
        url: server.url(),
        through: APART,
        env: { SANDBOX_RUNTIME: '1', NO_PROXY: 'localhost,127.0.0.1' },
        args: ['--patience', '0'],
      };
    },
    expect: { ...CONFINED, says: /Claude Code/, remedy: /outside/ },
  }),
  defineFault({
    id: 'host-unreachable/loopback-is-down',
    group: 'network',
    network: {},
    async arrange(bench) {
      await bench.run('ip', 'link', 'set', 'lo', 'down');
      return { url: 'http://127.0.0.1:3000/mcp', args: ['--patience', '0'] };
    },
    expect: {
      status: 'failed',
      cause: 'host-unreachable',
      certainty: 'proved',
      says: /loopback interface is down/,
      remedy: /ip link set lo up/,
    },
  }),
  defineNearMiss({
    id: 'client-policy/filter-about-something-else',
    group: 'network',
    needs: ['seccomp'],
    network: {},
    async arrange(bench) {
      return {
        url: `http://127.0.0.1:${await bench.freePort()}/mcp`,
        through: ['python3', CONFINE, 'ptrace', 'EPERM'],
        args: ['--patience', '0'],
      };
    },
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['client-policy'] },
  }),
  defineNearMiss({
    id: 'client-policy/filter-that-lets-it-pass',
    group: 'network',
    needs: ['seccomp'],
    network: {},
    arrange: (bench) => filtered(bench, 'ptrace', 'EPERM', { CODEX_SANDBOX: 'seatbelt' }),
    expect: { status: 'ok', notCauses: ['client-policy'] },
  }),
  defineNearMiss({
    id: 'client-policy/bubblewrap-with-network',
    group: 'network',
    needs: ['bubblewrap'],
    // With a second interface, as an ordinary machine has it.
    network: { peer: true },
    async arrange(bench) {
      const through = ['bwrap', '--die-with-parent', '--dev-bind', '/', '/'];
      return { url: `http://127.0.0.1:${await bench.freePort()}/mcp`, through, args: ['--patience', '0'] };
    },
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['client-policy'] },
  }),
  defineNearMiss({
    id: 'client-policy/variable-without-sandbox',
    group: 'network',
    network: { peer: true },
    async arrange(bench) {
      return {
        url: `http://127.0.0.1:${await bench.freePort()}/mcp`,
        env: { SANDBOX: 'docker', SNAP_NAME: 'code' },
        args: ['--patience', '0'],
      };
    },
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['client-policy'] },
  }),
  defineNearMiss({
    id: 'client-policy/route-forbids-in-a-filtered-process',
    group: 'network',
    needs: ['seccomp'],
    network: { peer: true },
    async arrange(bench) {
      // EACCES as well, but from the routing table, and only for that address.
      await bench.run('ip', 'route', 'add', 'prohibit', '10.99.0.0/16');
      return { url: 'http://10.99.0.7:3000/mcp', through: ['python3', CONFINE, 'ptrace', 'EPERM'] };
    },
    expect: { status: 'failed', cause: 'host-unreachable', notCauses: ['client-policy'] },
  }),
  defineNearMiss({
    id: 'client-policy/machine-refuses-in-a-sandbox',
    group: 'network',
    needs: ['bubblewrap'],
    network: { peer: true },
    arrange: () => ({
      url: `http://${THERE}:3000/mcp`,
      through: ['bwrap', '--die-with-parent', '--dev-bind', '/', '/'],
      args: ['--patience', '0'],
    }),
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['client-policy'] },
  }),
];
