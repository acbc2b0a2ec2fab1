import { readFile } from 'node:fs/promises';
import type { ListeningSocket, Measured } from '../../model/evidence.ts';
import { readProc } from '../processes/proc.ts';
import { readNetTables } from '../sockets/net-tables.ts';
import type { ProcNetRow } from '../sockets/proc-net.ts';
import { measured, notMeasured } from '../sockets/reader.ts';
import type { InspectedContainer } from './parse.ts';

/** Docker's own name server inside a container's network; no server of the container's. */
const EMBEDDED_DNS = '127.0.0.11';

/**
 * Where something listens in a container's network, by /proc of its first process, which the kernel shows to everybody.
 * `machine` names the virtual machine the engine lives in, where this machine's /proc knows nothing of it.
 */
export async function readInside(
  container: Pick<InspectedContainer, 'pid' | 'fullId' | 'networks' | 'hostNetwork'>,
  machine: string | null,
): Promise<Measured<readonly ListeningSocket[]>> {
  const { pid, hostNetwork } = container;
  if (pid === null) return notMeasured('it does not run');
  if (machine !== null) return notMeasured(`its processes are on the kernel of ${machine}, not on this one`);
  if (process.platform !== 'linux') return notMeasured('its processes are on the kernel of a virtual machine');
  if (!(await isItsProcess(container, pid))) return notMeasured('its first process cannot be seen from here');
  return readListening(pid, hostNetwork);
}

/** Where something listens in the network of this process. */
export async function readListening(pid: number, hostNetwork = false): Promise<Measured<readonly ListeningSocket[]>> {
  const rows = await readNetTables(`/proc/${pid}/net`);
  if (rows === null) return notMeasured(`/proc/${pid}/net/tcp cannot be read`);
  return measured(toListening(rows, hostNetwork));
}

/** Rows of the kernel's tables as listening sockets of the container. */
export function toListening(rows: readonly ProcNetRow[], hostNetwork: boolean): readonly ListeningSocket[] {
  return rows
    .filter(({ address }) => hostNetwork || address !== EMBEDDED_DNS)
    .map(({ address, family, port }) => ({ address, family, port, v6Only: null }));
}

/** Next to a virtual machine, or inside a container, the same number may be another process here: its cgroup or its addresses tell. */
async function isItsProcess({ fullId, networks }: Pick<InspectedContainer, 'fullId' | 'networks'>, pid: number): Promise<boolean> {
  if (readProc(`/proc/${pid}/cgroup`)?.includes(fullId) === true) return true;
  const addresses = networks.flatMap((network) => network.addresses);
  const known = await readFile(`/proc/${pid}/net/fib_trie`, 'utf8').catch(() => '');
  return addresses.some((address) => known.includes(`-- ${address}\n`));
}
