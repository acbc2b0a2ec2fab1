import { isIP } from 'node:net';
import { inNetwork } from '../addresses.ts';
import type { WindowsFirewall, WindowsProfileName, WindowsRule } from './windows-parse.ts';

/** A TCP connection as Windows' firewall sees it; null is what is not known. */
export interface WindowsConnection {
  readonly direction: 'in' | 'out';
  readonly localAddress: string | null;
  readonly localPort: number | null;
  readonly remoteAddress: string | null;
  readonly remotePort: number | null;
  /** Full path of the program on this machine. */
  readonly program: string | null;
  /** Profiles of the interface it takes; all that are active where that one is not known. */
  readonly profiles: readonly WindowsProfileName[];
  /** Loopback, and this machine's own addresses, which are not filtered. */
  readonly isLocal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What the firewall does with a connection, and which rule says so; `rule` is null for a profile's default. */
export type WindowsVerdict =
  | { readonly kind: 'passes'; readonly rule: WindowsRule | null; readonly why: 'local' | 'off' | 'rule' | 'default' }
  | {
      readonly kind: 'blocks';
      readonly rule: WindowsRule | null;
      readonly profile: WindowsProfileName;
      readonly why: 'rule' | 'default' | 'no-exceptions';
    }
  /** Rules that may match depend on something that cannot be seen. */
  | { readonly kind: 'unknown'; readonly rules: readonly WindowsRule[] };

type Answer = 'yes' | 'no' | 'perhaps';

const TCP = 6;

/**
 * Windows' own order (Windows Firewall rule precedence): an override of IPsec, then any rule that blocks, then any that allows, then the
 * default of the profile. Loopback is never filtered.
 */
export function evaluateWindows(firewall: WindowsFirewall, connection: WindowsConnection): WindowsVerdict {
  if (connection.isLocal) return { kind: 'passes', rule: null, why: 'local' };
  const profiles = connection.profiles.filter((name) => firewall.profiles[name].enabled);
  const profile = profiles[0];
  if (profile === undefined) return { kind: 'passes', rule: null, why: 'off' };
  const { direction } = connection;
  const settings = profiles.map((name) => firewall.profiles[name]);
  if (direction === 'in' && settings.some(({ allowsNoException }) => allowsNoException))
    return { kind: 'blocks', rule: null, profile, why: 'no-exceptions' };
  const merges = settings.every(({ mergesLocalRules }) => mergesLocalRules);
  const judged = firewall.rules
    .filter((rule) => rule.direction === direction && (rule.isPolicy || merges))
    .map((rule) => ({ rule, answer: matches(rule, connection, profiles) }))
    .filter(({ answer }) => answer !== 'no');
  const sure = (action: WindowsRule['action']) => judged.find(({ rule, answer }) => rule.action === action && answer === 'yes')?.rule;
  const open = (...actions: readonly WindowsRule['action'][]) =>
    judged.filter(({ rule, answer }) => actions.includes(rule.action) && answer === 'perhaps').map(({ rule }) => rule);
  const block = sure('block');
  if (block !== undefined) {
    const overrides = open('bypass');
    return overrides.length > 0 ? { kind: 'unknown', rules: [block, ...overrides] } : { kind: 'blocks', rule: block, profile, why: 'rule' };
  }
  const mayBlock = open('block');
  const allow = sure('allow');
  const byDefault = settings.some((one) => (direction === 'in' ? one.blocksInbound : one.blocksOutbound));
  if (mayBlock.length > 0) return { kind: 'unknown', rules: mayBlock };
  if (allow !== undefined) return { kind: 'passes', rule: allow, why: 'rule' };
  if (!byDefault) return { kind: 'passes', rule: null, why: 'default' };
  const mayAllow = open('allow', 'bypass');
  return mayAllow.length > 0 ? { kind: 'unknown', rules: mayAllow } : { kind: 'blocks', rule: null, profile, why: 'default' };
}

function matches(rule: WindowsRule, connection: WindowsConnection, profiles: readonly WindowsProfileName[]): Answer {
  if (rule.protocol !== null && rule.protocol !== TCP) return 'no';
  if (rule.profiles.length > 0 && !rule.profiles.some((name) => profiles.includes(name))) return 'no';
  const { localPort, remotePort, localAddress, remoteAddress } = connection;
  const answers = [
    programAnswer(rule, connection),
    portAnswer(rule.localPorts, localPort),
    portAnswer(rule.remotePorts, remotePort),
    addressAnswer(rule.localAddresses, localAddress),
    addressAnswer(rule.remoteAddresses, remoteAddress),
    kindAnswer(rule, connection),
    rule.conditions.length > 0 ? ('perhaps' as const) : ('yes' as const),
  ];
  return answers.includes('no') ? 'no' : answers.includes('perhaps') ? 'perhaps' : 'yes';
}

function programAnswer({ program }: WindowsRule, connection: WindowsConnection): Answer {
  if (program === null) return 'yes';
  // The kernel's own, for example file sharing.
  if (program.toLowerCase() === 'system') return 'no';
  if (connection.program === null) return 'perhaps';
  return expanded(program, connection.environment) === expanded(connection.program, connection.environment) ? 'yes' : 'no';
}

/** A program outside the folder of packaged apps is none; services are hosted by svchost or by a program of their own. */
function kindAnswer({ only, program }: WindowsRule, connection: WindowsConnection): Answer {
  if (only === null) return 'yes';
  const path = connection.program?.toLowerCase() ?? null;
  if (path === null) return 'perhaps';
  if (only === 'packages') return path.includes('\\windowsapps\\') ? 'perhaps' : 'no';
  return path.endsWith('\\svchost.exe') || program !== null ? 'perhaps' : 'no';
}

/** Paths in rules carry variables, and are written in any case. */
function expanded(path: string, environment: WindowsConnection['environment']): string {
  const variables = new Map(Object.entries(environment).map(([name, value]) => [name.toLowerCase(), value ?? '']));
  return path.replace(/%([^%]+)%/g, (whole, name: string) => variables.get(name.toLowerCase()) ?? whole).toLowerCase();
}

function portAnswer(ports: readonly string[], port: number | null): Answer {
  if (ports.length === 0 || ports.includes('*')) return 'yes';
  if (port === null) return 'perhaps';
  return ports.some((one) => {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(one) ?? [];
    return from !== undefined && port >= Number(from) && port <= Number(to);
  })
    ? 'yes'
    : 'no';
}

/** Words whose addresses are the network's: who is in the local subnet, who is the gateway. */
function addressAnswer(addresses: readonly string[], address: string | null): Answer {
  if (addresses.length === 0 || addresses.includes('*') || addresses.includes('Any')) return 'yes';
  if (address === null) return 'perhaps';
  const answers = addresses.map((one): Answer => {
    const [first = '', second] = one.split(/[/-]/);
    if (isIP(first) === 0) return 'perhaps';
    if (isIP(first) !== isIP(address)) return 'no';
    if (one.includes('-')) return isBetween(address, first, second ?? first) ? 'yes' : 'no';
    return inNetwork(address, first, prefixOf(second, isIP(first))) ? 'yes' : 'no';
  });
  return answers.includes('yes') ? 'yes' : answers.includes('perhaps') ? 'perhaps' : 'no';
}

/** A prefix length, or an IPv4 mask whose bits are counted. */
function prefixOf(text: string | undefined, version: number): number {
  if (text === undefined) return version === 4 ? 32 : 128;
  if (!text.includes('.')) return Number(text);
  return text.split('.').reduce((bits, part) => bits + Number(part).toString(2).replaceAll('0', '').length, 0);
}

function isBetween(address: string, from: string, to: string): boolean {
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  // Ranges of IPv6 are rare, and their ends are all that is compared.
  if (isIP(address) === 6) return address === from || address === to;
  return number(address) >= number(from) && number(address) <= number(to);
}
