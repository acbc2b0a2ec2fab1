/** The proxy on the client's way in the words of findings, and what exempts a target from it. Pure. */
import type { Evidence } from './evidence.ts';
import type { ProxyChoice, ProxySource } from './proxy.ts';
import type { Remedy } from './remedy.ts';
import type { ProxyStore } from './system-proxy.ts';
import { usesProxy } from './view.ts';

export interface ProxyWay {
  readonly proxy: string;
  /** What names it: a variable, the system's settings, a PAC file with its line. */
  readonly named: string;
  /** The same as the beginning of a sentence: `HTTP_PROXY sends`. */
  readonly sends: string;
  /** The variable, where one does. */
  readonly variable: string | null;
  /** What makes the client dial the target itself; null when no list can do it. */
  readonly exempt: Remedy | null;
  /** Where it is taken away or corrected. */
  readonly place: string;
  /** Further facts about where it comes from. */
  readonly facts: readonly string[];
}

const SETTINGS: Readonly<Record<ProxyStore, { readonly name: string; readonly place: string }>> = {
  macos: { name: 'the proxy settings of macOS', place: 'System Settings > Network > (your network) > Details > Proxies' },
  windows: { name: 'the proxy settings of Windows', place: 'Settings > Network & internet > Proxy' },
  gnome: { name: 'the proxy settings of GNOME', place: 'Settings > Network > Proxy' },
  kde: { name: 'the proxy settings of KDE', place: 'System Settings > Internet > Proxy' },
};

/** The proxy on the client's way; null when it goes direct. */
export function proxyWay(evidence: Evidence): ProxyWay | null {
  const choice = usesProxy(evidence) ? evidence.proxy?.effective : undefined;
  if (!choice?.proxy) return null;
  const { proxy, variable, source, bypass } = choice;
  if (source === undefined) {
    const exempt: Remedy | null =
      bypass === undefined ? null : { kind: 'set', title: 'Exempt the target from the proxy, and restart the client:', ...bypass };
    const named = variable ?? 'the environment';
    return {
      proxy,
      named,
      sends: `${named} sends`,
      variable: named,
      exempt,
      place: "the client's environment (shell profile, service file, editor settings)",
      facts: [],
    };
  }
  return {
    proxy,
    named: sourceName(source),
    sends: capital(sendsOf(source)),
    variable: null,
    exempt: exemption(source, evidence.target.host),
    place: source.script === null ? SETTINGS[source.store].place : `the PAC file ${source.script.url} (${SETTINGS[source.store].place})`,
    facts: scriptFacts(source),
  };
}

/** What names a proxy, in few words: `HTTPS_PROXY`, or the system's settings. */
export function sourceOf({ variable, source }: ProxyChoice): string {
  return source === undefined ? (variable ?? 'the environment') : sourceName(source);
}

/** A proxy of the system that the client does not use, as a hint where the target is not to be had without one. */
export function unusedProxy({ systemProxy, target }: Evidence): {
  readonly facts: readonly string[];
  readonly remedies: readonly Remedy[];
} {
  const { choice, script, settings } = systemProxy ?? {};
  if (script?.kind === 'not-measured') return { facts: [`not measured: ${script.why}`], remedies: [] };
  if (settings?.kind === 'not-measured') return { facts: [`not measured: the system's proxy settings (${settings.why})`], remedies: [] };
  if (settings?.value.mode === 'discovery')
    return {
      facts: ["not measured: the system's settings leave it to the network to name a proxy (WPAD), and mcpreach does not ask it"],
      remedies: [],
    };
  if (!choice?.proxy || choice.source === undefined) return { facts: [], remedies: [] };
  return {
    facts: [
      `${sendsOf(choice.source)} this address through ${choice.proxy}: ${followers(choice.source)} follow that, while Node, Go and curl do not`,
      ...scriptFacts(choice.source),
    ],
    remedies: [
      {
        kind: 'set',
        title: 'If it can be reached through the proxy of this system only, name that to the client as well, and restart it:',
        variable: target.scheme === 'https' ? 'HTTPS_PROXY' : 'HTTP_PROXY',
        value: choice.proxy,
      },
    ],
  };
}

function sourceName({ store, script }: ProxySource): string {
  const { name } = SETTINGS[store];
  if (script === null) return name;
  return `the PAC file ${script.url}${script.line === null ? '' : `, line ${script.line.number},`} of ${name}`;
}

function sendsOf(source: ProxySource): string {
  const name = sourceName(source);
  return `${name} ${source.script === null ? 'send' : 'sends'}`;
}

function followers({ store, script }: ProxySource): string {
  const everywhere = 'programs built on Electron';
  if (store === 'macos' || store === 'windows')
    return script === null ? `${everywhere}, on .NET and on Python` : `${everywhere} and on .NET`;
  return everywhere;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function scriptFacts({ script }: ProxySource): readonly string[] {
  if (script === null) return [];
  return [
    `the PAC file answers "${script.result}" for this address`,
    ...(script.line === null ? [] : [`line ${script.line.number} of it: ${script.line.text}`]),
    ...(script.notLookedUp.length === 0
      ? []
      : [`it asked for the addresses of other hosts, which were not looked up: ${script.notLookedUp.join(', ')}`]),
  ];
}

function exemption({ store, exceptions, script }: ProxySource, host: string): Remedy {
  if (script !== null) {
    const condition = `if (host === "${host}") return "DIRECT";`;
    return {
      kind: 'tell',
      title: `In the PAC file, at the beginning of FindProxyForURL, let it go direct: ${condition} (ask whoever keeps the file).`,
    };
  }
  const list = [...exceptions, host];
  const title = (where: string) => `Exempt the target in ${where}, and restart the client:`;
  const { name } = SETTINGS[store];
  switch (store) {
    case 'gnome':
      return {
        kind: 'run',
        title: title(name),
        command: `gsettings set org.gnome.system.proxy ignore-hosts "[${list.map((one) => `'${one}'`).join(', ')}]"`,
      };
    case 'macos':
      return {
        kind: 'run',
        title: title(`${name} (Wi-Fi stands for your network service; networksetup -listallnetworkservices shows all)`),
        command: `networksetup -setproxybypassdomains Wi-Fi ${list.map((one) => `'${one}'`).join(' ')}`,
      };
    case 'windows':
      return {
        kind: 'run',
        title: title(name),
        command: String.raw`reg add "HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings" /v ProxyOverride /t REG_SZ /d "${list.join(';')}" /f`,
      };
    case 'kde':
      return {
        kind: 'run',
        title: title(name),
        command: `kwriteconfig6 --file kioslaverc --group "Proxy Settings" --key NoProxyFor "${list.join(',')}"`,
      };
  }
}
