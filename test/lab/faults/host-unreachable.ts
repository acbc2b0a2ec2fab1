import type { Bench } from '../bench.ts';
import { type Arranged, defineFault, defineNearMiss, THERE, THERE6 } from '../fault.ts';

/** An address behind a route that leads nowhere in its own way. */
async function routed(bench: Bench, kind: 'unreachable' | 'prohibit' | 'blackhole'): Promise<Arranged> {
  await bench.run('ip', 'route', 'add', kind, '10.99.0.0/16');
  return { url: 'http://10.99.0.7:3000/mcp' };
}

export default [
  defineFault({
    id: 'host-unreachable/no-route',
    group: 'network',
    network: {},
    arrange: () => ({ url: 'http://10.99.0.7:3000/mcp' }),
    expect: { status: 'failed', cause: 'host-unreachable', layer: 'tcp', says: /ENETUNREACH|no route/i },
  }),
  defineFault({
    id: 'host-unreachable/route-says-unreachable',
    group: 'network',
    network: {},
    arrange: (bench) => routed(bench, 'unreachable'),
    expect: { status: 'failed', cause: 'host-unreachable', certainty: 'proved', says: /route 10\.99\.0\.0\/16 \(unreachable\)/ },
  }),
  defineFault({
    id: 'host-unreachable/route-says-prohibited',
    group: 'network',
    network: {},
    arrange: (bench) => routed(bench, 'prohibit'),
    expect: { status: 'failed', cause: 'host-unreachable', certainty: 'proved', says: /route 10\.99\.0\.0\/16 \(prohibit\)/ },
  }),
  defineFault({
    id: 'host-unreachable/route-is-a-black-hole',
    group: 'network',
    network: {},
    arrange: (bench) => routed(bench, 'blackhole'),
    expect: { status: 'failed', cause: 'host-unreachable', certainty: 'proved', says: /route 10\.99\.0\.0\/16 \(blackhole\)/ },
  }),
  defineFault({
    id: 'host-unreachable/policy-rule-prohibits',
    group: 'network',
    network: {},
    async arrange(bench) {
      await bench.run('ip', 'rule', 'add', 'to', '10.99.0.0/16', 'prohibit', 'priority', '900');
      return { url: 'http://10.99.0.7:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'host-unreachable', certainty: 'proved', says: /rule 900 \(prohibit\)/ },
  }),
  defineFault({
    id: 'host-unreachable/gateway-is-gone',
    group: 'network',
    network: { peer: true },
    async arrange(bench) {
      await bench.run('ip', 'route', 'add', 'default', 'via', '10.77.0.250');
      return { url: 'http://203.0.113.7:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'host-unreachable', certainty: 'proved', says: /gateway 10\.77\.0\.250 does not answer/i },
    within: 12_000,
  }),
  defineFault({
    id: 'host-unreachable/cable-is-out',
    group: 'network',
    network: { peer: true },
    async arrange(bench) {
      await bench.runThere('ip', 'link', 'set', 'far', 'down');
      return { url: `http://${THERE}:3000/mcp` };
    },
    expect: { status: 'failed', cause: 'host-unreachable', certainty: 'proved', says: /interface near.*not connected/ },
    within: 12_000,
  }),
  defineFault({
    id: 'host-unreachable/interface-is-switched-off',
    group: 'network',
    network: { peer: true },
    async arrange(bench) {
      await bench.run('ip', 'link', 'set', 'near', 'down');
      return { url: `http://${THERE}:3000/mcp` };
    },
    expect: { status: 'failed', cause: 'host-unreachable', certainty: 'proved', says: /no route[\s\S]*near: veth, switched off/ },
  }),
  defineFault({
    id: 'host-unreachable/second-default-route-wins',
    group: 'network',
    network: { peer: true },
    // The better metric leads to a gateway that is not there; the other one would do.
    async arrange(bench) {
      await bench.run('ip', 'route', 'add', 'default', 'via', THERE, 'metric', '200');
      await bench.run('ip', 'route', 'add', 'default', 'via', '10.77.0.251', 'metric', '100');
      return { url: 'http://203.0.113.7:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'host-unreachable', says: /10\.77\.0\.251[\s\S]*2 default routes/ },
    within: 12_000,
  }),
  defineFault({
    id: 'host-unreachable/the-other-default-route-works',
    group: 'network',
    needs: ['curl'],
    network: { peer: true },
    // Two networks at once, as with cable and radio: the one that is preferred does not lead anywhere.
    async arrange(bench) {
      // This process is on our side.
      await bench.runThere('ip', 'link', 'add', 'tower', 'type', 'veth', 'peer', 'name', 'radio', 'netns', String(process.pid));
      await bench.run('ip', 'address', 'add', '10.78.0.1/24', 'dev', 'radio');
      await bench.run('ip', 'link', 'set', 'radio', 'up');
      await bench.runThere('ip', 'address', 'add', '10.78.0.2/24', 'dev', 'tower');
      await bench.runThere('ip', 'link', 'set', 'tower', 'up');
      await bench.runThere('ip', 'address', 'add', '203.0.113.7/32', 'dev', 'lo');
      await bench.run('ip', 'route', 'add', 'default', 'via', '10.77.0.251', 'metric', '100');
      await bench.run('ip', 'route', 'add', 'default', 'via', '10.78.0.2', 'metric', '200');
      const server = await bench.serve('v1-stateful', { host: '203.0.113.7', there: true });
      return { url: server.url() };
    },
    expect: {
      status: 'failed',
      cause: 'host-unreachable',
      certainty: 'proved',
      says: /gateway 10\.77\.0\.251 does not answer[\s\S]*an MCP server answers at 203\.0\.113\.7 over radio \(gateway 10\.78\.0\.2\)/,
    },
    within: 12_000,
  }),
  defineFault({
    id: 'host-unreachable/nobody-at-that-address',
    group: 'network',
    network: { peer: true },
    // On the wire, but nobody answers ARP: the kernel gives up after three seconds.
    arrange: () => ({ url: 'http://10.77.0.200:3000/mcp' }),
    expect: {
      status: 'failed',
      cause: 'host-unreachable',
      certainty: 'proved',
      says: /Nobody in the network of interface near answers for 10\.77\.0\.200/,
    },
    within: 12_000,
  }),
  defineFault({
    id: 'host-unreachable/silent-machine',
    group: 'network',
    network: { peer: true },
    async arrange(bench) {
      await bench.runThere('ip', 'route', 'add', 'blackhole', '10.77.0.1/32');
      return { url: `http://${THERE}:3000/mcp`, args: ['--timeout', '1500'] };
    },
    expect: { status: 'failed', cause: 'host-unreachable', says: /answer|silen|time/i, notCauses: ['timeout-hang', 'server-not-running'] },
    within: 12_000,
  }),
  defineFault({
    id: 'host-unreachable/ipv6-without-route',
    group: 'network',
    needs: ['ipv6'],
    network: {},
    arrange: () => ({ url: 'http://[2001:db8::7]:3000/mcp' }),
    expect: { status: 'failed', cause: 'host-unreachable' },
  }),
  defineNearMiss({
    id: 'host-unreachable/reachable-and-refusing',
    group: 'network',
    needs: ['ipv6'],
    network: { peer: true },
    arrange: () => ({ url: `http://[${THERE6}]:3000/mcp`, args: ['--patience', '0'] }),
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['host-unreachable'] },
  }),
  defineNearMiss({
    id: 'host-unreachable/other-machine-works',
    group: 'network',
    network: { peer: true },
    async arrange(bench) {
      const server = await bench.serve('v2-dual', { host: THERE, there: true });
      return { url: server.url() };
    },
    expect: { status: 'ok', findings: ['plaintext-remote'] },
  }),
];
