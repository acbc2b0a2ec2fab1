/** What a case needs of the machine, and whether this machine has it. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { CONFINE, interpreter, LAB } from './places.ts';

export type Need =
  | 'netns'
  | 'veth'
  | 'ipv6'
  | 'gai.conf'
  | 'nginx'
  | 'squid'
  | 'dnsmasq'
  | 'redis'
  | 'sshd'
  | 'bubblewrap'
  | 'seccomp'
  | 'gsettings'
  | 'mitmproxy'
  | 'python-1'
  | 'python-2'
  | 'npm';

const PROGRAMS: Partial<Record<Need, string>> = {
  nginx: 'nginx',
  squid: 'squid',
  dnsmasq: 'dnsmasq',
  redis: 'redis-server',
  sshd: 'sshd',
  bubblewrap: 'bwrap',
  mitmproxy: 'mitmdump',
};

/** Daemons live in sbin, which an ordinary user's PATH leaves out. */
const FOLDERS = [...(process.env['PATH'] ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The absolute path of a program, or undefined when it is not installed. */
export function findProgram(name: string): string | undefined {
  return FOLDERS.filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Runs commands in a namespace made for the purpose; throws when one fails. */
function inNamespace(...commands: readonly (readonly string[])[]): void {
  const name = `mcplab-${process.pid}-try`;
  try {
    execFileSync('ip', ['netns', 'add', name], { stdio: 'pipe' });
    for (const command of commands) execFileSync('ip', ['netns', 'exec', name, ...command], { stdio: 'pipe' });
  } finally {
    if (existsSync(`/run/netns/${name}`)) execFileSync('ip', ['netns', 'delete', name], { stdio: 'pipe' });
  }
}

/** Why commands like these do not work in a namespace here; null when they do. */
function tried(why: string, ...commands: readonly (readonly string[])[]): string | null {
  const impossible = canMakeNamespaces();
  if (impossible !== null) return impossible;
  try {
    inNamespace(...commands);
    return null;
  } catch {
    return why;
  }
}

/** Whether this process may make network namespaces; found out by making one. */
function canMakeNamespaces(): string | null {
  if (process.platform !== 'linux') return 'network namespaces exist on Linux only';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  if (findProgram('ip') === undefined) return 'the program ip (iproute2) is not installed';
  try {
    inNamespace(['true']);
    return null;
  } catch {
    return 'the kernel refuses network namespaces here';
  }
}

/** Whether gsettings is there, and with it the description of GNOME's proxy settings. */
function hasProxySettings(): string | null {
  try {
    execFileSync('gsettings', ['list-keys', 'org.gnome.system.proxy'], { stdio: 'pipe' });
    return null;
  } catch {
    return 'gsettings, or the schema of its proxy settings, is not installed';
  }
}

/** Whether a program can be run under a filter of system calls here; found out by doing it. */
function canFilter(): string | null {
  try {
    execFileSync('python3', [CONFINE, 'ptrace', 'EPERM', 'true'], { stdio: 'pipe' });
    return null;
  } catch {
    return 'seccomp filters cannot be set here';
  }
}

/** Why a need is not met; null when it is. Asked once per need and run. */
export function createNeeds(): (need: Need) => string | null {
  const known = new Map<Need, string | null>();

  function look(need: Need): string | null {
    if (need === 'netns') return canMakeNamespaces();
    if (need === 'veth') return tried('the kernel has no veth pairs', ['ip', 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far']);
    if (need === 'ipv6') return tried('IPv6 is switched off', ['ip', 'link', 'set', 'lo', 'up'], ['ip', '-6', 'route', 'get', '::1']);
    if (need === 'gai.conf') return existsSync('/etc/gai.conf') ? null : 'this system has no /etc/gai.conf';
    if (need === 'python-1' || need === 'python-2') {
      return existsSync(join(LAB, need, 'ready')) && existsSync(interpreter(need))
        ? null
        : `the Python environment .lab/${need} could not be made`;
    }
    if (need === 'seccomp') return canFilter();
    if (need === 'gsettings') return hasProxySettings();
    if (need === 'npm') return existsSync(join(LAB, 'npm', 'ready')) ? null : 'the packages of .lab/npm could not be fetched';
    const program = PROGRAMS[need];
    return program !== undefined && findProgram(program) !== undefined ? null : `${program} is not installed`;
  }

  return (need) => {
    const seen = known.get(need);
    if (seen !== undefined) return seen;
    const answer = look(need);
    known.set(need, answer);
    return answer;
  };
}
