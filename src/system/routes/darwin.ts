import { runTool } from '../processes/run-tool.ts';
import { parseArp, parseCounters, parseDefaults, parseIfconfig, parseRouteGet } from './darwin-parse.ts';
import type { RouteReader } from './reader.ts';

/** macOS, by its own tools; none of them needs more than an ordinary user's rights. */
export const darwinRoutes: RouteReader = {
  // That takes IP_BOUND_IF, for which Node has no call.
  choosesDevice: false,
  wireguardPeer: async () => ({ kind: 'not-measured', why: 'WireGuard is asked for its peers on Linux only' }),

  async lookup({ address, family }, signal, device) {
    const scope = device === undefined ? [] : ['-ifscope', device];
    const asked = await runTool('/sbin/route', ['-n', 'get', ...scope, family === 6 ? '-inet6' : '-inet', address], signal);
    if (asked.kind === 'failed') return { kind: 'not-measured', why: asked.why };
    return { kind: 'measured', value: parseRouteGet(asked.stdout.toString(), family) };
  },

  async interfaces(signal) {
    const [shown, counted] = await Promise.all([runTool('/sbin/ifconfig', ['-a'], signal), runTool('/usr/sbin/netstat', ['-ibn'], signal)]);
    if (shown.kind === 'failed') return { kind: 'not-measured', why: shown.why };
    const counters = parseCounters(counted.kind === 'done' ? counted.stdout.toString() : '');
    return { kind: 'measured', value: parseIfconfig(shown.stdout.toString(), counters) };
  },

  async defaults(signal) {
    const shown = await runTool('/usr/sbin/netstat', ['-rn'], signal);
    if (shown.kind === 'failed') return { kind: 'not-measured', why: shown.why };
    return { kind: 'measured', value: parseDefaults(shown.stdout.toString()) };
  },

  async neighbours(signal) {
    const shown = await runTool('/usr/sbin/arp', ['-an'], signal);
    return parseArp(shown.kind === 'done' ? shown.stdout.toString() : '');
  },
};
