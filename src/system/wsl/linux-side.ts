import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { win32 } from 'node:path';
import type { Address, Measured } from '../../model/evidence.ts';
import type { WslSettings } from '../../model/wsl.ts';
import { consoleText } from '../console-text.ts';
import { runTool, type ToolResult, windowsTool } from '../processes/run-tool.ts';
import { canonicalAddress } from '../sockets/canonical.ts';
import { measured, notMeasured } from '../sockets/reader.ts';
import { LINUX_QUESTION, type LinuxSide, parseLinuxSide } from './linux-parse.ts';
import { isOnAny, isOnLoopback, type OtherSide } from './side.ts';
import { parseDistributions, parsePortProxies, parseSettings } from './windows-parse.ts';

/** How Windows' programs are run; another way in tests. */
export interface WindowsPlaces {
  readonly home: string;
  readonly run: (name: string, args: readonly string[], signal: AbortSignal) => Promise<ToolResult>;
}

/** The Windows we run in. */
export function ownWindows(): WindowsPlaces {
  return { home: process.env['USERPROFILE'] ?? homedir(), run: (name, args, signal) => runTool(windowsTool(name), args, signal) };
}

/** Asked from Windows: who listens on the port in Linux. Only a distribution that already runs is asked; none is started for it. */
export async function askLinux(port: number, { home, run }: WindowsPlaces, signal: AbortSignal): Promise<OtherSide> {
  const [table, running, proxies] = await Promise.all([
    run('wsl.exe', ['--list', '--verbose'], signal),
    run('wsl.exe', ['--list', '--running', '--quiet'], signal),
    run('netsh.exe', ['interface', 'portproxy', 'show', 'all'], signal),
  ]);
  const settings = readSettings(home);
  const portProxies = proxies.kind === 'done' ? measured(parsePortProxies(consoleText(proxies.stdout))) : notMeasured(proxies.why);
  const fixed = { side: 'windows', settings, portProxies, adapter: null } as const;
  if (table.kind === 'failed' || running.kind === 'failed') {
    const why = notMeasured([table, running].flatMap((one) => (one.kind === 'failed' ? [one.why] : []))[0] ?? '');
    return { ...fixed, distribution: null, networking: why, listeners: why, doors: [] };
  }
  // With --quiet nothing but names is printed; a message that there are none matches no name.
  const names = consoleText(running.stdout)
    .split(/\r?\n/)
    .map((line) => line.trim());
  const candidates = parseDistributions(consoleText(table.stdout)).filter(({ name, version }) => version === 2 && names.includes(name));
  // All distributions of WSL 2 share one network, so one of them can speak for all; Docker's own has no shell worth the name.
  const asked = candidates.find(({ isDefault }) => isDefault) ?? candidates.find(({ name }) => !name.startsWith('docker-desktop'));
  if (asked === undefined)
    return { ...fixed, distribution: null, networking: notMeasured('no distribution runs'), listeners: measured([]), doors: [] };
  const said = await run('wsl.exe', ['--distribution', asked.name, '--exec', 'sh', '-c', LINUX_QUESTION], signal);
  const answer = said.kind === 'done' ? parseLinuxSide(consoleText(said.stdout)) : null;
  if (answer === null) {
    const why = notMeasured(said.kind === 'failed' ? said.why : 'the distribution did not answer');
    return { ...fixed, distribution: asked.name, networking: why, listeners: why, doors: [] };
  }
  const listeners = answer.listeners.filter((one) => one.port === port);
  const networking = answer.networking === null ? notMeasured(`wslinfo is not there in ${asked.name}`) : measured(answer.networking);
  return { ...fixed, distribution: asked.name, networking, listeners: measured(listeners), doors: doorsOf(answer, port) };
}

/** The addresses of Linux at which the port is open to others; with mirrored networking these are Windows' own, and localhost is meant. */
function doorsOf({ listeners, networking, addresses }: LinuxSide, port: number): readonly Address[] {
  if (networking === 'mirrored') return [];
  const here = listeners.filter((one) => one.port === port);
  const named = here.filter((one) => !isOnAny(one) && !isOnLoopback(one));
  const any = here.some(isOnAny) ? addresses.flatMap((address) => canonicalAddress(address) ?? []) : [];
  const all = [...any, ...named].map(({ address, family }) => ({ address, family }));
  return all.filter((one, index) => all.findIndex(({ address }) => address === one.address) === index);
}

function readSettings(home: string): Measured<WslSettings> {
  const file = win32.join(home, '.wslconfig');
  if (!existsSync(file)) return measured(parseSettings(file, null));
  try {
    return measured(parseSettings(file, consoleText(readFileSync(file))));
  } catch (error) {
    return notMeasured(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}
