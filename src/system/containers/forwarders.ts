/**
 * What anybody may see of Docker's published ports without its socket: the command lines of its forwarders, and the networks they lead to.
 * It stands in for an engine that may not be asked.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ContainerFacts, PublishedPort } from '../../model/containers.ts';
import type { ListeningSocket, Measured } from '../../model/evidence.ts';
import { listPids, parseStat, readArguments, readProc } from '../processes/proc.ts';
import { canonicalAddress } from '../sockets/canonical.ts';
import { netInode, otherNamespaces } from '../sockets/net-namespaces.ts';
import { notMeasured } from '../sockets/reader.ts';
import { readListening } from './inside.ts';

/** One of Docker's forwarders: `docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 3000 -container-ip 172.17.0.2 -container-port 80`. */
export interface Forwarder extends PublishedPort {
  /** Where it leads. */
  readonly innerAddress: string;
}

/** Reads a forwarder's command line; null for any other program's. */
export function parseForwarder(argv: readonly string[]): Forwarder | null {
  if (basename(argv[0] ?? '') !== 'docker-proxy') return null;
  const flag = (name: string) => argv[argv.indexOf(name) + 1] ?? '';
  const outer = canonicalAddress(flag('-host-ip'));
  const inner = canonicalAddress(flag('-container-ip'));
  const [hostPort, innerPort] = [Number(flag('-host-port')), Number(flag('-container-port'))];
  if (flag('-proto') !== 'tcp' || outer === null || inner === null || !(hostPort > 0) || !(innerPort > 0)) return null;
  return { ...outer, hostPort, innerPort, innerAddress: inner.address };
}

/** The containers that Docker's forwarders of this network lead to; their names and states only the engine knows. */
export async function readForwardedContainers(): Promise<readonly ContainerFacts[]> {
  if (process.platform !== 'linux') return [];
  const ours = netInode('self');
  const forwarders = listPids()
    .map((pid) => ({ pid, forwarder: parseForwarder(readArguments(pid)) }))
    .flatMap(({ pid, forwarder }) => (forwarder !== null && netInode(pid) === ours ? [forwarder] : []));
  if (forwarders.length === 0) return [];
  const namespaces = await readNamespaces();
  const addresses = [...new Set(forwarders.map(({ innerAddress }) => innerAddress))];
  return Promise.all(
    addresses.map(async (address): Promise<ContainerFacts> => {
      const inside = namespaces.filter(({ pid, routes }) => routes.includes(`-- ${address}\n`) && outerNetwork(pid) === ours);
      const pid = inside.length === 1 ? (inside[0]?.pid ?? null) : null;
      const id = pid === null ? null : idOf(pid);
      return {
        ...UNTOLD,
        id: id ?? '',
        name: id ?? `at ${address}`,
        published: forwarders.filter(({ innerAddress }) => innerAddress === address).map(toPort),
        networks: [{ name: '', addresses: [address], gateways: [], aliases: [] }],
        listening: await listeningIn(pid, inside.length),
      };
    }),
  );
}

/** What only an engine knows of a container. */
export const UNTOLD = {
  engine: 'docker',
  image: '',
  state: 'running',
  exitCode: null,
  outOfMemory: false,
  startError: null,
  health: null,
  restarts: 0,
  runningMs: null,
  endedMsAgo: null,
  hostNetwork: false,
  compose: null,
  loopbackSettings: [],
  log: [],
} as const;

/** The network from which a network's first process was started: engines of other networks use the same addresses. */
function outerNetwork(pid: number): number | null {
  const inner = netInode(pid);
  for (let next = parentOf(pid); next !== null && next > 0; next = parentOf(next)) {
    const outer = netInode(next);
    if (outer !== inner) return outer;
  }
  return null;
}

function parentOf(pid: number): number | null {
  return parseStat(readProc(`/proc/${pid}/stat`) ?? '')?.parent ?? null;
}

/** Every other network of this kernel, with its routes: they name its own addresses. */
async function readNamespaces(): Promise<readonly { readonly pid: number; readonly routes: string }[]> {
  const read = async (pid: number) => ({ pid, routes: await readFile(`/proc/${pid}/net/fib_trie`, 'utf8').catch(() => '') });
  return Promise.all(otherNamespaces().map(read));
}

async function listeningIn(pid: number | null, candidates: number): Promise<Measured<readonly ListeningSocket[]>> {
  if (pid !== null) return readListening(pid);
  return notMeasured(candidates === 0 ? 'its network cannot be seen from here' : 'several networks of this machine have that address');
}

function toPort({ address, family, hostPort, innerPort }: Forwarder): PublishedPort {
  return { address, family, hostPort, innerPort };
}

/** The container a process belongs to, by its control groups; null when they do not tell. */
function idOf(pid: number): string | null {
  return /(?:docker|libpod)[-/]([0-9a-f]{12})[0-9a-f]{52}/.exec(readProc(`/proc/${pid}/cgroup`) ?? '')?.[1] ?? null;
}
