import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../error-code.ts';
import { homeFolder } from '../home.ts';
import { parseDocument, type Table, table, text } from './json.ts';
import { type EnginePlace, readEndpoint, usualPlaces } from './places.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The engines that this environment's settings name, and those whose sockets are in their usual places; each once. */
export async function findEnginePlaces(environment: Environment): Promise<readonly EnginePlace[]> {
  const home = homeFolder(environment);
  const secure = (environment['DOCKER_TLS_VERIFY'] ?? '') !== '';
  const named: EnginePlace[] = [];
  const dockerHost = environment['DOCKER_HOST'];
  if (dockerHost) named.push({ ...readEndpoint(dockerHost, secure), kind: 'docker', source: 'DOCKER_HOST', named: true });
  else named.push(...(await contextPlace(environment, home)));
  const podmanHost = environment['CONTAINER_HOST'];
  if (podmanHost) named.push({ ...readEndpoint(podmanHost, false), kind: 'podman', source: 'CONTAINER_HOST', named: true });
  const usual = await Promise.all(
    usualPlaces(process.platform, environment, home, process.getuid?.() ?? null).map(async (place) =>
      (await isThere(place)) ? [place] : [],
    ),
  );
  const all = [...named, ...usual.flat()];
  const keys = await Promise.all(all.map(keyOf));
  return all.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

/** The engine of the Docker context in use (docker context use); none when that is the default one. */
async function contextPlace(environment: Environment, home: string): Promise<readonly EnginePlace[]> {
  const folder = environment['DOCKER_CONFIG'] || join(home, '.docker');
  const current = environment['DOCKER_CONTEXT'] || text((await readTable(join(folder, 'config.json')))['currentContext']);
  if (!current || current === 'default') return [];
  // Loaded here: Node takes milliseconds for it, and hardly anybody has a context.
  const { createHash } = await import('node:crypto');
  // The store names each folder by the SHA-256 of the context's name.
  const meta = await readTable(join(folder, 'contexts/meta', createHash('sha256').update(current).digest('hex'), 'meta.json'));
  const docker = table(table(meta['Endpoints'])['docker']);
  const host = text(docker['Host']);
  const source = `the Docker context ${current}`;
  if (host === null) {
    const closed = { kind: 'not-asked', why: 'that context cannot be read' } as const;
    return [{ kind: 'docker', endpoint: current, source, named: true, door: null, closed }];
  }
  return [{ ...readEndpoint(host, host.startsWith('tcp:') && docker['SkipTLSVerify'] === false), kind: 'docker', source, named: true }];
}

/** Whether a socket is there; one whose folder is closed to us may be, and is then not there for us either. */
async function isThere({ door }: EnginePlace): Promise<boolean> {
  if (door?.kind !== 'unix') return true;
  // A pipe is no file: only dialling tells.
  if (process.platform === 'win32') return true;
  return stat(door.path).then(
    (found) => found.isSocket(),
    (error: unknown) => codeOf(error) === 'EACCES',
  );
}

async function keyOf({ door, endpoint }: EnginePlace): Promise<string> {
  return door?.kind === 'unix' ? realpath(door.path).catch(() => door.path) : endpoint;
}

async function readTable(file: string): Promise<Table> {
  return table(parseDocument(await readFile(file).catch(() => Buffer.alloc(0))));
}
