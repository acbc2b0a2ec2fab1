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
} as const;

/** The versions of Python's `mcp` that behave differently enough to be tested both. */
const PYTHONS = [
  { environment: 'python-1', requirement: 'mcp==1.29.0' },
  { environment: 'python-2', requirement: 'mcp==2.3.0' },
] as const;

/** Fetching may be slow, but a dead mirror must not hold the tests for ever. */
const FETCH_LIMIT_MS = 300_000;

async function preparePackages(say: (line: string) => void): Promise<void> {
  const missing: string[] = Object.entries(PACKAGES)
    .filter(([program]) => findProgram(program) === undefined)
    .map(([, name]) => name);
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

/** What the rig compares the proxy rules with; httpx comes with mcp. */
const BESIDE = ['requests', 'httpx'];

async function preparePython(say: (line: string) => void): Promise<void> {
  for (const { environment, requirement } of PYTHONS) {
    const folder = join(LAB, environment);
    const ready = join(folder, 'ready');
    if (existsSync(ready) && (await readFile(ready, 'utf8')).trim() === [requirement, ...BESIDE].join(' ')) continue;
    say(`making .lab/${environment} with ${requirement}`);
    try {
      await rm(folder, { recursive: true, force: true });
      await mkdir(LAB, { recursive: true });
      await run('python3', ['-m', 'venv', folder], { timeout: FETCH_LIMIT_MS });
      await run(interpreter(environment), ['-m', 'pip', 'install', '--quiet', requirement, ...BESIDE], { timeout: FETCH_LIMIT_MS });
      await writeFile(ready, `${[requirement, ...BESIDE].join(' ')}\n`);
    } catch (error) {
      say(`.lab/${environment} could not be made: ${firstLine(error)}`);
    }
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}

/** Makes the machine ready as far as it can; what stays missing is told by {@link createNeeds} case by case. */
export async function prepare(say: (line: string) => void): Promise<void> {
  await preparePackages(say);
  await preparePython(say);
}
