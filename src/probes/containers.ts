import { busyness } from '../system/busyness.ts';
import { SAME_SERVER_MS } from '../facts/budgets.ts';
import { NOT_HTTP_PORTS } from '../facts/ports.ts';
import { heardAt, isNamed, isUp, publishedAt, reachablePorts } from '../model/container-view.ts';
import type { ContainerFacts, ContainersEvidence, EngineKind, InnerAttempt, OwnContainer } from '../model/containers.ts';
import type { Evidence } from '../model/evidence.ts';
import { addressesOf, isWildcard, listenersOnPort } from '../model/view.ts';
import { now } from '../system/clock.ts';
import { type EngineSurvey, type FoundContainer, surveyEngines } from '../system/containers/engines.ts';
import { readMonitoredContainers } from '../system/containers/conmons.ts';
import { readForwardedContainers } from '../system/containers/forwarders.ts';
import { connectOnce } from '../system/tcp.ts';
import { handshakeAt } from './attempt.ts';
import type { ProbeContext } from './context.ts';
import { probeOwnContainer } from './own-container.ts';

/** A container on this machine answers a connection within a millisecond; a paused one never does. */
const INNER_CONNECT_MS = 500;

/** Containers whose own address is dialled: enough for one that was meant, few enough to stay quick. */
const MOST_DIALLED = 4;

/** What the container engines of this machine know about the target's port and name, and what we see when we are in a container ourselves. */
export async function probeContainers(context: ProbeContext, evidence: Evidence): Promise<ContainersEvidence> {
  const started = now();
  const { signal, shared, request } = context;
  const survey = await shared.once('containers', () => surveyEngines(request.environment, signal));
  const known = survey.containers.map(({ facts }) => facts);
  const own = evidence.host.container === null ? null : await probeOwnContainer(context, evidence, known);
  const found = [...survey.containers, ...(await toldByKernel(context, evidence, survey))];
  const concerned = found.filter(({ facts }) => concerns(evidence, facts));
  const seen = context.options.exec ? await Promise.all(concerned.map((one) => withInside(one, signal))) : concerned;
  const containers = await Promise.all(seen.map((one) => withLog(one, signal)));
  return {
    engines: survey.engines,
    containers,
    total: survey.total,
    portsAreOurs: arePortsOurs(evidence, survey.containers, own),
    inner: own === null ? await dialInside(context, evidence, containers) : [],
    own,
    ms: now() - started,
  };
}

/** Where an engine does not answer, and somebody has the port: what the kernel tells of its forwarders or monitors. */
async function toldByKernel({ shared }: ProbeContext, evidence: Evidence, { engines }: EngineSurvey): Promise<readonly FoundContainer[]> {
  // Those hold their ports: where nobody listens there are none to look for.
  if (listenersOnPort(evidence)?.length === 0) return [];
  const isAsked = (wanted: EngineKind) => engines.some(({ kind, state }) => kind === wanted && state.kind === 'answers');
  const told = await Promise.all([
    isAsked('docker') ? [] : shared.once('forwarded containers', readForwardedContainers),
    isAsked('podman') ? [] : shared.once('monitored containers', readMonitoredContainers),
  ]);
  return told.flat().map((facts) => ({ facts, readLog: async () => [], lookInside: null }));
}

/** Whether a container has to do with the target: by a published port, by a listener inside, or by its name. */
function concerns(evidence: Evidence, facts: ContainerFacts): boolean {
  const { host, port } = evidence.target;
  const heard = heardAt(facts, port);
  const dialled = addressesOf(evidence).map(({ address }) => address);
  return (
    publishedAt(evidence, facts) !== undefined ||
    isNamed(facts, host) ||
    facts.networks.some(({ addresses }) => addresses.some((one) => dialled.includes(one))) ||
    (!facts.hostNetwork && (heard === 'everywhere' || heard === 'loopback'))
  );
}

/** What nothing else tells is looked at inside; the user has agreed to it. */
async function withInside(one: FoundContainer, signal: AbortSignal): Promise<FoundContainer> {
  const { facts, lookInside } = one;
  if (lookInside === null || facts.state !== 'running' || facts.listening.kind === 'measured') return one;
  return { ...one, facts: { ...facts, listening: await lookInside(signal) } };
}

/** The last words of those that do not run well. */
async function withLog({ facts, readLog }: FoundContainer, signal: AbortSignal): Promise<ContainerFacts> {
  const silent = facts.published.every(({ innerPort }) => heardAt(facts, innerPort) !== 'everywhere');
  return isUp(facts) && facts.state === 'running' && !silent ? facts : { ...facts, log: await readLog(signal) };
}

/** Whether `localhost` here is the machine whose ports the engines publish: not so in a container with a network of its own. */
function arePortsOurs({ host }: Evidence, found: readonly FoundContainer[], own: OwnContainer | null): boolean {
  if (own === null) return true;
  const gateways = found.flatMap(({ facts }) => facts.networks.flatMap(({ gateways: some }) => some));
  return gateways.some((gateway) => host.addresses.includes(gateway));
}

/** The containers' own addresses at the port that is meant, else at those that are served; without the user's headers, for nobody named these. */
async function dialInside(
  context: ProbeContext,
  evidence: Evidence,
  containers: readonly ContainerFacts[],
): Promise<readonly InnerAttempt[]> {
  const { target } = evidence;
  const dialled = containers
    .filter((one) => one.state === 'running' && !one.hostNetwork)
    .flatMap((one) => {
      // Named from outside: what leads there is its published port.
      if (isNamed(one, target.host)) return publishedPlaces(one, target.port);
      const address = one.networks.flatMap(({ addresses }) => addresses).find((text) => !text.includes(':'));
      const led = publishedAt(evidence, one)?.innerPort ?? target.port;
      // A port that leads to nobody was meant for another one that is served.
      const isServed = heardAt(one, led) === 'everywhere';
      const heard = isServed ? [led] : reachablePorts(one).filter((port) => !NOT_HTTP_PORTS.has(port));
      return address === undefined ? [] : heard.map((port) => ({ container: one.name, address, port }));
    })
    .slice(0, MOST_DIALLED);
  return Promise.all(
    dialled.map(async ({ container, address, port }): Promise<InnerAttempt> => {
      const limits = { timeoutMs: INNER_CONNECT_MS, signal: context.signal };
      const attempt = await connectOnce({ address, family: address.includes(':') ? 6 : 4, port }, limits);
      if (attempt.outcome !== 'open') return { container, attempt, handshake: null };
      const url = new URL(context.request.url);
      url.port = String(port);
      const options = { url, headers: {}, limitMs: Math.min(SAME_SERVER_MS * busyness(), context.options.answerMs) };
      return { container, attempt, handshake: await handshakeAt(context, evidence, attempt, options) };
    }),
  );
}

/** Where this machine leads to a container's port of this number, inside or outside. */
function publishedPlaces({ name, published }: ContainerFacts, port: number) {
  return published
    .filter(({ innerPort, hostPort }) => innerPort === port || hostPort === port)
    .filter(({ address, family }) => family === 4 || !isWildcard(address))
    .map(({ address, hostPort }) => ({ container: name, address: isWildcard(address) ? '127.0.0.1' : address, port: hostPort }));
}
