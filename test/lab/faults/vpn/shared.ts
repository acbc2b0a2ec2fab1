/** What the cases about tunnels have in common. */
import type { Bench } from '../../bench.ts';
import type { Arranged } from '../../fault.ts';

/** Four seconds of silence, another look while the interface counts, and a machine that is busy. */
export const PATIENCE_MS = 12_000;

/** A network behind the tunnel, and a server in it. */
export const CARRIED = '10.99.0.0/16';
export const FAR: Arranged = { url: 'http://10.99.0.7:3000/mcp' };

/** A tunnel whose program has gone and left its addresses. */
export async function orphan(bench: Bench, name: string): Promise<void> {
  await bench.run('ip', 'tuntap', 'add', 'dev', name, 'mode', 'tun');
  await bench.run('ip', 'address', 'add', '10.8.0.2/24', 'dev', name);
  await bench.run('ip', 'link', 'set', name, 'up');
}
