/** A container engine of one case, and containers in it that run the lab's servers. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { BIN, PROGRAMS, ROOT } from '../places.ts';
import type { AppOptions } from '../servers/app.ts';

/** A server in a container that does not listen by then will not. */
const START_LIMIT_MS = 20_000;
const POLL_MS = 50;
/** The image all containers of the lab are made of. */
export const IMAGE = 'mcplab';
/** Folders of an image that has next to nothing in it: programs are laid in from the machine, so making a container costs nothing. */
const SKELETON = ['bin', 'etc', 'lib', 'lib64', 'proc', 'run', 'sbin', 'sys', 'tmp', 'usr', 'dev'];
const SYSTEM = ['/bin', '/lib', '/lib64', '/usr'];

export interface Engine {
  /** Variables by which a program finds this engine. */
  readonly env: Readonly<Record<string, string>>;
  /** Path of its socket. */
  readonly socket: string;
  /** Runs the engine's own command to its end. */
  command(...args: readonly string[]): Promise<string>;
  /** The command line of the engine's own command. */
  words(...args: readonly string[]): readonly string[];
}

/** Options of the engine's `run` before the image, such as `-p`. */
type Options = readonly string[];

/** What a container needs of the machine to run its programs and the lab's. */
function programs(): Options {
  const folders = [...SYSTEM, ROOT, dirname(BIN), dirname(dirname(process.execPath))];
  const own = folders.filter((folder, at) => !folders.some((other, index) => index < at && `${folder}/`.startsWith(`${other}/`)));
  return own.flatMap((folder) => ['-v', `${folder}:${folder}:ro`]);
}

/** The command line that serves an app of the catalogue inside a container. */
export function serverWords(app: string, host: string, port: number, options: AppOptions = {}): readonly string[] {
  const words = [process.execPath, join(PROGRAMS, 'servers', 'serve.js'), app, '--host', host, '--port', String(port)];
  return Object.keys(options).length === 0 ? words : [...words, '--options', JSON.stringify(options)];
}

/** Gives the engine its image. */
export async function importImage(engine: Engine, bench: Bench): Promise<void> {
  const folder = await bench.folder();
  for (const name of SKELETON) await mkdir(join(folder, 'root', name), { recursive: true });
  const archive = join(folder, 'image.tar');
  await bench.run('tar', '-C', join(folder, 'root'), '-cf', archive, '.');
  await engine.command('import', archive, IMAGE);
}

/** Makes a container, and starts it unless `create` is asked for. */
export async function run(
  engine: Engine,
  name: string,
  options: Options,
  words: readonly string[],
  verb: 'run' | 'create' = 'run',
): Promise<void> {
  const how = verb === 'run' ? ['run', '-d'] : ['create'];
  await engine.command(...how, '--name', name, ...programs(), ...options, IMAGE, ...words);
}

/** A server of the catalogue in a container of its own; waits until it listens. */
export async function serve(
  engine: Engine,
  name: string,
  options: Options,
  server: { readonly app?: string; readonly host?: string; readonly port?: number; readonly options?: AppOptions } = {},
): Promise<void> {
  const { app = 'v2-dual', host = '0.0.0.0', port = 3000 } = server;
  await run(engine, name, options, serverWords(app, host, port, server.options));
  await said(engine, name, /^listening/m);
}

/** Waits until a container's output says so. */
export async function said(engine: Engine, name: string, pattern: RegExp): Promise<void> {
  const limit = performance.now() + START_LIMIT_MS;
  for (;;) {
    const output = await engine.command('logs', name);
    if (pattern.test(output)) return;
    if (performance.now() > limit) throw new Error(`container ${name} did not say ${pattern}: ${output.slice(-300)}`);
    await sleep(POLL_MS);
  }
}

/** Waits until the engine says this about a container (`{{.State.Status}}` and the like). */
export async function inState(engine: Engine, name: string, template: string, pattern: RegExp): Promise<void> {
  const limit = performance.now() + START_LIMIT_MS;
  for (;;) {
    const state = await engine.command('inspect', '--format', template, name);
    if (pattern.test(state)) return;
    if (performance.now() > limit) throw new Error(`container ${name} is ${state.trim()}, not ${pattern}`);
    await sleep(POLL_MS);
  }
}

/** What goes before a command line so that it runs inside a container, with the lab's marks. */
export function inside(engine: Engine, name: string): readonly string[] {
  const marks = ['MCPREACH_LAB_CASE', 'MCPREACH_LAB_DOCTOR', 'HOME'].flatMap((variable) => ['-e', variable]);
  return engine.words('exec', ...marks, name);
}

/** The address of a container in its (only) network. */
export async function addressOf(engine: Engine, name: string): Promise<string> {
  const said = await engine.command('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}', name);
  return said.trim().split(' ')[0] ?? '';
}

/** The labels that Compose puts on the containers of a project. */
export function composed(project: string, service: string): Options {
  return ['--label', `com.docker.compose.project=${project}`, '--label', `com.docker.compose.service=${service}`];
}
