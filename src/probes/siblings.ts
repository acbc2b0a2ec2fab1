import { TCP_CONNECT_MS } from '../facts/budgets.ts';
import type { Address, Evidence, SiblingsEvidence } from '../model/evidence.ts';
import { addressesOf, isLocal, isWildcard, listenersOnPort, openAttempts } from '../model/view.ts';
import { connectOnce } from '../system/tcp.ts';
import { handshakeAt } from './attempt.ts';
import type { ProbeContext } from './context.ts';

const LOOPBACKS: readonly Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** Looking beside the target must not take as long as waiting for it. */
const SIBLING_HANDSHAKE_MS = 5000;

/** The same port at addresses that were not tried, each with a handshake where something is open. */
export async function probeSiblings(context: ProbeContext, evidence: Evidence): Promise<SiblingsEvidence> {
  const { port } = evidence.target;
  const tried = new Set(addressesOf(evidence).map(({ address }) => address));
  const others = isLocal(evidence) ? localCandidates(evidence).filter(({ address }) => !tried.has(address)) : [];
  const attempts = await Promise.all(
    others.map((address) => connectOnce({ ...address, port }, { timeoutMs: TCP_CONNECT_MS, signal: context.signal })),
  );
  const open = [...openAttempts(evidence).slice(1), ...attempts.filter(({ outcome }) => outcome === 'open')];
  const limitMs = Math.min(SIBLING_HANDSHAKE_MS, context.options.answerMs);
  const handshakes = await Promise.all(open.map((address) => handshakeAt(context, evidence, address, { limitMs })));
  return { attempts, handshakes };
}

/** Where something listens on this port, according to the system; both loopbacks when it would not tell. */
function localCandidates(evidence: Evidence): readonly Address[] {
  const listeners = listenersOnPort(evidence);
  if (listeners === undefined) return LOOPBACKS;
  const addresses = listeners.flatMap(({ address, family }): readonly Address[] => {
    if (!isWildcard(address)) return [{ address, family }];
    // A wildcard socket is reached by loopback; `::` usually takes IPv4 as well.
    return address === '::' ? LOOPBACKS : LOOPBACKS.filter((loopback) => loopback.family === family);
  });
  return addresses.filter((one, index) => addresses.findIndex(({ address }) => address === one.address) === index);
}
