/** Network namespaces: a machine (or two) for one case, with its own loopback, hosts file and name servers. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HERE, HERE6, THERE, THERE6, type Network } from './fault.ts';

const run = promisify(execFile);

/** Names carry the lab's pid, so that labs side by side keep apart and a dead lab's leavings can be told. */
const PREFIX = 'mcplab';
const DEFAULT_HOSTS = '127.0.0.1 localhost\n';

export interface Namespaces {
  readonly here: string;
  readonly there: string | null;
}

async function ip(...args: string[]): Promise<string> {
  const { stdout } = await run('ip', args);
  return stdout;
}

async function addNamespace(name: string, network: Network): Promise<void> {
  const files = join('/etc/netns', name);
  await mkdir(files, { recursive: true });
  await writeFile(join(files, 'hosts'), network.hosts ?? DEFAULT_HOSTS);
  await writeFile(join(files, 'resolv.conf'), network.resolver ?? '');
  // `ip netns exec` can only lay a file over one that exists.
  if (existsSync('/etc/gai.conf')) await writeFile(join(files, 'gai.conf'), network.addressOrder ?? '');
  // Otherwise a resolver daemon of the machine could be asked through its Unix socket.
  if (existsSync('/etc/nsswitch.conf')) await writeFile(join(files, 'nsswitch.conf'), 'hosts: files dns\n');
  await ip('netns', 'add', name);
  await ip('-n', name, 'link', 'set', 'lo', 'up');
}

/** Makes the namespace of case `number`, and the peer's when the case asks for one. */
export async function makeNamespaces(number: number, network: Network): Promise<Namespaces> {
  const here = `${PREFIX}-${process.pid}-${number}`;
  const there = network.peer === true ? `${here}-peer` : null;
  await addNamespace(here, network);
  if (there !== null) {
    await addNamespace(there, {});
    await ip('-n', here, 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far', 'netns', there);
    await ip('-n', here, 'address', 'add', `${HERE}/24`, 'dev', 'near');
    await ip('-n', there, 'address', 'add', `${THERE}/24`, 'dev', 'far');
    await ip('-n', here, 'link', 'set', 'near', 'up');
    await ip('-n', there, 'link', 'set', 'far', 'up');
    if (existsSync('/proc/net/if_inet6')) {
      await ip('-n', here, 'address', 'add', `${HERE6}/64`, 'dev', 'near', 'nodad');
      await ip('-n', there, 'address', 'add', `${THERE6}/64`, 'dev', 'far', 'nodad');
    }
  }
  return { here, there };
}

async function removeNamespace(name: string): Promise<number> {
  const pids = (await ip('netns', 'pids', name).catch(() => '')).split('\n').filter((line) => line !== '');
  for (const pid of pids) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
  await ip('netns', 'delete', name).catch(() => '');
  await rm(join('/etc/netns', name), { recursive: true, force: true });
  return pids.length;
}

/** Takes the namespaces down together with every process that is still in them; says how many that were. */
export async function removeNamespaces(namespaces: Namespaces): Promise<number> {
  const near = await removeNamespace(namespaces.here);
  return near + (namespaces.there === null ? 0 : await removeNamespace(namespaces.there));
}

/** Removes what a lab that was killed left behind. */
export async function removeStaleNamespaces(): Promise<void> {
  const names = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  for (const name of names) {
    const owner = new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) await removeNamespace(name);
  }
}
