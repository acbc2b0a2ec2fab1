/** Pure readers of what Windows' own tools say about WSL. Rows are known by their shape: headings and states are translated. */
import type { PortProxy, WslSettings } from '../../model/wsl.ts';

/** One row of `wsl.exe --list --verbose`. */
export interface Distribution {
  readonly name: string;
  readonly isDefault: boolean;
  readonly version: 1 | 2;
  /** As printed, in the language of Windows. */
  readonly state: string;
}

/** More rows than any machine has; what follows is not read. */
const MOST_ROWS = 1000;

/** Rows of `wsl.exe --list --verbose`: a name without blanks, a state of any words, and a version as the last word. */
export function parseDistributions(text: string): readonly Distribution[] {
  return linesOf(text).flatMap((line) => {
    const [, mark, name, state, version] = /^([* ]) (\S+)\s+(\S.*?)\s+([12])\s*$/.exec(line) ?? [];
    if (name === undefined || state === undefined) return [];
    return [{ name, isDefault: mark === '*', version: version === '1' ? 1 : 2, state } as const];
  });
}

/** Rows of `netsh interface portproxy show all`: address, port, address, port. `*` is any address of the table's own family. */
export function parsePortProxies(text: string): readonly PortProxy[] {
  let isSix = false;
  return linesOf(text).flatMap((line) => {
    // The heading names the families in every language; the first is what is listened on.
    const heading = /ipv([46])\D.*ipv[46]/i.exec(line)?.[1];
    if (heading !== undefined) isSix = heading === '6';
    const [listen, listenPort, connect, connectPort, ...rest] = line.trim().split(/\s+/);
    const ports = [listenPort, connectPort].map((port) => (/^\d{1,5}$/.test(port ?? '') ? Number(port) : 0));
    if (rest.length > 0 || listen === undefined || connect === undefined || ports.includes(0)) return [];
    const listenAddress = listen === '*' ? (isSix ? '::' : '0.0.0.0') : listen;
    return [{ listenAddress, listenPort: ports[0]!, connectAddress: connect, connectPort: ports[1]! }];
  });
}

/** The name of the adapter that has this IPv4 address, from `ipconfig`; only virtual ones of Hyper-V, whose names are never translated. */
export function adapterWith(address: string, text: string): string | null {
  let adapter: string | null = null;
  for (const line of linesOf(text)) {
    if (/^\S/.test(line)) adapter = /(vEthernet \(.*\)):\s*$/.exec(line)?.[1] ?? null;
    // A label, dots, a colon, and the address, perhaps with "(Preferred)".
    else if (
      adapter !== null &&
      line
        .split(/:\s*/)
        .at(-1)
        ?.match(/^[\d.]+/)?.[0] === address
    )
      return adapter;
  }
  return null;
}

/**
 * `.wslconfig`: sections and `key=value`, names in any case, `#` begins a comment. What was experimental once is still read in its
 * old section, the newer section counts.
 */
export function parseSettings(file: string, text: string | null): WslSettings {
  const sections: Record<string, Record<string, string>> = {};
  let section = '';
  for (const line of linesOf((text ?? '').replace(/^\uFEFF/, ''))) {
    const plain = line.replace(/#.*/, '').trim();
    const heading = /^\[(.*)\]$/.exec(plain)?.[1];
    if (heading !== undefined) section = heading.trim().toLowerCase();
    const [, key, value] = /^([^=]+?)\s*=\s*(.*)$/.exec(plain) ?? [];
    if (key !== undefined && value !== undefined) (sections[section] ??= {})[key.toLowerCase()] = value.replace(/^"(.*)"$/, '$1');
  }
  const look = (key: string) => sections['wsl2']?.[key] ?? sections['experimental']?.[key] ?? null;
  return {
    file,
    exists: text !== null,
    networkingMode: look('networkingmode')?.toLowerCase() ?? null,
    localhostForwarding: truth(look('localhostforwarding')),
    hostAddressLoopback: truth(look('hostaddressloopback')),
    ignoredPorts: (look('ignoredports') ?? '')
      .split(',')
      .map(Number)
      .filter((port) => Number.isInteger(port) && port > 0),
  };
}

function truth(value: string | null): boolean | null {
  const word = value?.toLowerCase();
  return word === 'true' || word === '1' ? true : word === 'false' || word === '0' ? false : null;
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/, MOST_ROWS);
}
