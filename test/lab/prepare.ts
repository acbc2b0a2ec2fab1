/** Fetches what the lab needs and the machine lacks: Debian packages as root, and two Python environments of its own. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './needs.ts';
import { interpreter, LAB } from './places.ts';

const run = promisify(execFile);

/** Debian package for each program the lab drives. */
const PACKAGES = {
  ip: 'iproute2',
  nginx: 'nginx-light',
  squid: 'squid',
  dnsmasq: 'dnsmasq',
  'redis-server': 'redis-server',
  sshd: 'openssh-server',
  ps: 'procps',
  curl: 'curl',
  nft: 'nftables',
  ufw: 'ufw',
  firewalld: 'firewalld',
  'dbus-daemon': 'dbus-daemon',
  'wireguard-go': 'wireguard-go',
  wg: 'wireguard-tools',
  bwrap: 'bubblewrap',
  dockerd: 'docker.io',
  podman: 'podman',
  conmon: 'conmon',
  runc: 'runc',
  iptables: 'iptables',
  setpriv: 'util-linux',
  gsettings: 'libglib2.0-bin',
  mitmdump: 'mitmproxy',
} as const;

/** What is on no PATH: how Podman joins containers and lets them find each other by name, and which settings GNOME has. */
const HELPERS = {
  '/usr/lib/podman/netavark': 'netavark',
  '/usr/lib/podman/aardvark-dns': 'aardvark-dns',
  '/usr/share/glib-2.0/schemas/org.gnome.system.proxy.gschema.xml': 'gsettings-desktop-schemas',
} as const;

/** What the rig compares the proxy rules with; httpx comes with mcp. */
const BESIDE = ['requests', 'httpx'];

/** The versions of Python's `mcp` that behave differently enough to be tested both; servers of the reference collection beside the first. */
const PYTHONS = [
  {
    environment: 'python-1',
    requirements: ['mcp==1.29.0', ...BESIDE, 'mcp-server-time==2026.10.10', 'mcp-server-fetch==2026.10.10', 'uv==0.13.8'],
  },
  { environment: 'python-2', requirements: ['mcp==2.3.0', ...BESIDE] },
] as const;

/** Real servers from npm that are no dependency of ours. */
const NPM_PACKAGES = ['@modelcontextprotocol/server-filesystem@2026.8.31'];

/** Fetching may be slow, but a dead mirror must not hold the tests for ever. */
const FETCH_LIMIT_MS = 300_000;

async function preparePackages(say: (line: string) => void): Promise<void> {
  const missing: string[] = Object.entries(PACKAGES)
    .filter(([program]) => findProgram(program) === undefined)
    .map(([, name]) => name);
  missing.push(...Object.entries(HELPERS).flatMap(([file, name]) => (existsSync(file) ? [] : [name])));
  if (!(await hasVenv())) missing.push('python3-venv');
  if (missing.length === 0) return;
  const isDebian = existsSync('/etc/debian_version') && findProgram('apt-get') !== undefined;
  if (!isDebian || process.getuid?.() !== 0) {
    say(`not installed here: ${missing.join(', ')} (fetched by itself only as root on Debian)`);
    return;
  }
  say(`installing ${missing.join(', ')}`);
  // A policy of 101 keeps apt from starting the packages' services, which would hold ports the lab has no use for.
  const policy = '/usr/sbin/policy-rc.d';
  const ownPolicy = !existsSync(policy);
  if (ownPolicy) await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const options = { timeout: FETCH_LIMIT_MS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  try {
    await run('apt-get', ['update', '-q'], options);
    await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...missing], options);
  } catch (error) {
    say(`apt-get failed: ${firstLine(error)}`);
  } finally {
    if (ownPolicy) await rm(policy, { force: true });
  }
}

async function hasVenv(): Promise<boolean> {
  return run('python3', ['-c', 'import venv, ensurepip']).then(
    () => true,
    () => false,
  );
}

async function preparePython(say: (line: string) => void): Promise<void> {
  for (const { environment, requirements } of PYTHONS) {
    const folder = join(LAB, environment);
    const ready = join(folder, 'ready');
    if (await isReady(ready, requirements)) continue;
    say(`making .lab/${environment} with ${requirements.join(', ')}`);
    try {
      await rm(folder, { recursive: true, force: true });
      await mkdir(LAB, { recursive: true });
      await run('python3', ['-m', 'venv', folder], { timeout: FETCH_LIMIT_MS });
      await run(interpreter(environment), ['-m', 'pip', 'install', '--quiet', ...requirements], { timeout: FETCH_LIMIT_MS });
      await writeFile(ready, `${requirements.join(' ')}\n`);
    } catch (error) {
      say(`.lab/${environment} could not be made: ${firstLine(error)}`);
    }
  }
}

async function prepareNpm(say: (line: string) => void): Promise<void> {
  const folder = join(LAB, 'npm');
  const ready = join(folder, 'ready');
  if (await isReady(ready, NPM_PACKAGES)) return;
  say(`fetching ${NPM_PACKAGES.join(', ')}`);
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const options = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts', '--prefix', folder];
    await run('npm', ['install', ...options, ...NPM_PACKAGES], { timeout: FETCH_LIMIT_MS });
    await writeFile(ready, `${NPM_PACKAGES.join(' ')}\n`);
  } catch (error) {
    say(`.lab/npm could not be filled: ${firstLine(error)}`);
  }
}

async function isReady(file: string, requirements: readonly string[]): Promise<boolean> {
  return existsSync(file) && (await readFile(file, 'utf8')).trim() === requirements.join(' ');
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}

/** Makes the machine ready as far as it can; what stays missing is told by {@link createNeeds} case by case. */
export async function prepare(say: (line: string) => void): Promise<void> {
  await preparePackages(say);
  await preparePython(say);
  await prepareNpm(say);
}
