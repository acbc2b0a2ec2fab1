/** What a case needs of the machine, and whether this machine has it. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { BIN, CONFINE, interpreter, LAB } from './places.ts';

export type Need =
  | 'netns'
  | 'veth'
  | 'tun'
  | 'ipv6'
  | 'gai.conf'
  | 'nginx'
  | 'squid'
  | 'dnsmasq'
  | 'redis'
  | 'sshd'
  | 'curl'
  | 'nft'
  | 'wireguard'
  | 'bubblewrap'
  | 'seccomp'
  | 'landlock'
  | 'gsettings'
  | 'mitmproxy'
  | 'python-1'
  | 'python-2'
  | 'npm'
  | 'iptables'
  | 'iptables-legacy'
  | 'ufw'
  | 'firewalld'
  | 'docker'
  | 'podman'
  | 'ordinary-user';

const PROGRAMS: Partial<Record<Need, string>> = {
  nginx: 'nginx',
  squid: 'squid',
  dnsmasq: 'dnsmasq',
  redis: 'redis-server',
  sshd: 'sshd',
  curl: 'curl',
  bubblewrap: 'bwrap',
  docker: 'dockerd',
  podman: 'podman',
  mitmproxy: 'mitmdump',
};

/** Programs that each packet filter's cases call. */
const FILTERS: Partial<Record<Need, readonly string[]>> = {
  nft: ['nft'],
  iptables: ['iptables-nft', 'ip6tables-nft'],
  'iptables-legacy': ['iptables-legacy'],
  ufw: ['ufw', 'iptables'],
  firewalld: ['firewalld', 'firewall-cmd', 'firewall-offline-cmd', 'dbus-daemon'],
};

/** What they need of the kernel. */
const TRIALS: Partial<Record<Need, readonly (readonly string[])[]>> = {
  nft: [['nft', 'table inet try { chain base { type filter hook output priority 0; }; }']],
  iptables: [['iptables-nft', '-A', 'OUTPUT', '-p', 'tcp', '-j', 'REJECT']],
  'iptables-legacy': [['iptables-legacy', '-w', '10', '-A', 'OUTPUT', '-p', 'tcp', '-j', 'REJECT']],
};
/** The user called nobody: without rights, and without a process of its own. */
export const ORDINARY_USER = 65_534;

/** What engines join and forward their containers with. */
const BRIDGED = [
  ['ip', 'link', 'add', 'bridge', 'type', 'bridge'],
  [
    'iptables',
    '-t',
    'nat',
    '-A',
    'OUTPUT',
    '-p',
    'tcp',
    '-m',
    'addrtype',
    '--dst-type',
    'LOCAL',
    '-j',
    'DNAT',
    '--to-destination',
    '10.0.0.1',
  ],
];

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

/** Whether the program under test can be run by a user without rights. */
function canBeOrdinary(): string | null {
  const id = String(ORDINARY_USER);
  try {
    execFileSync('setpriv', ['--reuid', id, '--regid', id, '--clear-groups', process.execPath, BIN, '--version'], {
      stdio: 'pipe',
      cwd: '/',
    });
    return null;
  } catch {
    return 'the program under test cannot be run by another user here';
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

/** Whether a program can be confined in this way here; found out by doing it. */
function canConfine(how: string, why: string): string | null {
  try {
    execFileSync('python3', [CONFINE, how, 'EPERM', 'true'], { stdio: 'pipe' });
    return null;
  } catch {
    return why;
  }
}

/** Why a need is not met; null when it is. Asked once per need and run. */
export function createNeeds(): (need: Need) => string | null {
  const known = new Map<Need, string | null>();

  function look(need: Need): string | null {
    if (need === 'netns') return canMakeNamespaces();
    if (need === 'veth') return tried('the kernel has no veth pairs', ['ip', 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far']);
    if (need === 'tun') {
      return findProgram('python3') === undefined
        ? 'python3 is not installed'
        : tried('the kernel has no tun devices', ['ip', 'tuntap', 'add', 'dev', 'tun0', 'mode', 'tun']);
    }
    if (need === 'wireguard')
      return ['wireguard-go', 'wg'].every((name) => findProgram(name) !== undefined) ? null : 'wireguard-go and wg are not installed';
    if (need === 'ipv6') return tried('IPv6 is switched off', ['ip', 'link', 'set', 'lo', 'up'], ['ip', '-6', 'route', 'get', '::1']);
    if (need === 'gai.conf') return existsSync('/etc/gai.conf') ? null : 'this system has no /etc/gai.conf';
    if (need === 'ordinary-user') return canBeOrdinary();
    if (need === 'python-1' || need === 'python-2') {
      return existsSync(join(LAB, need, 'ready')) && existsSync(interpreter(need))
        ? null
        : `the Python environment .lab/${need} could not be made`;
    }
    const filter = FILTERS[need];
    if (filter !== undefined) {
      const program = filter.find((name) => findProgram(name) === undefined);
      return program === undefined
        ? tried(
            `${need} does not work in a namespace here`,
            ...(TRIALS[need === 'firewalld' ? 'nft' : need === 'ufw' ? 'iptables' : need] ?? []),
          )
        : `${program} is not installed`;
    }
    if (need === 'seccomp') return canConfine('ptrace', 'seccomp filters cannot be set here');
    if (need === 'landlock') return canConfine('landlock', 'the kernel has no Landlock with rules for networks');
    if (need === 'gsettings') return hasProxySettings();
    if (need === 'npm') return existsSync(join(LAB, 'npm', 'ready')) ? null : 'the packages of .lab/npm could not be fetched';
    const program = PROGRAMS[need];
    if ((need === 'docker' || need === 'podman') && program !== undefined && findProgram(program) !== undefined)
      return tried('the kernel cannot bridge and forward for containers', ...BRIDGED);
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
