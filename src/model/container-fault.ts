/** Which single thing about containers explains why a target gives no answer. Pure; each container cause takes its own kind of it. */
import { heardAt, isHostOfContainers, isNamed, isUp, publishedAt, reachablePorts } from './container-view.ts';
import type { AskedAround, ContainerFacts, ContainersEvidence, InnerAttempt, OwnContainer, PublishedPort } from './containers.ts';
import type { Evidence, Handshake } from './evidence.ts';
import { addressesOf, failedWay, failsDirectly, isLoopback, isLocal, openAttempts, speaksMcp } from './view.ts';

export type ContainerFault =
  /** The port leads into the container, where the server hears itself only. */
  | { readonly kind: 'loopback'; readonly container: ContainerFacts; readonly port: PublishedPort }
  /** The port leads to another port of the container than the one that is served. */
  | {
      readonly kind: 'wrong-inner-port';
      readonly container: ContainerFacts;
      readonly port: PublishedPort;
      readonly served: readonly number[];
      readonly seen: InnerAttempt | null;
    }
  /** The container serves the target's port, and it is not published. */
  | { readonly kind: 'unpublished'; readonly container: ContainerFacts; readonly seen: InnerAttempt | null }
  /** The container that would have the port, or the name, is not at work. */
  | { readonly kind: 'not-running'; readonly container: ContainerFacts; readonly port: PublishedPort | null; readonly others: number }
  /** The container runs, and nothing listens in it. */
  | { readonly kind: 'nobody-inside'; readonly container: ContainerFacts; readonly port: PublishedPort }
  /** The container runs and gives no answer; what listens in it could not be read. */
  | { readonly kind: 'dark'; readonly container: ContainerFacts; readonly port: PublishedPort }
  /** A container's name, used where it is not known. */
  | {
      readonly kind: 'name-outside';
      readonly container: ContainerFacts;
      readonly published: readonly PublishedPort[];
      readonly seen: InnerAttempt | null;
    }
  /** `localhost` in a container, while the server answers beside it. */
  | { readonly kind: 'own-localhost'; readonly seen: AskedAround }
  /** The machine's name inside a container, which nobody gave to it. */
  | { readonly kind: 'no-host-name'; readonly seen: AskedAround | null }
  /** A published port number, used inside, where the container's own counts. */
  | {
      readonly kind: 'published-inside';
      readonly innerPort: number;
      readonly container: ContainerFacts | null;
      readonly seen: AskedAround | null;
    }
  /** A container of a network that we are not in. */
  | { readonly kind: 'apart'; readonly container: ContainerFacts; readonly ours: readonly string[]; readonly seen: null };

/** What about containers explains the failure; undefined when nothing does, or when it was not looked at. */
export function containerFault(evidence: Evidence): ContainerFault | undefined {
  const { containers, target } = evidence;
  if (containers === undefined || !failsDirectly(evidence) || !givesNoAnswer(evidence)) return undefined;
  if (containers.own !== null && !containers.portsAreOurs) return faultFromInside(evidence, containers, containers.own);
  return (target.hostKind === 'name' ? faultOfName(evidence, containers) : undefined) ?? faultOfPort(evidence, containers);
}

/** The fault when it is of this kind. */
export function faultOfKind<K extends ContainerFault['kind']>(
  evidence: Evidence,
  ...kinds: readonly K[]
): Extract<ContainerFault, { readonly kind: K }> | undefined {
  const fault = containerFault(evidence);
  return fault !== undefined && (kinds as readonly string[]).includes(fault.kind)
    ? (fault as Extract<ContainerFault, { readonly kind: K }>)
    : undefined;
}

/** Neither an HTTP answer nor a TLS handshake: what containers can be to blame for. */
function givesNoAnswer(evidence: Evidence): boolean {
  if (openAttempts(evidence).length === 0) return true;
  if (evidence.direct === undefined) return evidence.tls?.outcome.kind === 'closed' || evidence.tls?.outcome.kind === 'timed-out';
  const failure = failedWay(evidence)?.last.failure;
  return failure != null && failure.head === null && ['reset', 'closed', 'timed-out', 'refused', 'unreachable'].includes(failure.reason);
}

function faultOfPort(evidence: Evidence, found: ContainersEvidence): ContainerFault | undefined {
  if (!isLocal(evidence)) return undefined;
  const leads = found.containers.flatMap((container) => {
    const port = publishedAt(evidence, container);
    return port === undefined ? [] : [{ container, port }];
  });
  const up = leads.find(({ container }) => isUp(container));
  if (up !== undefined) return faultBehind(found, up.container, up.port);
  const latest = [...leads].sort((a, b) => (a.container.endedMsAgo ?? Number.MAX_VALUE) - (b.container.endedMsAgo ?? Number.MAX_VALUE))[0];
  // Somebody else has the port now: then this is about them. One that is started again and again had it a moment ago.
  if (openAttempts(evidence).length > 0 && !(latest !== undefined && isFalling(latest.container))) return undefined;
  if (latest !== undefined) return { kind: 'not-running', container: latest.container, port: latest.port, others: leads.length - 1 };
  return unpublished(evidence, found);
}

/** Behind a published port of a container that is up. */
function faultBehind(found: ContainersEvidence, container: ContainerFacts, port: PublishedPort): ContainerFault | undefined {
  const stopped = { kind: 'not-running', container, port, others: 0 } as const;
  if (container.state !== 'running') return stopped;
  switch (heardAt(container, port.innerPort)) {
    case 'everywhere':
      return undefined;
    case 'loopback':
      return { kind: 'loopback', container, port };
    case null:
      if (isFalling(container)) return stopped;
      // What it was told to do stands in for what it does, where that cannot be seen.
      return { kind: container.loopbackSettings.length > 0 ? 'loopback' : 'dark', container, port };
    case 'nowhere': {
      // Between two restarts it counts as running for a moment.
      if (isFalling(container)) return stopped;
      const served = reachablePorts(container);
      const answering = found.inner.filter((one) => one.container === container.name && isMcp(one.handshake));
      const seen = answering.find(({ attempt }) => served.includes(attempt.port)) ?? null;
      return served.length > 0 ? { kind: 'wrong-inner-port', container, port, served, seen } : { kind: 'nobody-inside', container, port };
    }
  }
}

/** An engine waits up to a minute between its attempts to keep a container up. */
const BETWEEN_STARTS_MS = 60_000;

/** Whether a container was started again and again, the last time just now: it ends each time, and is up, ended or starting in between. */
function isFalling({ restarts, runningMs, endedMsAgo }: ContainerFacts): boolean {
  return restarts > 1 && (runningMs ?? endedMsAgo ?? 0) <= BETWEEN_STARTS_MS;
}

/** A container that serves the target's port and publishes it nowhere: MCP as seen at its own address, else where no such address leads. */
function unpublished({ target }: Evidence, found: ContainersEvidence): ContainerFault | undefined {
  const candidates = found.containers
    .filter(
      ({ state, hostNetwork, published }) =>
        state === 'running' && !hostNetwork && published.every(({ innerPort }) => innerPort !== target.port),
    )
    .filter((container) => heardAt(container, target.port) === 'everywhere')
    .map((container) => ({
      container,
      seen: found.inner.find((one) => isInside(one, container) && one.attempt.port === target.port) ?? null,
    }));
  const speaking = candidates.find(({ seen }) => isMcp(seen?.handshake ?? null));
  if (speaking !== undefined) return { kind: 'unpublished', ...speaking };
  const [only, ...others] = candidates;
  // One that answers otherwise is somebody else's; of several that cannot be asked none is claimed.
  return only !== undefined && others.length === 0 && only.seen?.attempt.outcome !== 'open' && found.own === null
    ? { kind: 'unpublished', container: only.container, seen: null }
    : undefined;
}

function isInside({ container }: InnerAttempt, { name }: ContainerFacts): boolean {
  return container === name;
}

/** From outside of all containers, a name that is a container's. */
function faultOfName(evidence: Evidence, found: ContainersEvidence): ContainerFault | undefined {
  const { host, port } = evidence.target;
  if (isLocal(evidence)) return undefined;
  const named = found.containers.filter((container) => isNamed(container, host));
  const up = named.find(isUp);
  const first = up ?? named[0];
  if (first === undefined) return undefined;
  if (first.state !== 'running') return { kind: 'not-running', container: first, port: null, others: named.length - 1 };
  const published = first.published.filter(({ innerPort, hostPort }) => innerPort === port || hostPort === port);
  const seen = found.inner.find((one) => one.container === first.name && isLoopback(one.attempt.address) && isMcp(one.handshake)) ?? null;
  return { kind: 'name-outside', container: first, published, seen };
}

/** We are in a container with a network of its own: its localhost is not the machine's. */
function faultFromInside(evidence: Evidence, found: ContainersEvidence, own: OwnContainer): ContainerFault | undefined {
  const { target, dns } = evidence;
  if (openAttempts(evidence).length > 0) return undefined;
  const seen = own.around.find(({ handshake }) => isMcp(handshake)) ?? null;
  if (isLocal(evidence)) {
    const isOwn = evidence.tcp?.attempts.some(({ address }) => isLoopback(address)) === true;
    return isOwn && seen !== null ? { kind: 'own-localhost', seen } : undefined;
  }
  if (isHostOfContainers(target.host)) return dns?.addresses.length === 0 ? { kind: 'no-host-name', seen } : undefined;
  return faultOfNeighbour(evidence, found, own);
}

/** From one container to another. */
function faultOfNeighbour(evidence: Evidence, found: ContainersEvidence, own: OwnContainer): ContainerFault | undefined {
  const { target, tcp } = evidence;
  const dialled = addressesOf(evidence).map(({ address }) => address);
  const isMeant = (one: ContainerFacts) =>
    isNamed(one, target.host) || one.networks.some(({ addresses }) => addresses.some((address) => dialled.includes(address)));
  const meant = found.containers.filter(isMeant);
  const container = meant.find(isUp) ?? meant[0] ?? null;
  if (container !== null && container.state !== 'running') return { kind: 'not-running', container, port: null, others: meant.length - 1 };
  const ours = own.networks;
  if (container !== null && ours !== null && !container.networks.some(({ name }) => ours.includes(name)))
    return { kind: 'apart', container, ours, seen: null };
  if (tcp?.attempts.some(({ outcome }) => outcome === 'refused') !== true) return undefined;
  const seen = own.beside.find(({ handshake }) => isMcp(handshake)) ?? null;
  const published = container?.published.find(({ hostPort, innerPort }) => hostPort === target.port && innerPort !== target.port);
  const innerPort = seen?.attempt.port ?? published?.innerPort;
  return innerPort === undefined ? undefined : { kind: 'published-inside', innerPort, container, seen };
}

function isMcp(handshake: Handshake | null): boolean {
  return handshake !== null && speaksMcp(handshake);
}
