/**
 * Which probe is worth its time, given what is known so far. Pure: the runner asks again after every round, and a
 * probe runs once. A probe is planned only while its answer can still change the verdict.
 */
import { hungAttempt, silentNameServers, unreachedAttempts } from '../model/routes-view.ts';
import type { AnswerMeaning, Evidence, Handshake, SharedKind } from '../model/evidence.ts';
import type { LogSource } from '../model/logs.ts';
import { isHostOfContainers } from '../model/container-view.ts';
import { containerFault, faultOfKind } from '../model/container-fault.ts';
import { filteredAttempts, listensAt } from '../model/filters-view.ts';
import {
  addressesOf,
  effective,
  heldAnswer,
  isLocal,
  isLocalhostName,
  isLoopback,
  isOwnAddress,
  isReady,
  lastExchange,
  lastMeaning,
  listenersOnPort,
  nameFits,
  openAttempts,
  otherSchemeSpoken,
  silentStream,
  usesProxy,
  works,
} from '../model/view.ts';

export interface PlanOptions {
  readonly patienceMs: number;
  readonly start: boolean;
}

/** Past this age a container in which nothing listens is not starting any more. */
const YOUNG_MS = 60_000;

type Rule = (evidence: Evidence, options: PlanOptions) => boolean;

/** Answers that say "somebody is here, but this is not the way in": worth looking at other paths. */
const WRONG_DOOR: ReadonlySet<AnswerMeaning> = new Set([
  'not-found',
  'method-not-allowed',
  'bad-request',
  'unusable',
  'redirect',
  'server-error',
]);

/** What a server of one transport answers to the other one's first request, besides those. */
const OTHER_DOOR: ReadonlySet<AnswerMeaning> = new Set([...WRONG_DOOR, 'session-required', 'session-unknown', 'rpc-error']);

/** The range from which WSL takes its own network: 172.16.0.0/12. */
const WSL_NAT = /^172\.(?:1[6-9]|2\d|3[01])\./;

/** Systems whose packet filters are read. */
const FILTERED: ReadonlySet<NodeJS.Platform> = new Set(['linux', 'darwin', 'win32']);

const RULES = {
  dns: ({ target }) => target.hostKind === 'name',
  proxy: () => true,
  tcp: (evidence) => addressesOf(evidence).length > 0,
  tls: ({ target, ...rest }) => target.scheme === 'https' && openAttempts({ target, ...rest }).length > 0,
  direct: (evidence) => openAttempts(evidence).length > 0 && (evidence.target.scheme === 'http' || evidence.tls?.trusted === true),
  proxied: (evidence) => usesProxy(evidence) && evidence.proxy?.reach?.attempts.some(({ outcome }) => outcome === 'open') === true,
  machine: (evidence) => evidence.tcp !== undefined && isLocal(evidence),
  resolver: ({ target, dns, ...rest }) =>
    dns !== undefined &&
    (dns.error !== null ||
      // A hosts-file line may be stale: only then what the name servers say matters.
      (dns.hostsFile.kind === 'measured' &&
        dns.hostsFile.value.length > 0 &&
        !isLocalhostName(target.host) &&
        directFailed({ target, dns, ...rest }))),
  peek: (evidence) => openAttempts(evidence).length > 0 && mumbles(evidence),
  otherScheme: (evidence) => !works(evidence) && otherSchemeSpoken(evidence) !== null,
  clientCertificate: ({ target, tls, direct }) =>
    target.scheme === 'https' &&
    (tls?.outcome.kind === 'refused' ||
      tls?.outcome.kind === 'closed' ||
      (direct !== undefined && !isReady(direct) && deniedByTls(direct))),
  siblings: (evidence) =>
    directFailed(evidence) && (!isLocal(evidence) ? openAttempts(evidence).length > 1 : evidence.machine !== undefined),
  hostGuard: (evidence) => ['host-rejected', 'origin-rejected', 'forbidden'].includes(lastMeaning(evidence) ?? ''),
  paths: (evidence) => {
    const meaning = lastMeaning(evidence);
    return meaning !== undefined && WRONG_DOOR.has(meaning) && !usesProxy(evidence) && speaksHttp(evidence);
  },
  otherTransport: (evidence) => evidence.target.transport !== null && mayBeOtherTransport(evidence),
  holder: (evidence) => evidence.machine !== undefined && directFailed(evidence),
  containers: (evidence) => nobodyAnswers(evidence) && mayBeContainer(evidence),
  ports: (evidence) => evidence.siblings !== undefined && nobodyAtHome(evidence) && evidence.machine?.sockets.kind === 'measured',
  start: (evidence, { start }) =>
    start &&
    isLocal(evidence) &&
    evidence.machine !== undefined &&
    directFailed(evidence) &&
    settled(evidence, ['siblings', 'holder']) &&
    !siblingReady(evidence),
  patience: (evidence, { patienceMs, start }) =>
    patienceMs > 0 &&
    !start &&
    isLocal(evidence) &&
    evidence.machine !== undefined &&
    (isYoungInside(evidence) || (allRefused(evidence) && settled(evidence, ['siblings', 'holder', 'containers']) && unexplained(evidence))),
  routes: (evidence) =>
    unreachedAttempts(evidence).length > 0 || hungAttempt(evidence) !== undefined || silentNameServers(evidence).length > 0,
  sandbox: (evidence) =>
    (evidence.tcp === undefined ? evidence.dns?.addresses.length === 0 : directFailed(evidence)) && mayBeConfined(evidence),
  wsl: (evidence) => mayBeBehindWsl(evidence) && noneListensHere(evidence),
  filters: (evidence) =>
    FILTERED.has(evidence.host.platform) &&
    (!isLocal(evidence) || evidence.machine !== undefined) &&
    // What happens on an open connection is known when the handshake is over.
    (openAttempts(evidence).length === 0 || directFailed(evidence) || isReady(evidence.direct)) &&
    filteredAttempts(evidence).length > 0,
  // Loopback never goes through a proxy of the system; and of a client that follows it the settings are known already.
  systemProxy: (evidence) =>
    evidence.proxy !== undefined &&
    !usesProxy(evidence) &&
    evidence.target.client?.followsSystemProxy !== true &&
    !isLocal(evidence) &&
    (evidence.tcp === undefined ? evidence.dns?.addresses.length === 0 : openAttempts(evidence).length === 0),
} as const satisfies Record<SharedKind, Rule>;

/** The probes to run next, all at once; empty when nothing more is worth asking. */
export function nextProbes(evidence: Evidence, options: PlanOptions): readonly SharedKind[] {
  const kinds = Object.keys(RULES) as SharedKind[];
  return kinds.filter((kind) => evidence[kind] === undefined && RULES[kind](evidence, options));
}

/** Whether logs are worth a look once everything else is known: while it does not work, or when somebody named one. */
export function wantsLog(isWorking: boolean, logs: LogSource | null): logs is LogSource {
  return logs !== null && (logs.named || !isWorking);
}

/** Whether the direct way is known to fail: nothing open, TLS not good, or no handshake. */
function directFailed(evidence: Evidence): boolean {
  if (evidence.tcp === undefined) return false;
  if (openAttempts(evidence).length === 0) return !works(evidence);
  if (evidence.target.scheme === 'https' && evidence.tls?.trusted !== true) return evidence.tls !== undefined;
  return evidence.direct !== undefined && !isReady(evidence.direct) && (!saysWhy(evidence.direct) || holdsStream(evidence));
}

/** Neither an address, nor a connection that leads to an answer of whatever kind: what a container can be the reason for. */
function nobodyAnswers(evidence: Evidence): boolean {
  if (evidence.dns !== undefined && evidence.dns.addresses.length === 0) return !works(evidence);
  if (!directFailed(evidence)) return false;
  const last = lastExchange(evidence.direct);
  if (last !== undefined) return last.failure !== null && last.failure.head === null;
  return openAttempts(evidence).length === 0 || evidence.tls?.outcome.kind === 'closed' || evidence.tls?.outcome.kind === 'timed-out';
}

/** A port of this machine, a name that only containers may know, or anything at all when we are in a container ourselves. */
function mayBeContainer(evidence: Evidence): boolean {
  const { target, host, dns } = evidence;
  return isLocal(evidence) || dns?.addresses.length === 0 || isHostOfContainers(target.host) || host.container !== null;
}

/** Answers that only the right server gives: no other address or port is worth a look. */
function saysWhy(handshake: Handshake): boolean {
  const meaning = lastExchange(handshake)?.meaning;
  const ours: readonly (AnswerMeaning | null | undefined)[] = [
    'auth-required',
    'forbidden',
    'host-rejected',
    'origin-rejected',
    'throttled',
    'rpc-error',
    'version-unsupported',
    'other-modern-version',
    'modern-request-fault',
    'method-unknown',
    'session-required',
    'session-unknown',
    'gateway-error',
  ];
  return handshake.result.kind === 'tools-failed' || ours.includes(meaning);
}

/** Whether an open port answered in a way that HTTP or TLS alone does not explain. */
function mumbles({ target, tls, direct }: Evidence): boolean {
  if (target.scheme === 'https' && tls !== undefined && tls.outcome.kind !== 'established') return true;
  const last = lastExchange(direct);
  if (last === undefined || isReady(direct)) return false;
  return last.meaning === 'bad-request' || (last.failure !== null && last.failure.head === null && last.failure.reason !== 'cancelled');
}

function deniedByTls(direct: Handshake): boolean {
  const last = lastExchange(direct);
  return (
    last?.meaning === 'bad-request' ||
    last?.failure?.code?.includes('ALERT') === true ||
    last?.failure?.reason === 'closed' ||
    last?.failure?.reason === 'reset'
  );
}

function speaksHttp(evidence: Evidence): boolean {
  return lastExchange(effective(evidence))?.answer !== null;
}

/** The configured transport got an answer that servers of the other one give, or a stream that says nothing. */
function mayBeOtherTransport(evidence: Evidence): boolean {
  const handshake = effective(evidence);
  if (handshake?.result.kind === 'broken') return lastExchange(handshake)?.request === 'sse' && timedOut(handshake);
  return handshake?.result.kind === 'answered' && OTHER_DOOR.has(lastMeaning(evidence) ?? 'result');
}

function timedOut(handshake: Handshake | undefined): boolean {
  return lastExchange(handshake)?.failure?.reason === 'timed-out';
}

/** An event stream, or an answer that may be one, stays silent behind a reverse proxy. */
function holdsStream(evidence: Evidence): boolean {
  return silentStream(evidence)?.proxy != null || heldAnswer(evidence) !== undefined;
}

function siblingReady({ siblings }: Evidence): boolean {
  return siblings?.handshakes.some(isReady) === true;
}

/** Nothing that could be the target answers on its port, at any address, on any usual path. */
function nobodyAtHome(evidence: Evidence): boolean {
  if (siblingReady(evidence) || !directFailed(evidence)) return false;
  // Who listens there and is not heard is at home, too.
  if (openAttempts(evidence).length === 0 && keptFrom(evidence)) return false;
  // Whoever speaks the other scheme, or refuses over TLS, is at home.
  if (evidence.peek === undefined && RULES.peek(evidence)) return false;
  if (otherSchemeSpoken(evidence) !== null || evidence.tls?.trusted === false || evidence.tls?.outcome.kind === 'refused') return false;
  if (RULES.clientCertificate(evidence) && evidence.clientCertificate?.requested !== false) return false;
  if (RULES.paths(evidence) && !holdsStream(evidence)) return evidence.paths !== undefined && evidence.paths.found === null;
  // A server that holds its answer back is at home, unless it is a proxy that holds back the stream of another port.
  return !timedOut(evidence.direct) || holdsStream(evidence);
}

/** Whether a program of this machine surely listens at an address that does not open. */
function keptFrom(evidence: Evidence): boolean {
  return evidence.tcp?.attempts.some((attempt) => isOwnAddress(evidence, attempt.address) && listensAt(evidence, attempt, true)) === true;
}

/** Refused, and at no address anything else but the machine's own word that it cannot even dial (no IPv6, for one). */
function allRefused({ tcp }: Evidence): boolean {
  const closed = tcp?.attempts.filter(({ outcome }) => outcome !== 'no-local-address' && outcome !== 'unreachable') ?? [];
  return closed.length > 0 && closed.every(({ outcome }) => outcome === 'refused');
}

/**
 * Failures that a sandbox around this process causes. A refusal only where nobody was found to listen, and with no address but
 * loopback: then this process may be in a network of its own.
 */
function mayBeConfined(evidence: Evidence): boolean {
  const attempts = evidence.tcp?.attempts ?? [];
  if (attempts.some(({ outcome }) => outcome === 'not-permitted')) return true;
  if (!attempts.every(({ address }) => isLoopback(address))) return false;
  if (attempts.some(({ outcome }) => outcome === 'open')) return false;
  if (attempts.some(({ outcome }) => outcome === 'unreachable' || outcome === 'timed-out')) return true;
  if (attempts.every(({ outcome }) => outcome === 'no-local-address')) return true;
  const isAlone = evidence.host.addresses.every(isLoopback);
  return isAlone && evidence.machine?.sockets.kind === 'measured' && listenersOnPort(evidence)?.length === 0;
}

/** Whether containers explain the failure, and waiting would not change that. */
function isPlainContainerFault(evidence: Evidence): boolean {
  const kind = containerFault(evidence)?.kind;
  return kind !== undefined && kind !== 'nobody-inside' && kind !== 'dark';
}

/** A container that was started a moment ago: its forwarder accepts before the server inside listens. */
function isYoungInside(evidence: Evidence): boolean {
  const young = faultOfKind(evidence, 'nobody-inside')?.container;
  return young !== undefined && (young.health === 'starting' || (young.runningMs ?? Number.MAX_VALUE) < YOUNG_MS);
}

/** Whether these were measured, or never will be. */
function settled(evidence: Evidence, kinds: readonly SharedKind[]): boolean {
  return kinds.every((kind) => evidence[kind] !== undefined || !RULES[kind](evidence, { patienceMs: 0, start: false }));
}

/** Nothing seen so far explains the refusal. */
function unexplained(evidence: Evidence): boolean {
  if (siblingReady(evidence) || isPlainContainerFault(evidence)) return false;
  // A neighbour of the target's name explains the refusal, unless a process is just being started for this very port. Any
  // other neighbour may be somebody else's: then only waiting can tell it from a server that is still coming up.
  const meant = evidence.ports?.found.some(({ handshake }) => nameFits(evidence.target.name, handshake)) === true;
  if (meant && (evidence.holder?.starting.length ?? 0) === 0) return false;
  if (evidence.ports === undefined && RULES.ports(evidence)) return false;
  return (listenersOnPort(evidence)?.length ?? 0) === 0;
}

/** Linux inside Windows, or Windows that may have one; a container in there has a network of its own. */
function mayBeBehindWsl({ host }: Evidence): boolean {
  return host.container === null && (host.wsl || host.platform === 'win32');
}

/** The target is this machine, or from inside Linux perhaps Windows beside it, is closed, and nothing on our side has its port. */
function noneListensHere(evidence: Evidence): boolean {
  if (evidence.tcp === undefined || !directFailed(evidence) || openAttempts(evidence).length > 0) return false;
  if (!isLocal(evidence)) return evidence.host.wsl && addressesOf(evidence).some(({ address }) => WSL_NAT.test(address));
  return evidence.machine !== undefined && (listenersOnPort(evidence)?.length ?? 0) === 0;
}
