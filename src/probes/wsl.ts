import { TCP_CONNECT_MS } from '../facts/budgets.ts';
import type { Address, Evidence, Measured } from '../model/evidence.ts';
import { isLoopback } from '../model/view.ts';
import type { WslEvidence, WslFirewall, WslListener } from '../model/wsl.ts';
import { now } from '../system/clock.ts';
import { connectOnce } from '../system/tcp.ts';
import { askLinux, askWindows, askWindowsFirewall, type OtherSide, ownPlaces, ownWindows } from '../system/wsl/index.ts';
import { handshakeAt } from './attempt.ts';
import type { ProbeContext } from './context.ts';

/** Looking behind the boundary must not take as long as waiting for the target. */
const DOOR_HANDSHAKE_MS = 5000;

/** The other side of WSL, as it can be asked from ours. */
export interface WslReader {
  readonly ask: (port: number, signal: AbortSignal) => Promise<OtherSide>;
  /** What the firewall over there does with what comes from our side; null where none stands between. */
  readonly firewall: ((listener: WslListener, signal: AbortSignal) => Promise<Measured<WslFirewall>>) | null;
}

/** The target's port on the other side of WSL, and what answers at the addresses that lead there. */
export async function probeWsl(context: ProbeContext, evidence: Evidence, reader = readerFor(evidence)): Promise<WslEvidence> {
  const started = now();
  const { port } = evidence.target;
  const other = await reader.ask(port, context.signal);
  // What the client dials already is known to fail.
  const known = new Set(evidence.tcp?.attempts.map(({ address }) => address));
  const doors = other.doors.filter(({ address }) => !known.has(address));
  const attempts = await Promise.all(
    doors.map((door) => connectOnce({ ...door, port }, { timeoutMs: TCP_CONNECT_MS, signal: context.signal })),
  );
  const open = attempts.filter(({ outcome }) => outcome === 'open');
  const handshakes = await Promise.all(open.map((door) => knock(context, evidence, door)));
  const listener = other.listeners.kind === 'measured' ? other.listeners.value.find(({ address }) => !isLoopback(address)) : undefined;
  const isSilent = [...attempts, ...(evidence.tcp?.attempts ?? [])].some(({ outcome }) => outcome === 'timed-out');
  const firewall = listener !== undefined && isSilent && reader.firewall !== null ? await reader.firewall(listener, context.signal) : null;
  return { ...other, attempts, handshakes, firewall, ms: now() - started };
}

function readerFor({ host }: Evidence): WslReader {
  if (host.platform === 'win32') return { ask: (port, signal) => askLinux(port, ownWindows(), signal), firewall: null };
  const places = ownPlaces();
  return {
    ask: (port, signal) => askWindows(port, places, signal),
    firewall: (listener, signal) => askWindowsFirewall(listener, places, signal),
  };
}

/** The request that a client would make with that address in its URL. The user did not name it, so no configured header goes there. */
function knock(context: ProbeContext, evidence: Evidence, { address, family }: Address) {
  const url = new URL(context.request.url);
  url.hostname = family === 6 ? `[${address}]` : address;
  url.search = '';
  const limitMs = Math.min(DOOR_HANDSHAKE_MS, context.options.answerMs);
  return handshakeAt(context, evidence, { address, family }, { url, headers: {}, limitMs });
}
