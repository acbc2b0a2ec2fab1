/** Packet filters of a case's own network namespace: nftables by file, ufw and firewalld with a configuration of their own. */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import type { Arranged } from './fault.ts';

const STATE_LIMIT_MS = 15_000;
const POLL_MS = 100;

/** Loads a ruleset; each argument is a line. */
export async function nft(bench: Bench, ...lines: readonly string[]): Promise<void> {
  await bench.run('nft', '-f', await bench.file('rules.nft', `${lines.join('\n')}\n`));
}

/** One table with one base chain, or several lines before it. */
export async function nftChain(
  bench: Bench,
  family: string,
  hook: string,
  rules: readonly string[],
  before: readonly string[] = [],
): Promise<void> {
  await nft(bench, `table ${family} lab {`, ...before, 'chain base {', hook, ...rules, '}', '}');
}

/** An `iptables` of either flavour; words separated by blanks. */
export async function iptables(bench: Bench, command: string, ...rules: readonly string[]): Promise<void> {
  for (const rule of rules) await bench.run(command, '-w', '10', ...rule.split(' '));
}

/** ufw, switched on in this namespace, with its files laid over those of the machine for this case alone. */
export async function ufw(bench: Bench, ...rules: readonly string[]): Promise<void> {
  const folder = join(await bench.folder(), 'ufw');
  await cp('/etc/ufw', folder, { recursive: true });
  // `ip netns exec` has given the case mounts of its own.
  await bench.run('mount', '--bind', folder, '/etc/ufw');
  await bench.run('ufw', '--force', 'enable');
  for (const rule of rules) await bench.run('ufw', ...rule.split(' '));
}

const BUS = (socket: string) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=${socket}</listen><auth>EXTERNAL</auth><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/><allow send_type="method_call"/>
</policy></busconfig>`;

/** firewalld on a message bus of its own, with one policy for what leaves this machine; each rule is a rich rule of it. Gives what its client needs. */
export async function firewalld(bench: Bench, ...rules: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const folder = await bench.folder();
  const config = join(folder, 'firewalld');
  await cp('/etc/firewalld', config, { recursive: true });
  await mkdir(join(config, 'policies'), { recursive: true });
  const offline = (...words: string[]) => bench.run('firewall-offline-cmd', `--system-config=${config}`, ...words);
  await offline('--new-policy=lab-out');
  await offline('--policy=lab-out', '--add-ingress-zone=HOST');
  await offline('--policy=lab-out', '--add-egress-zone=ANY');
  for (const rule of rules) await offline('--policy=lab-out', `--add-rich-rule=${rule}`);
  const socket = join(folder, 'bus');
  await writeFile(join(folder, 'bus.conf'), BUS(socket));
  await bench.program('dbus-daemon', [`--config-file=${join(folder, 'bus.conf')}`, '--nofork', '--print-address=1'], { until: /unix:/ });
  const env = { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${socket}` };
  const words = ['--nofork', '--nopid', `--system-config=${config}`, `--log-file=${join(folder, 'log')}`];
  await bench.program('firewalld', words, { env });
  const limit = performance.now() + STATE_LIMIT_MS;
  const isUp = () =>
    bench.run('env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), 'firewall-cmd', '--state').then(
      () => true,
      () => false,
    );
  while (!(await isUp())) {
    if (performance.now() > limit) throw new Error('firewalld did not come up');
    await sleep(POLL_MS);
  }
  return env;
}

/** How long the server may take to answer once the rule is out of the way. */
const MENDED_LIMIT_MS = 3000;

/** A claim for {@link Arranged.check}: the verdict's own commands, run as they stand, let the server answer. */
export function mends(bench: Bench, url: string, env: Readonly<Record<string, string>> = {}): NonNullable<Arranged['check']> {
  return async ({ document }) => {
    const target = document?.schema === 'mcpreach.report/1' ? document.targets[0] : undefined;
    const remedies = target?.findings[0]?.remedies ?? [];
    const commands = remedies.flatMap(({ title, command }) => (title.startsWith('Let ') && command !== null ? [command] : []));
    if (target?.status !== 'failed') return [];
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    for (const command of commands) await bench.run('env', ...variables, 'sh', '-c', command.replace('sudo ', ''));
    return fetch(url, { signal: AbortSignal.timeout(MENDED_LIMIT_MS) }).then(
      () => [],
      (error: unknown) => [`still no answer after ${commands.join('; ')}: ${String(error)}`],
    );
  };
}
