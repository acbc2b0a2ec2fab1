import { TCP_CONNECT_MS } from '../facts/budgets.ts';
import type { Address, Evidence } from '../model/evidence.ts';
import type { WslEvidence } from '../model/wsl.ts';
import { now } from '../system/clock.ts';
import { connectOnce } from '../system/tcp.ts';
import { askLinux, askWindows, ownPlaces, ownWindows, type OtherSide } from '../system/wsl/index.ts';
import { handshakeAt } from './attempt.ts';
import type { ProbeContext } from './context.ts';

/** Looking behind the boundary must not take as long as waiting for the target. */
const DOOR_HANDSHAKE_MS = 5000;

/** Asks the other side of WSL about a port. */
export type AskOtherSide = (port: number, signal: AbortSignal) => Promise<OtherSide>;

/** The target's port on the other side of WSL, and what answers at the addresses that lead there. */
export async function probeWsl(context: ProbeContext, evidence: Evidence, ask = askFrom(evidence)): Promise<WslEvidence> {
  const started = now();
  const { port } = evidence.target;
  const other = await ask(port, context.signal);
  // What the client dials already is known to fail.
  const known = new Set(evidence.tcp?.attempts.map(({ address }) => address));
  const doors = other.doors.filter(({ address }) => !known.has(address));
  const attempts = await Promise.all(
    doors.map((door) => connectOnce({ ...door, port }, { timeoutMs: TCP_CONNECT_MS, signal: context.signal })),
  );
  const open = attempts.filter(({ outcome }) => outcome === 'open');
  const handshakes = await Promise.all(open.map((door) => knock(context, evidence, door)));
  return { ...other, attempts, handshakes, ms: now() - started };
}

function askFrom({ host }: Evidence): AskOtherSide {
  return host.platform === 'win32'
    ? (port, signal) => askLinux(port, ownWindows(), signal)
    : (port, signal) => askWindows(port, ownPlaces(), signal);
}

/** The request that a client would make with that address in its URL. The user did not name it, so no configured header goes there. */
function knock(context: ProbeContext, evidence: Evidence, { address, family }: Address) {
  const url = new URL(context.request.url);
  url.hostname = family === 6 ? `[${address}]` : address;
  url.search = '';
  return handshakeAt(
    context,
    evidence,
    { address, family },
    { url, headers: {}, limitMs: Math.min(DOOR_HANDSHAKE_MS, context.options.answerMs) },
  );
}
