/** Podman with runc, as a service for one case: its own socket, folders, control group and network namespace. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { controlGroupOf } from './control-groups.ts';
import { endGently } from './docker.ts';
import { type Engine, importImage } from './engine.ts';
import { makePrivateMounts } from './private-mounts.ts';

/** Podman's configuration for a folder; every lock, socket and database in it, since several run side by side. */
function configuration(folder: string): string {
  return `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
pids_limit = 0
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
runtime = "runc"
static_dir = "${folder}/static"
tmp_dir = "${folder}/tmp"
volume_path = "${folder}/volumes"
[network]
network_backend = "netavark"
network_config_dir = "${folder}/networks"
`;
}

/** Starts `podman system service`. `variable` is the one that tells programs of the socket. */
export async function startPodman(
  bench: Bench,
  { variable = 'DOCKER_HOST' }: { variable?: 'DOCKER_HOST' | 'CONTAINER_HOST' } = {},
): Promise<Engine> {
  await makePrivateMounts(bench);
  const folder = await bench.folder();
  const socket = join(folder, 'podman.sock');
  const configFile = join(folder, 'containers.conf');
  await writeFile(configFile, configuration(folder));
  const global = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs'];
  const group = controlGroupOf(process.env['MCPREACH_LAB_CASE'] ?? 'none');
  const words = (...args: readonly string[]) => {
    const [verb = '', ...rest] = args;
    const own = verb === 'run' || verb === 'create' ? ['--cgroup-parent', group] : [];
    return ['env', `CONTAINERS_CONF=${configFile}`, 'podman', ...global, verb, ...own, ...rest];
  };
  const engine: Engine = {
    env: { [variable]: `unix://${socket}` },
    socket,
    words,
    command(...args) {
      const [command = '', ...rest] = words(...args);
      return bench.run(command, ...rest);
    },
  };
  const [command = '', ...rest] = words('--log-level', 'info', 'system', 'service', '--time=0', `unix://${socket}`);
  const service = await bench.program(command, rest, { until: /API service listening on/ });
  bench.later(async () => {
    await engine.command('rm', '-f', '-t', '0', '-a');
    await endGently(service);
  });
  await importImage(engine, bench);
  return engine;
}
