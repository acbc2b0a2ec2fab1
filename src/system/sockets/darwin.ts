import { userInfo } from 'node:os';
import { getuid } from 'node:process';
import { runTool } from '../processes/run-tool.ts';
import { parseLsof, parseLsofCwd, parseNetstat, parsePs } from './darwin-parse.ts';
import type { OwnedSocket } from './darwin-parse.ts';
import { measured, notMeasured } from './reader.ts';
import type { Listener, SocketReader } from './reader.ts';
import type { ListeningSocket, Measured, ProcessFacts } from '../../model/evidence.ts';

/** macOS. netstat lists the sockets of all users but not the owners, lsof the owners but only our own processes unless we are root. */
export const darwinSockets: SocketReader = {
  async listeningSockets(signal) {
    const netstat = await runTool('/usr/sbin/netstat', ['-anlW', '-p', 'tcp'], signal);
    if (netstat.kind === 'done' && netstat.code === 0) return measured(parseNetstat(netstat.stdout.toString()).map(toListener));
    const why = netstat.kind === 'failed' ? netstat.why : `netstat ended with code ${netstat.code}`;
    return notMeasured(`${why}, and lsof alone does not show other users' sockets`);
  },

  async ownersOf(listeners, signal) {
    if (listeners.length === 0) return [];
    const owned = await readOwned(signal);
    if (owned.kind === 'not-measured') return listeners.map(() => owned);
    const pids = listeners.map((listener) => owned.value.filter((one) => keyOf(one) === listener.ownerKey).map((one) => one.pid));
    const names = new Map(owned.value.map((one) => [one.pid, one.name]));
    const facts = await readFacts(pids.flat(), names, signal);
    return pids.map((holders) => oldest(holders.flatMap((pid) => facts.get(pid) ?? [])) ?? notMeasured(whyNoOwner()));
  },

  async heldBy(pids, listeners, signal) {
    const owned = await readOwned(signal);
    const keys = new Set(owned.kind === 'measured' ? owned.value.filter((one) => pids.includes(one.pid)).map(keyOf) : []);
    return listeners.filter((one) => keys.has(one.ownerKey));
  },

  foreignListeners: async () => measured([]),
  youngProcesses: async () => [],
};

function toListener(socket: ListeningSocket): Listener {
  return { ...socket, ownerKey: keyOf(socket) };
}

/** macOS shows no socket ids to both tools; family, address and port name a listener well enough. */
function keyOf({ address, family, port }: ListeningSocket): string {
  return `${family} ${address} ${port}`;
}

async function readOwned(signal: AbortSignal): Promise<Measured<readonly OwnedSocket[]>> {
  const lsof = await runTool('/usr/sbin/lsof', ['+c', '0', '-nP', '-iTCP', '-sTCP:LISTEN', '-F', 'pctn'], signal);
  // Code 1 with no output is lsof's way to say "none".
  return lsof.kind === 'failed' ? notMeasured(lsof.why) : measured(parseLsof(lsof.stdout.toString()));
}

async function readFacts(
  pids: readonly number[],
  names: ReadonlyMap<number, string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, ProcessFacts>> {
  const list = [...new Set(pids)].join(',');
  if (list === '') return new Map();
  const [ps, cwd] = await Promise.all([
    runTool('/bin/ps', ['-ww', '-o', 'pid=,user=,lstart=,command=', '-p', list], signal),
    runTool('/usr/sbin/lsof', ['-a', '-d', 'cwd', '-F', 'pn', '-p', list], signal),
  ]);
  const folders = parseLsofCwd(cwd.kind === 'done' ? cwd.stdout.toString() : '');
  const processes = parsePs(ps.kind === 'done' ? ps.stdout.toString() : '');
  return new Map(
    [...processes].map(([pid, facts]) => [pid, { ...facts, name: names.get(pid) ?? facts.name, cwd: folders.get(pid) ?? null }]),
  );
}

function oldest(holders: readonly ProcessFacts[]): Measured<ProcessFacts> | undefined {
  const [first] = [...holders].sort((a, b) => (a.startedAt ?? '').localeCompare(b.startedAt ?? '') || a.pid - b.pid);
  return first && measured(first);
}

function whyNoOwner(): string {
  return getuid?.() === 0
    ? 'lsof knows no process that holds the socket'
    : `lsof shows user ${userInfo().username} only that user's own processes (root sees all)`;
}
