/** A real WireGuard tunnel between the doctor's machine and the peer, by wireguard-go: no kernel module is needed. */
import type { Bench } from '../bench.ts';
import { HERE, THERE } from '../fault.ts';

const PORT = '51820';

export interface WireguardOptions {
  /** Networks that the peer is sent packets for. */
  readonly allowed: string;
  /** Networks that are routed into the tunnel. Default: those allowed. */
  readonly routed?: readonly string[];
  /** Whether the peer knows our key; a stranger's packets are dropped without a word. Default: yes. */
  readonly known?: boolean;
}

interface End {
  readonly name: string;
  readonly there: boolean;
  readonly key: string;
  readonly address: string;
}

async function makeKey(bench: Bench): Promise<{ readonly file: string; readonly shared: string }> {
  const file = await bench.file('key', await bench.run('wg', 'genkey'));
  return { file, shared: (await bench.run('sh', '-c', `wg pubkey < '${file}'`)).trim() };
}

async function open(bench: Bench, { name, there, key, address }: End): Promise<void> {
  await bench.program('wireguard-go', ['-f', name], { there, env: { LOG_LEVEL: 'verbose' }, until: /UAPI listener started/ });
  const run = there ? bench.runThere : bench.run;
  await run('wg', 'set', name, 'private-key', key, 'listen-port', PORT);
  await run('ip', 'address', 'add', address, 'dev', name);
  await run('ip', 'link', 'set', name, 'up');
}

/** The tunnel `wg0`, 10.8.0.2 here and 10.8.0.1 at the peer. */
export async function joinByWireguard(bench: Bench, { allowed, routed = [allowed], known = true }: WireguardOptions): Promise<void> {
  // Its control sockets are named after the interface alone: a folder of this case's own keeps them from other cases.
  await bench.run('mkdir', '-p', '/run/wireguard');
  await bench.run('mount', '-t', 'tmpfs', 'none', '/run/wireguard');
  const [ours, theirs, stranger] = await Promise.all([makeKey(bench), makeKey(bench), makeKey(bench)]);
  await open(bench, { name: 'wg0', there: false, key: ours.file, address: '10.8.0.2/32' });
  await open(bench, { name: 'wg1', there: true, key: theirs.file, address: '10.8.0.1/32' });
  const admitted = known ? ours.shared : stranger.shared;
  await bench.run('wg', 'set', 'wg0', 'peer', theirs.shared, 'endpoint', `${THERE}:${PORT}`, 'allowed-ips', allowed);
  await bench.runThere('wg', 'set', 'wg1', 'peer', admitted, 'endpoint', `${HERE}:${PORT}`, 'allowed-ips', '10.8.0.2/32');
  for (const network of routed) await bench.run('ip', 'route', 'add', network, 'dev', 'wg0');
  await bench.runThere('ip', 'route', 'add', '10.8.0.2/32', 'dev', 'wg1');
}
