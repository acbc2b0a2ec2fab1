/** Where container engines listen: what settings name, and the usual places of each system. Pure. */
import { posix } from 'node:path';
import type { EngineKind } from '../../model/containers.ts';
import { maskUrl } from '../../model/redact.ts';
import type { EngineDoor } from './engine-client.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** An engine that may be there; without a door, `closed` says why it is not asked. */
export interface EnginePlace {
  readonly kind: EngineKind;
  readonly endpoint: string;
  readonly source: string;
  /** Whether a setting names it: then its absence is worth a word. */
  readonly named: boolean;
  readonly door: EngineDoor | null;
  readonly closed: { readonly kind: 'remote' } | { readonly kind: 'not-asked'; readonly why: string } | null;
}

/** Ports that `tcp://HOST` stands for, without and with TLS (IANA: docker, docker-s). */
const PLAIN_PORT = 2375;
const SECURE_PORT = 2376;

/** Reads an engine's address as DOCKER_HOST, CONTAINER_HOST and contexts hold it. An engine elsewhere is not asked. */
export function readEndpoint(text: string, secure: boolean): Pick<EnginePlace, 'endpoint' | 'door' | 'closed'> {
  const unix = /^unix:\/\/(\/.+)$/.exec(text)?.[1];
  if (unix !== undefined) return { endpoint: text, door: { kind: 'unix', path: unix }, closed: null };
  // npipe:////./pipe/docker_engine, which Node dials by its path as it does Unix sockets.
  const pipe = /^npipe:\/\/(\/\/.+)$/.exec(text)?.[1];
  if (pipe !== undefined) return { endpoint: text, door: { kind: 'unix', path: pipe.replaceAll('/', '\\') }, closed: null };
  if (!URL.canParse(text))
    return { endpoint: '(unreadable)', door: null, closed: { kind: 'not-asked', why: 'its address cannot be read' } };
  const url = new URL(text);
  const endpoint = maskUrl(url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!/^(?:tcp|http):$/.test(url.protocol) || !/^(?:localhost|127\.[\d.]+|::1)$/.test(host))
    return { endpoint, door: null, closed: { kind: 'remote' } };
  if (secure) return { endpoint, door: null, closed: { kind: 'not-asked', why: 'it wants TLS with a client certificate' } };
  const port = url.port === '' ? PLAIN_PORT : Number(url.port);
  if (port === SECURE_PORT)
    return { endpoint, door: null, closed: { kind: 'not-asked', why: 'its port is the one for TLS with a client certificate' } };
  return { endpoint, door: { kind: 'tcp', host: host === 'localhost' ? '127.0.0.1' : host, port }, closed: null };
}

/** Sockets in their usual places; which of them exist is for the caller to see. */
export function usualPlaces(
  platform: NodeJS.Platform,
  environment: Environment,
  home: string,
  userId: number | null,
): readonly EnginePlace[] {
  const place = (kind: EngineKind, path: string, source: string): EnginePlace => ({
    ...readEndpoint(`unix://${path}`, false),
    kind,
    source,
    named: false,
  });
  if (platform === 'win32') {
    const pipe = (kind: EngineKind, name: string, source: string): EnginePlace => ({
      ...readEndpoint(`npipe:////./pipe/${name}`, false),
      kind,
      source,
      named: false,
    });
    return [pipe('docker', 'docker_engine', 'Docker Desktop'), pipe('podman', 'podman-machine-default', 'Podman machine')];
  }
  const at = (...parts: readonly string[]) => posix.join(home, ...parts);
  if (platform === 'darwin') {
    return [
      place('docker', at('.docker/run/docker.sock'), 'Docker Desktop'),
      place('docker', posix.join(environment['COLIMA_HOME'] || at('.colima'), 'default/docker.sock'), 'Colima'),
      place('docker', at('.config/colima/default/docker.sock'), 'Colima'),
      place('docker', at('.rd/docker.sock'), 'Rancher Desktop'),
      place('docker', at('.orbstack/run/docker.sock'), 'OrbStack'),
      place('podman', at('.local/share/containers/podman/machine/podman.sock'), 'Podman machine'),
      place('docker', '/var/run/docker.sock', 'the usual socket'),
    ];
  }
  const runtime = environment['XDG_RUNTIME_DIR'] || (userId === null ? null : `/run/user/${userId}`);
  return [
    place('docker', '/var/run/docker.sock', 'the usual socket'),
    ...(runtime === null ? [] : [place('docker', posix.join(runtime, 'docker.sock'), 'rootless Docker')]),
    place('docker', at('.docker/desktop/docker.sock'), 'Docker Desktop'),
    place('docker', at('.rd/docker.sock'), 'Rancher Desktop'),
    place('podman', '/run/podman/podman.sock', "Podman's usual socket"),
    ...(runtime === null ? [] : [place('podman', posix.join(runtime, 'podman/podman.sock'), 'rootless Podman')]),
  ];
}

/** The virtual machine behind a socket, as far as its path tells; null for a socket of this system itself. */
export function machineBehind(endpoint: string): string | null {
  const names: readonly (readonly [RegExp, string])[] = [
    [/\/\.colima\/|\/colima\//, 'Colima'],
    [/\/\.rd\//, 'Rancher Desktop'],
    [/\/\.orbstack\//, 'OrbStack'],
    [/\/\.docker\/(?:run|desktop)\/|docker_engine/, 'Docker Desktop'],
    [/podman[/-]machine/, 'Podman machine'],
  ];
  return names.find(([path]) => path.test(endpoint))?.[1] ?? null;
}
