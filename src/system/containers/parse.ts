/** Pure readers for what Docker's API says; Podman answers the same requests in nearly the same words. */
import type { ComposeFacts, ContainerFacts, ContainerNetwork, ContainerState, EngineKind, PublishedPort } from '../../model/containers.ts';
import { maskForeign } from '../../model/redact.ts';
import { canonicalAddress } from '../sockets/canonical.ts';
import { list, number, parseDocument, table, text, type Table } from './json.ts';

/** One row of the list of containers. */
export interface ContainerRow {
  readonly id: string;
  readonly running: boolean;
}

/** A container as the engine describes it, with what is needed to look further. */
export interface InspectedContainer extends Omit<ContainerFacts, 'listening' | 'log'> {
  /** The whole id. */
  readonly fullId: string;
  /** Its first process, as the engine's kernel numbers it; null unless it runs. */
  readonly pid: number | null;
}

export interface EngineVersion {
  readonly kind: EngineKind;
  readonly version: string;
  readonly kernel: string | null;
  /** `Docker Desktop 4.30.0 (149282)` and the like; null when it says nothing. */
  readonly platform: string | null;
}

const STATES: ReadonlySet<string> = new Set(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']);

/** What the head of Podman's answer to GET /_ping says; undefined for any other engine. */
export function parsePing(headers: Readonly<Record<string, string | string[] | undefined>>): EngineVersion | undefined {
  const version = text(headers['libpod-api-version']);
  return version === null ? undefined : { kind: 'podman', version: maskForeign(version).slice(0, 40), kernel: null, platform: null };
}

/** What GET /version says; undefined when no engine speaks like this. */
export function parseVersion(body: Buffer): EngineVersion | undefined {
  const found = table(parseDocument(body));
  const version = text(found['Version']);
  if (version === null) return undefined;
  const isPodman = list(found['Components']).some((one) => text(table(one)['Name'])?.startsWith('Podman') === true);
  return {
    kind: isPodman ? 'podman' : 'docker',
    version: maskForeign(version).slice(0, 40),
    kernel: text(found['KernelVersion']),
    platform: text(table(found['Platform'])['Name']),
  };
}

/** What GET /containers/json says, newest first as the engine lists them; undefined for anything else. */
export function parseRows(body: Buffer): readonly ContainerRow[] | undefined {
  const found = parseDocument(body);
  if (!Array.isArray(found)) return undefined;
  return found.flatMap((one) => {
    const id = text(table(one)['Id']);
    const state = text(table(one)['State']);
    return id === null || !/^[0-9a-f]{12,64}$/.test(id)
      ? []
      : [{ id, running: state !== 'exited' && state !== 'created' && state !== 'dead' }];
  });
}

/** The id that POST /containers/ID/exec answers with; undefined for anything else. */
export function parseExecId(body: Buffer): string | undefined {
  const id = text(table(parseDocument(body))['Id']);
  return id !== null && /^[0-9a-f]{12,64}$/.test(id) ? id : undefined;
}

/** What GET /containers/ID/json says; undefined for anything else. `nowMs` is the wall clock. */
export function parseContainer(body: Buffer, engine: EngineKind, nowMs: number): InspectedContainer | undefined {
  const found = table(parseDocument(body));
  const fullId = text(found['Id']);
  if (fullId === null) return undefined;
  const [state, config, host, network] = ['State', 'Config', 'HostConfig', 'NetworkSettings'].map((name) => table(found[name])) as [
    Table,
    Table,
    Table,
    Table,
  ];
  const status = text(state['Status']);
  const isUp = state['Running'] === true;
  const startedMs = time(state['StartedAt']);
  const finishedMs = time(state['FinishedAt']);
  const health = text(table(state['Health'])['Status']);
  return {
    engine,
    id: fullId.slice(0, 12),
    fullId,
    name: (text(found['Name']) ?? fullId.slice(0, 12)).replace(/^\//, ''),
    image: text(config['Image']) ?? '',
    state: stateOf(status),
    // "created" has an exit code of 0 as well, and a container that never ran has no end.
    exitCode: finishedMs === null && !isUp && status !== 'exited' && text(state['Error']) === null ? null : number(state['ExitCode']),
    outOfMemory: state['OOMKilled'] === true,
    startError: errorOf(state),
    health: health === 'starting' || health === 'healthy' || health === 'unhealthy' ? health : null,
    restarts: number(found['RestartCount']) ?? 0,
    runningMs: isUp && startedMs !== null ? Math.max(0, nowMs - startedMs) : null,
    endedMsAgo: isUp || finishedMs === null ? null : Math.max(0, nowMs - finishedMs),
    published: publishedOf(isUp ? network['Ports'] : host['PortBindings'], host['PortBindings']),
    hostNetwork: text(host['NetworkMode']) === 'host',
    networks: Object.entries(table(network['Networks'])).map(([name, one]) => networkOf(name, table(one))),
    compose: composeOf(table(config['Labels'])),
    loopbackSettings: loopbackSettings(
      config,
      [text(found['Path']), ...list(found['Args']).map(text)].flatMap((word) => word ?? []),
    ),
    pid: isUp ? number(state['Pid']) || null : null,
  };
}

/** The lines of a log; of a container without a terminal they come in frames with a head of eight bytes (Docker API, "ContainerAttach"). */
export function parseLog(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const isFrame = at + 8 <= body.length && (body[at] ?? 9) <= 2 && body.readUIntBE(at + 1, 3) === 0;
    if (!isFrame) return at === 0 ? body : Buffer.concat([...parts, body.subarray(at)]);
    const end = at + 8 + body.readUInt32BE(at + 4);
    parts.push(body.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(parts);
}

function stateOf(status: string | null): ContainerState {
  // Podman's words for what Docker calls created and exited.
  if (status === 'configured' || status === 'initialized') return 'created';
  if (status === 'stopped' || status === 'stopping') return 'exited';
  return status !== null && STATES.has(status) ? (status as ContainerState) : 'other';
}

function errorOf(state: Table): string | null {
  const error = text(state['Error']);
  return error === null ? null : maskForeign(error.replace(/\s+/g, ' ')).slice(0, 300);
}

/** `3000/tcp` with where it is published. While the engine has not given out the ports yet, what was asked for counts. */
function publishedOf(given: unknown, asked: unknown): readonly PublishedPort[] {
  const ports = table(given);
  const source = Object.values(ports).some((one) => list(one).length > 0) ? ports : table(asked);
  const all = Object.entries(source).flatMap(([inner, bindings]) => {
    const [port, protocol] = inner.split('/');
    if (protocol !== 'tcp') return [];
    return list(bindings).flatMap((one): readonly PublishedPort[] => {
      const hostPort = Number(text(table(one)['HostPort']) ?? Number.NaN);
      const innerPort = Number(port);
      if (!(hostPort > 0) || !Number.isInteger(innerPort)) return [];
      const address = canonicalAddress(text(table(one)['HostIp']) ?? '0.0.0.0');
      return address === null ? [] : [{ ...address, hostPort, innerPort }];
    });
  });
  // Engines list the two families in either order.
  return all.sort((one, other) => one.family - other.family);
}

function networkOf(name: string, one: Table): ContainerNetwork {
  const addresses = [one['IPAddress'], one['GlobalIPv6Address']].flatMap((value) => text(value) ?? []);
  const gateways = [one['Gateway'], one['IPv6Gateway']].flatMap((value) => text(value) ?? []);
  const aliases = [...list(one['Aliases']), ...list(one['DNSNames'])].flatMap((value) => text(value) ?? []);
  return { name, addresses, gateways, aliases: [...new Set(aliases)] };
}

function composeOf(labels: Table): ComposeFacts | null {
  const label = (name: string) => text(labels[`com.docker.compose.${name}`]);
  // podman-compose writes both these and labels of its own.
  const project = label('project') ?? text(labels['io.podman.compose.project']);
  const service = label('service') ?? text(labels['io.podman.compose.service']);
  if (project === null || service === null) return null;
  return { project, service, files: (label('project.config_files') ?? '').split(',').filter((file) => file !== '') };
}

/** Engines write a time that never was as year 1. */
function time(value: unknown): number | null {
  const ms = Date.parse(text(value) ?? '');
  return Number.isNaN(ms) || ms <= 0 ? null : ms;
}

/** Names of variables and flags whose value is loopback. */
function loopbackSettings(config: Table, words: readonly string[]): readonly string[] {
  const isLoopback = (value: string | undefined) => value !== undefined && /^(?:127\.[\d.]+|localhost|\[?::1\]?)(?::\d+)?$/.test(value);
  const variables = list(config['Env']).flatMap((one) => {
    const [name = '', ...rest] = (text(one) ?? '').split('=');
    return isLoopback(rest.join('=')) && /host|bind|addr|listen|interface/i.test(name) ? [name] : [];
  });
  const flags = words.flatMap((word, index) => {
    const [name = '', value] = word.split('=');
    return name.startsWith('-') && isLoopback(value ?? words[index + 1]) ? [name] : [];
  });
  return [...new Set([...variables, ...flags])];
}
