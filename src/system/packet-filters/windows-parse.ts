/**
 * Pure readers of Windows' firewall as it stands in the registry: the same in every language, readable by every user, and the rules'
 * own definition (MS-FASP 2.2.37). `netsh advfirewall` is translated, and Get-NetFirewallRule shows an ordinary user no rule at all.
 */

export type WindowsProfileName = 'domain' | 'private' | 'public';

/** The settings of one profile. */
export interface WindowsProfile {
  readonly enabled: boolean;
  readonly blocksInbound: boolean;
  readonly blocksOutbound: boolean;
  /** "Block all incoming connections, including those in the list of allowed apps". */
  readonly allowsNoException: boolean;
  /** Whether the rules of the machine count beside those of the organisation. */
  readonly mergesLocalRules: boolean;
}

/** A rule that is switched on. */
export interface WindowsRule {
  /** The value's name in the registry, by which Windows knows it. */
  readonly id: string;
  readonly name: string;
  readonly action: 'allow' | 'block' | 'bypass';
  readonly direction: 'in' | 'out';
  /** Empty means all. */
  readonly profiles: readonly WindowsProfileName[];
  /** IP protocol number; null means any. */
  readonly protocol: number | null;
  /** Numbers, ranges `a-b` and words such as `RPC`; empty means all. */
  readonly localPorts: readonly string[];
  readonly remotePorts: readonly string[];
  readonly localAddresses: readonly string[];
  readonly remoteAddresses: readonly string[];
  readonly program: string | null;
  /** Whether it concerns services of Windows, or packaged apps, only. */
  readonly only: 'services' | 'packages' | null;
  /** Names of conditions that cannot be judged from outside: a user, an interface, IPsec. */
  readonly conditions: readonly string[];
  /** Whether it comes from the organisation (group policy). */
  readonly isPolicy: boolean;
}

export interface WindowsFirewall {
  readonly profiles: Readonly<Record<WindowsProfileName, WindowsProfile>>;
  readonly rules: readonly WindowsRule[];
  /** Whether there were more rules than are read. */
  readonly truncated: boolean;
}

/** A Windows with many programs has some 800 rules; servers have been seen with ten thousands of stale ones. */
const MOST_RULES = 20_000;

const PROFILE_KEYS: Readonly<Record<string, WindowsProfileName>> = {
  domainprofile: 'domain',
  // The private profile is called standard in the local store.
  standardprofile: 'private',
  privateprofile: 'private',
  publicprofile: 'public',
};

/** Fields of a rule that narrow it in a way that an address, a port and a program do not show. */
const CONDITIONS: ReadonlySet<string> = new Set([
  'IF',
  'IFType',
  'LUOwn',
  'LUAuth',
  'LUAuth2_24',
  'RMAuth',
  'RUAuth',
  'Security',
  'Security2_9',
  'Security2_29',
  'TTK',
  'TTK2_22',
  'TTK2_27',
  'TTK2_28',
]);

/**
 * Profiles and rules from `reg query KEY /s`, first of the machine's own store
 * (`HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy`), then of the organisation's
 * (`HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall`), which wins; null when the first is no such output.
 */
export function parseWindowsFirewall(local: string, policy: string): WindowsFirewall | null {
  const [own, organisation] = [valuesOf(local), valuesOf(policy)];
  if (own.length === 0) return null;
  const profiles = {
    domain: profileOf('domain', own, organisation),
    private: profileOf('private', own, organisation),
    public: profileOf('public', own, organisation),
  };
  const all = [own.map((one) => ({ ...one, isPolicy: false })), organisation.map((one) => ({ ...one, isPolicy: true }))].flat();
  const texts = all.filter(({ key }) => key === 'firewallrules');
  return { profiles, rules: texts.slice(0, MOST_RULES).flatMap(ruleOf), truncated: texts.length > MOST_RULES };
}

interface Value {
  /** The last part of the key, in lower case. */
  readonly key: string;
  readonly name: string;
  readonly data: string;
}

/** Lines of `reg query`: a key by itself, below it indented values `NAME    TYPE    DATA`. */
function valuesOf(text: string): readonly Value[] {
  let key = '';
  const values: Value[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('HKEY_')) key = (line.split('\\').at(-1) ?? '').trim().toLowerCase();
    const [, name, data] = /^\s+(\S.*?)\s{2,}REG_(?:SZ|DWORD|EXPAND_SZ)\s+(.*)$/.exec(line) ?? [];
    if (name !== undefined && data !== undefined) values.push({ key, name, data: data.trim() });
  }
  return values;
}

function profileOf(profile: WindowsProfileName, own: readonly Value[], organisation: readonly Value[]): WindowsProfile {
  const look = (name: string, fallback: boolean) => {
    const is = (one: Value) => PROFILE_KEYS[one.key] === profile && one.name === name;
    const data = (organisation.find(is) ?? own.find(is))?.data;
    return data === undefined ? fallback : Number(data) !== 0;
  };
  return {
    enabled: look('EnableFirewall', true),
    blocksInbound: look('DefaultInboundAction', true),
    blocksOutbound: look('DefaultOutboundAction', false),
    allowsNoException: look('DoNotAllowExceptions', false),
    mergesLocalRules: look('AllowLocalPolicyMerge', true),
  };
}

const ACTIONS: Readonly<Record<string, WindowsRule['action']>> = { Allow: 'allow', Block: 'block', ByPass: 'bypass' };
const PROFILES: Readonly<Record<string, WindowsProfileName>> = { Domain: 'domain', Private: 'private', Public: 'public' };

/** One value: `v2.31|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=3000|App=C:\…\node.exe|Name=…|`; fields may repeat. */
function ruleOf({ name: id, data, isPolicy }: Value & { readonly isPolicy: boolean }): readonly WindowsRule[] {
  const fields = data.split('|').flatMap((field): readonly (readonly [string, string])[] => {
    const at = field.indexOf('=');
    return at < 0 ? [] : [[field.slice(0, at), field.slice(at + 1)]];
  });
  const all = (...names: readonly string[]) => fields.flatMap(([name, value]) => (names.includes(name) && value !== '' ? [value] : []));
  const action = ACTIONS[all('Action')[0] ?? ''];
  const direction = all('Dir')[0];
  if (action === undefined || all('Active')[0] !== 'TRUE' || (direction !== 'In' && direction !== 'Out')) return [];
  const protocol = all('Protocol')[0];
  return [
    {
      id,
      name: all('Name')[0] ?? id,
      action,
      direction: direction === 'In' ? 'in' : 'out',
      profiles: all('Profile').flatMap((word) => PROFILES[word] ?? []),
      protocol: protocol === undefined ? null : Number(protocol),
      localPorts: all('LPort', 'LPort2_10', 'LPort2_20', 'LPort2_24', 'LPort2_29'),
      remotePorts: all('RPort', 'RPort2_10', 'RPort2_25'),
      localAddresses: all('LA4', 'LA6'),
      remoteAddresses: all('RA4', 'RA6', 'RA42', 'RA62'),
      program: all('App')[0] ?? null,
      only: all('AppPkgId', 'PFN').length > 0 ? 'packages' : all('Svc').length > 0 ? 'services' : null,
      conditions: [...new Set(fields.flatMap(([name]) => (CONDITIONS.has(name) ? [name] : [])))],
      isPolicy,
    },
  ];
}

/** Profiles in force, from `Get-NetConnectionProfile | ConvertTo-Json`'s categories (0 public, 1 private, 2 domain); every interface has its own. */
export function activeProfiles(categories: readonly unknown[]): readonly WindowsProfileName[] {
  const names = ['public', 'private', 'domain'] as const;
  return [...new Set(categories.flatMap((one) => (typeof one === 'number' ? (names[one] ?? []) : [])))];
}
