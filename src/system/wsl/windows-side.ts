import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import type { Address, Measured } from '../../model/evidence.ts';
import type { WslListener, WslNetworking, WslSettings } from '../../model/wsl.ts';
import { consoleText } from '../console-text.ts';
import { lookUp } from '../executables.ts';
import { powershellArguments } from '../processes/powershell.ts';
import { runTool, type ToolResult } from '../processes/run-tool.ts';
import { canonicalAddress } from '../sockets/canonical.ts';
import { measured, notMeasured } from '../sockets/reader.ts';
import { parseNetstat } from '../sockets/windows-parse.ts';
import { defaultGateway, kernelVersion, parseNetworking } from './linux-parse.ts';
import { isOnAny, isOnLoopback, type OtherSide, passesOn } from './side.ts';
import { adapterWith, parsePortProxies, parseSettings } from './windows-parse.ts';
import { parseWindowsAnswer, windowsQuestion } from './windows-question.ts';

/** Where a Linux inside WSL finds what it needs; another place in tests. */
export interface WslPlaces {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly proc: string;
  readonly release: string;
}

/** The Linux we run in. */
export function ownPlaces(): WslPlaces {
  return { environment: process.env, proc: '/proc', release: release() };
}

/** Folders of Windows' programs where the PATH of Windows is not appended to ours (`appendWindowsPath=false`). */
const WINDOWS_FOLDERS = ['/mnt/c/Windows/System32', '/mnt/c/Windows/System32/WindowsPowerShell/v1.0'];

/** WSL's own range for NAT; a gateway elsewhere may be the router of a bridged network. */
const NAT_RANGE = /^172\.(?:1[6-9]|2\d|3[01])\./;

/** Asked from inside Linux: who listens on the port in Windows, and how Windows is reached from here. */
export async function askWindows(port: number, places: WslPlaces, signal: AbortSignal): Promise<OtherSide> {
  const run = (name: string, args: readonly string[]) => runWindowsProgram(name, args, places, signal);
  const distribution = places.environment['WSL_DISTRO_NAME'] ?? null;
  if (kernelVersion(places.release) === 1) return { ...NOTHING, distribution, networking: measured('shared'), listeners: measured([]) };
  const [mode, proxies, shell] = await Promise.all([
    run('wslinfo', ['--networking-mode']),
    run('netsh.exe', ['interface', 'portproxy', 'show', 'all']),
    run('powershell.exe', powershellArguments(windowsQuestion(port))),
  ]);
  const answer = shell.kind === 'done' ? parseWindowsAnswer(shell.stdout.toString()) : null;
  const settings: Measured<WslSettings> =
    answer === null ? notMeasured(whyNot(shell)) : measured(parseSettings(answer.settingsFile, answer.settings));
  const networking = networkingOf(mode, settings);
  const portProxies = proxies.kind === 'done' ? measured(parsePortProxies(consoleText(proxies.stdout))) : notMeasured(proxies.why);
  const all = answer === null || answer.total === 0 ? await netstatListeners(run, whyNot(shell)) : measured(answer.listeners);
  const listeners = all.kind === 'measured' ? measured(all.value.filter((one) => one.port === port && !passesOn(one, portProxies))) : all;
  const doors = doorsOf(networking, listeners, places);
  const gateway = doors[0]?.address;
  const adapter = gateway === undefined ? null : (answer?.adapters.get(gateway) ?? (await adapterFromIpconfig(run, gateway)));
  return { side: 'linux', distribution, networking, listeners, settings, portProxies, doors, adapter };
}

const NOTHING: OtherSide = {
  side: 'linux',
  distribution: null,
  networking: notMeasured('not asked'),
  listeners: notMeasured('not asked'),
  settings: notMeasured('not asked: WSL 1 has no network of its own'),
  portProxies: notMeasured('not asked: WSL 1 has no network of its own'),
  doors: [],
  adapter: null,
};

type Run = (name: string, args: readonly string[]) => Promise<ToolResult>;

/** Runs a program of Windows, or one of WSL's own, from inside Linux. */
export async function runWindowsProgram(
  name: string,
  args: readonly string[],
  places: WslPlaces,
  signal: AbortSignal,
): Promise<ToolResult> {
  const path = [places.environment['PATH'] ?? '', ...WINDOWS_FOLDERS].join(':');
  const found = lookUp(name, { path, cwd: '/', platform: 'linux' });
  if (found.kind !== 'found') return { kind: 'failed', why: `${name} is not found from here` };
  if (name.endsWith('.exe') && !mayStartWindowsPrograms(places))
    return { kind: 'failed', why: `Windows programs cannot be started from this distribution (interop is off)` };
  return runTool(found.path, args, signal);
}

function mayStartWindowsPrograms({ proc }: WslPlaces): boolean {
  return ['WSLInterop', 'WSLInterop-late'].some((name) => existsSync(join(proc, 'sys/fs/binfmt_misc', name)));
}

/** What WSL itself says; versions before 2.0 do not say, and know nothing but NAT unless the settings name another mode. */
function networkingOf(mode: ToolResult, settings: Measured<WslSettings>): Measured<WslNetworking> {
  const told = mode.kind === 'done' && mode.code === 0 ? parseNetworking(consoleText(mode.stdout)) : null;
  if (told !== null) return measured(told);
  if (settings.kind === 'not-measured') return notMeasured(whyNot(mode));
  const wanted = settings.value.networkingMode === null ? 'nat' : parseNetworking(settings.value.networkingMode);
  return wanted === null ? notMeasured(`.wslconfig names the networking mode ${settings.value.networkingMode}`) : measured(wanted);
}

async function netstatListeners(run: Run, why: string): Promise<Measured<readonly WslListener[]>> {
  const tables = await Promise.all(['TCP', 'TCPv6'].map((protocol) => run('netstat.exe', ['-ano', '-p', protocol])));
  if (tables[0]?.kind !== 'done') return notMeasured(why);
  return measured(
    tables
      .flatMap((table) => (table.kind === 'done' ? parseNetstat(consoleText(table.stdout)) : []))
      .map(({ address, family, port }) => ({ address, family, port, program: null, file: null })),
  );
}

async function adapterFromIpconfig(run: Run, gateway: string): Promise<string | null> {
  const shown = await run('ipconfig.exe', []);
  return shown.kind === 'done' ? adapterWith(gateway, consoleText(shown.stdout)) : null;
}

/** With NAT Windows is our gateway. Mirrored networking has localhost for it. Windows' own addresses serve for what listens only there. */
function doorsOf(networking: Measured<WslNetworking>, listeners: Measured<readonly WslListener[]>, places: WslPlaces): readonly Address[] {
  const mode = networking.kind === 'measured' ? networking.value : null;
  const gateway = canonicalAddress(defaultGateway(readText(join(places.proc, 'net/route'))) ?? '');
  const isWindows = gateway !== null && (mode === 'nat' || (mode === null && NAT_RANGE.test(gateway.address)));
  const named = listeners.kind === 'measured' ? listeners.value.filter((one) => !isOnAny(one) && !isOnLoopback(one)) : [];
  const doors = [...(isWindows ? [gateway] : []), ...named.map(({ address, family }) => ({ address, family }))];
  return doors.filter((one, index) => doors.findIndex(({ address }) => address === one.address) === index);
}

function whyNot(result: ToolResult): string {
  return result.kind === 'failed' ? result.why : `it ended with code ${result.code} and said nothing that can be read`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
