/** The proxy settings of this system, read with its own tools. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Measured } from '../../model/evidence.ts';
import type { ProxyStore, SystemProxySettings } from '../../model/system-proxy.ts';
import { homeFolder } from '../home.ts';
import { runTool, windowsTool } from '../processes/run-tool.ts';
import { parseGsettings } from './gnome.ts';
import { parseKioslaverc } from './kde.ts';
import { parseScutil } from './macos.ts';
import { noProxy } from './settings.ts';
import { parseInternetSettings } from './windows.ts';

export { readScript } from './script.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** By hand: the command that shows the settings of one store. */
export const SEE_PROXY: Readonly<Record<ProxyStore, string>> = {
  macos: 'scutil --proxy',
  windows: String.raw`reg query "HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings"`,
  gnome: 'gsettings list-recursively org.gnome.system.proxy',
  kde: 'cat ~/.config/kioslaverc',
};

/** The settings that programs on this system follow; on a Linux without a desktop there are none. */
export async function readSystemProxy(signal: AbortSignal): Promise<Measured<SystemProxySettings>> {
  const store = storeOf(process.platform, process.env);
  switch (store) {
    case null:
      return { kind: 'measured', value: noProxy('gnome') };
    case 'macos':
      return ask(store, '/usr/sbin/scutil', ['--proxy'], parseScutil, signal);
    case 'windows': {
      const key = String.raw`HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings`;
      return ask(store, windowsTool('reg.exe'), ['query', key], parseInternetSettings, signal);
    }
    case 'gnome':
      return ask(store, 'gsettings', ['list-recursively', 'org.gnome.system.proxy'], parseGsettings, signal);
    case 'kde': {
      const folder = process.env['XDG_CONFIG_HOME'] || join(homeFolder(process.env), '.config');
      const text = await readFile(join(folder, 'kioslaverc'), 'utf8').catch(() => '');
      return { kind: 'measured', value: parseKioslaverc(text) };
    }
  }
}

/** Whose settings Chromium follows (base/nix/xdg_util): those of the desktop that is running, and on a Linux without one nobody's. */
export function storeOf(platform: NodeJS.Platform, environment: Environment): ProxyStore | null {
  if (platform === 'darwin') return 'macos';
  if (platform === 'win32') return 'windows';
  const desktop = `${environment['XDG_CURRENT_DESKTOP'] ?? ''}:${environment['DESKTOP_SESSION'] ?? ''}`.toLowerCase();
  if (/\bkde\b|plasma/.test(desktop)) return 'kde';
  return /gnome|unity|cinnamon|deepin|pantheon|ukui|xfce|ubuntu/.test(desktop) ? 'gnome' : null;
}

async function ask(
  store: ProxyStore,
  file: string,
  args: readonly string[],
  parse: (text: string) => SystemProxySettings,
  signal: AbortSignal,
): Promise<Measured<SystemProxySettings>> {
  const result = await runTool(file, args, signal);
  if (result.kind === 'failed') return { kind: 'not-measured', why: `${result.why}; by hand: ${SEE_PROXY[store]}` };
  // Without the schema gsettings says so and ends with 1: then no program follows these settings either.
  return { kind: 'measured', value: result.code === 0 ? parse(result.stdout.toString()) : noProxy(store) };
}
