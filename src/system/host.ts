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
    wsl: process.platform === 'linux' && isInsideWsl(release(), INTEROP.some(existsSync)),
    addresses: localAddresses(),
    userId: process.getuid?.() ?? null,
  };
}

/** How WSL lets Linux start programs of Windows; the second name is the one beside systemd. */
const INTEROP = ['/proc/sys/fs/binfmt_misc/WSLInterop', '/proc/sys/fs/binfmt_misc/WSLInterop-late'];

/** WSL's own kernels name Microsoft; one that was built by hand may not, but has what starts programs of Windows. */
export function isInsideWsl(kernel: string, hasInterop: boolean): boolean {
  return hasInterop || /microsoft/i.test(kernel);
}

/** Docker and Podman leave a marker file; other runtimes name themselves in the control groups of the first process. */
function containerKind(): string | null {
  if (process.platform !== 'linux') return null;
  if (process.env['KUBERNETES_SERVICE_HOST'] !== undefined) return 'kubernetes';
  // A virtual machine made from a container image keeps the marker, but has a disk of its own below it.
  if (isWholeDisk(readText('/proc/self/mountinfo'))) return null;
  if (existsSync('/.dockerenv')) return 'docker';
  if (existsSync('/run/.containerenv')) return 'podman';
  return /docker|containerd|kubepods|libpod|lxc/.exec(readText('/proc/1/cgroup'))?.[0] ?? null;
}

/** Whether `/` is the top of a block device (proc(5), mountinfo); a container's is an overlay or a folder of its host's disk. */
export function isWholeDisk(mountinfo: string): boolean {
  return mountinfo.split('\n').some((line) => {
    const [, , , top, place] = line.split(' ');
    const source = line.split(' - ')[1]?.split(' ')[1] ?? '';
    return place === '/' && top === '/' && source.startsWith('/dev/');
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
