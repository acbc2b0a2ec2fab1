import { busyness } from '../system/busyness.ts';
import { SAME_SERVER_MS, TCP_CONNECT_MS } from '../facts/budgets.ts';
import type { Address, Evidence, Handshake, SiblingsEvidence } from '../model/evidence.ts';
import { addressesOf, isLocal, isReady, isWildcard, lastExchange, listenersOnPort, openAttempts, speaksMcp } from '../model/view.ts';
import { connectOnce } from '../system/tcp.ts';
import { handshakeAt } from './attempt.ts';
import type { ProbeContext } from './context.ts';
import { schemeChanged } from './other-scheme.ts';
import { candidatePaths, pathChanged } from './paths.ts';

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
  const handshakes = await Promise.all(open.map((address) => askSibling(context, evidence, address)));
  return { attempts, handshakes };
}

/** A handshake as configured; on this machine also with the other scheme and at the usual paths, for more than the address may be wrong. */
async function askSibling(context: ProbeContext, evidence: Evidence, address: Address): Promise<Handshake> {
  const limitMs = Math.min(SIBLING_HANDSHAKE_MS, context.options.answerMs);
  const asked = await handshakeAt(context, evidence, address, { limitMs });
  if (speaksMcp(asked) || !isLocal(evidence)) return asked;
  const heard = lastExchange(asked)?.answer != null;
  const way = heard ? { url: context.request.url } : schemeChanged(context, evidence);
  const again = { ...way, limitMs: Math.min(SAME_SERVER_MS * busyness(), context.options.answerMs) };
  const first = heard ? asked : await handshakeAt(context, evidence, address, again);
  if (speaksMcp(first)) return first;
  if (lastExchange(first)?.answer == null) return asked;
  const others = await Promise.all(
    candidatePaths(evidence.target.path).map((path) =>
      handshakeAt(context, evidence, address, { ...again, url: pathChanged(again.url, path), transport: null }),
    ),
  );
  return others.find(isReady) ?? asked;
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
