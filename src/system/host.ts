import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import type { HostEvidence } from '../model/evidence.ts';
import { localAddresses } from './sockets/index.ts';

/** What is known about this machine without asking anybody. */
export function readHost(): HostEvidence {
  return {
    platform: process.platform,
    node: process.versions.node,
    container: containerKind(),
    wsl: process.platform === 'linux' && /microsoft/i.test(release()),
    addresses: localAddresses(),
    userId: process.getuid?.() ?? null,
  };
}

/** Docker and Podman leave a marker file; other runtimes name themselves in the environment of the first process's group. */
function containerKind(): string | null {
  if (process.platform !== 'linux') return null;
  if (existsSync('/.dockerenv')) return 'docker';
  if (existsSync('/run/.containerenv')) return 'podman';
  if (process.env['KUBERNETES_SERVICE_HOST'] !== undefined) return 'kubernetes';
  try {
    const groups = readFileSync('/proc/1/cgroup', 'utf8');
    return /docker|containerd|kubepods|libpod|lxc/.exec(groups)?.[0] ?? null;
  } catch {
    return null;
  }
}
