/** Docker Engine, started for one case: its own socket, folders, control group and network namespace. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, Program } from '../bench.ts';
import { controlGroupOf } from './control-groups.ts';
import { type Engine, importImage } from './engine.ts';
import { makePrivateMounts } from './private-mounts.ts';

/** dockerd ends its shims and its containerd by itself when it is given the time. */
const END_LIMIT_MS = 8000;

/** Starts dockerd; `flags` are added to its command line. `defaultSocket` puts its socket where every program looks for it. */
export async function startDocker(
  bench: Bench,
  { flags = [], defaultSocket = false }: { flags?: readonly string[]; defaultSocket?: boolean } = {},
): Promise<Engine> {
  await makePrivateMounts(bench);
  const folder = await bench.folder();
  const socket = defaultSocket ? '/run/docker.sock' : join(folder, 'docker.sock');
  const address = `unix://${socket}`;
  const configFile = join(folder, 'daemon.json');
  // Otherwise that of the machine would count.
  await writeFile(configFile, '{}');
  const group = controlGroupOf(process.env['MCPREACH_LAB_CASE'] ?? 'none');
  const options = [
    `-H ${address} --data-root ${folder}/data --exec-root ${folder}/exec --pidfile ${folder}/pid --config-file ${configFile}`,
    `--storage-driver vfs --cgroup-parent ${group} --default-ulimit nofile=1024:1024 --shutdown-timeout 1`,
  ];
  const daemon = await bench.program('dockerd', [...options.join(' ').split(' '), ...flags], {
    env: { HOME: folder },
    until: /API listen on/,
  });
  const words = (...args: readonly string[]) => ['docker', '--config', folder, '-H', address, ...args];
  const engine: Engine = {
    env: defaultSocket ? {} : { DOCKER_HOST: address },
    socket,
    words,
    command(...args) {
      const [command = '', ...rest] = words(...args);
      return bench.run(command, ...rest);
    },
  };
  bench.later(async () => {
    const all = (await engine.command('ps', '-aq')).split('\n').filter((id) => id !== '');
    if (all.length > 0) await engine.command('rm', '-f', ...all);
    await endGently(daemon);
  });
  await importImage(engine, bench);
  return engine;
}

/** Ends a daemon that has to put things in order first. */
export async function endGently({ child }: Program): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
  await gone;
  clearTimeout(limit);
}
