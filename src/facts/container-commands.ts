/** Commands by which a user sees, or mends, what a container engine says; the same words for Docker and Podman. */
import { engineHandle, engineProgram } from '../model/container-view.ts';
import type { ContainerFacts } from '../model/containers.ts';
import type { Remedy } from '../model/remedy.ts';
import { quoted } from './commands.ts';

type Container = Pick<ContainerFacts, 'engine' | 'name' | 'compose' | 'id' | 'published'>;
type Platform = NodeJS.Platform;

/** `docker compose -f FILE SUBCOMMAND SERVICE`, for a container that Compose made and whose file it names; null for others. */
export function composeCommand({ engine, compose }: Container, platform: Platform, ...words: readonly string[]): string | null {
  if (compose === null) return null;
  const files = compose.files.flatMap((file) => ['-f', quoted(platform, file)]);
  const project = files.length === 0 ? ['-p', quoted(platform, compose.project)] : files;
  return [engine, 'compose', ...project, ...words, quoted(platform, compose.service)].join(' ');
}

/** The compose file as texts name it. */
export function composeFile({ compose }: Container): string {
  return compose?.files[0] ?? 'the compose file';
}

/** The last lines that a container wrote. */
export function seeLog(container: Container): string {
  return `${engineProgram(container)} logs --tail 50 ${engineHandle(container)}`;
}

/** Every container with its state and ports. */
export function seeContainers(engine: Container['engine']): string {
  return `${engine} ps -a`;
}

/** What to do about an engine whose socket is closed to this user; nothing when there is none. */
export function askClosedEngine(engine: Container['engine'] | null): readonly Remedy[] {
  if (engine === null) return [];
  return [
    {
      kind: 'run',
      title: `This user may not ask ${engine === 'docker' ? 'Docker' : 'Podman'}. See the names, states and ports of all containers with more rights:`,
      command: `sudo ${seeContainers(engine)}`,
    },
  ];
}
