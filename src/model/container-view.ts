/** Questions about containers that several causes and the probe ask. Pure. */
import type { ContainerFacts, ContainersEvidence, EngineFacts, EngineKind, PublishedPort } from './containers.ts';
import type { Evidence, ListeningSocket } from './evidence.ts';
import { exchangeWords, seconds } from './exchange-words.ts';
import { addressesOf, endpoint, failedWay, isLocalhostName, isLoopback, isWildcard, lastExchange } from './view.ts';

/** Names that Docker and Podman give to the machine that runs a container, inside containers only. */
const HOST_OF_CONTAINERS: ReadonlySet<string> = new Set(['host.docker.internal', 'gateway.docker.internal', 'host.containers.internal']);

/** Whether a name means, inside containers, the machine that runs them. */
export function isHostOfContainers(host: string): boolean {
  return HOST_OF_CONTAINERS.has(host);
}

/** Whether the container has its processes at work, paused ones included. */
export function isUp({ state }: ContainerFacts): boolean {
  return state === 'running' || state === 'paused' || state === 'restarting';
}

/** Whether the target's host is this container's name, its Compose service, or an alias of it. */
export function isNamed({ name, compose, networks }: ContainerFacts, host: string): boolean {
  return name === host || compose?.service === host || networks.some(({ aliases }) => aliases.includes(host));
}

/** The published port by which the target's address and port lead into this container. */
export function publishedAt(evidence: Evidence, { published }: ContainerFacts): PublishedPort | undefined {
  const dialled = addressesOf(evidence).map(({ address }) => address);
  const isDialled = ({ address, family }: PublishedPort) =>
    isWildcard(address)
      ? // Docker Desktop and Podman write 0.0.0.0 for both families.
        family === 4 || dialled.some((one) => one.includes(':'))
      : dialled.includes(address) || (isLocalhostName(evidence.target.host) && isLoopback(address));
  return published.find((one) => one.hostPort === evidence.target.port && isDialled(one));
}

/** Whether the port is a container's, and its listener here one that answers nobody: the container's monitor keeps it from others. */
export function isKeptForContainer(evidence: Evidence): boolean {
  const { containers, holder } = evidence;
  const isMonitor = holder?.holders.some(({ owner }) => owner.kind === 'measured' && owner.value.name === 'conmon') === true;
  return isMonitor || containers?.containers.some((one) => isUp(one) && publishedAt(evidence, one) !== undefined) === true;
}

/** Inside a container: whether others can reach this port, only the container itself, or nobody; null when that could not be read. */
export function heardAt({ listening }: ContainerFacts, port: number): 'everywhere' | 'loopback' | 'nowhere' | null {
  if (listening.kind === 'not-measured') return null;
  const sockets = listening.value.filter((socket) => socket.port === port);
  if (sockets.length === 0) return 'nowhere';
  return sockets.every(({ address }) => isLoopback(address)) ? 'loopback' : 'everywhere';
}

/** Ports inside a container that others can reach, lowest first. */
export function reachablePorts({ listening }: ContainerFacts): readonly number[] {
  const sockets: readonly ListeningSocket[] = listening.kind === 'measured' ? listening.value : [];
  return [...new Set(sockets.filter(({ address }) => !isLoopback(address)).map(({ port }) => port))].sort((a, b) => a - b);
}

/** `container web (a1b2c3d4e5f6, image node:22, Compose service web of shop)`. */
export function containerWords({ name, id, image, compose }: ContainerFacts): string {
  const service = compose === null ? '' : `, Compose service ${compose.service} of project ${compose.project}`;
  const more = [id === name ? '' : id, image === '' ? '' : `image ${image}`].filter((part) => part !== '').join(', ');
  return `container ${name}${more === '' && service === '' ? '' : ` (${more}${service})`}`;
}

/** `0.0.0.0:3000 to port 8080 inside`. */
export function publishedWords({ address, hostPort, innerPort }: PublishedPort): string {
  return `${endpoint(address, hostPort)} to port ${innerPort} inside`;
}

/** What could not be read about engines, one line each, with the way to read it. */
export function engineGaps({ engines }: ContainersEvidence): readonly string[] {
  return engines.flatMap((engine) => gapOf(engine) ?? []);
}

/** The engine that could be asked by somebody with more rights; null when none is like that. */
export function closedEngine(containers: ContainersEvidence | undefined): EngineKind | null {
  return containers?.engines.find(({ state }) => state.kind === 'no-permission')?.kind ?? null;
}

function gapOf({ kind, endpoint: shown, source, state }: EngineFacts): string | null {
  const who = `${kind === 'podman' ? 'Podman' : 'Docker'} at ${shown} (${source})`;
  switch (state.kind) {
    case 'answers':
      return null;
    case 'no-permission':
      return `${who} could not be asked: this user has no permission to open its socket${state.owner === null ? '' : ` (it belongs to ${state.owner})`}; by hand: sudo ${kind} ps -a`;
    case 'not-running':
      return `${who} could not be asked: nobody answers there (${state.code})`;
    case 'remote':
      return `${who} is on another machine and was not asked: its ports are not those of this machine`;
    case 'not-asked':
      return `${who} was not asked: ${state.why}`;
    case 'broken':
      return `${who} could not be read: ${state.why}`;
  }
}

/** How the target itself failed, one line each. */
export function failureFacts(evidence: Evidence): readonly string[] {
  const closed = (evidence.tcp?.attempts ?? [])
    .filter(({ outcome }) => outcome !== 'open')
    .map(({ address, port, outcome, code }) => `${endpoint(address, port)} ${outcome}${code === null ? '' : ` (${code})`}`);
  const last = failedWay(evidence)?.last ?? lastExchange(evidence.direct);
  return last === undefined ? closed : [...closed, exchangeWords(last)];
}

/** What is known about how a container fares, one line each. */
export function fareFacts({
  state,
  exitCode,
  outOfMemory,
  startError,
  health,
  restarts,
  endedMsAgo,
  log,
}: ContainerFacts): readonly string[] {
  const ended = endedMsAgo === null ? '' : `, ended ${agoWords(endedMsAgo)} ago`;
  const code = exitCode === null || endedMsAgo === null ? '' : `, exit code ${exitCode}`;
  return [
    `its state: ${state}${code}${ended}${restarts > 0 ? `, restarted ${restarts} times` : ''}${health === null ? '' : `, health: ${health}`}`,
    ...(outOfMemory ? ['the kernel ended it for want of memory (OOMKilled)'] : []),
    ...(startError === null ? [] : [`the engine said: ${startError}`]),
    ...log.slice(-4).map((line) => `its log: ${line}`),
  ];
}

/** `5 s`, `12 minutes`, `3 days`. */
function agoWords(ms: number): string {
  if (ms < 120_000) return seconds(ms);
  const minutes = ms / 60_000;
  if (minutes < 120) return `${Math.round(minutes)} minutes`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`;
}

/** The container behind a published port: how it fares, and what listens in it. */
export function publisherFacts({
  container,
  port,
}: {
  readonly container: ContainerFacts;
  readonly port: PublishedPort;
}): readonly string[] {
  const { listening } = container;
  return [
    `${containerWords(container)} publishes ${publishedWords(port)}`,
    listening.kind === 'not-measured'
      ? `what listens inside it could not be read: ${listening.why}; by hand: ${seeInside(container)}`
      : listening.value.length === 0
        ? 'no TCP port is listened on inside it'
        : `inside it, these ports are listened on: ${[...new Set(listening.value.map((socket) => socket.port))].join(', ')}`,
    ...fareFacts(container),
  ];
}

/** A container as commands name it. */
type Commanded = Pick<ContainerFacts, 'engine' | 'name' | 'id' | 'published'>;

/** Which addresses and ports inside a container are listened on; hexadecimal, but there in every image that has `cat`. */
export function seeInside(container: Commanded): string {
  return `${engineProgram(container)} exec ${engineHandle(container)} cat /proc/net/tcp /proc/net/tcp6`;
}

/** The engine's command; an engine that could not be asked for a container's id is closed to this user. */
export function engineProgram({ engine, id }: Pick<Commanded, 'engine' | 'id'>): string {
  return id === '' ? `sudo ${engine}` : engine;
}

/** What the engine knows a container by: its name, else whoever publishes its port. */
export function engineHandle({ engine, name, id, published }: Commanded): string {
  const [port] = published;
  return id === '' && port !== undefined ? `"$(${engineProgram({ engine, id })} ps -q --filter publish=${port.hostPort})"` : name;
}
