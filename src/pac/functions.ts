/** The functions that a PAC file may call (developer.mozilla.org, "Proxy Auto-Configuration file"), as far as they need no network and no calendar. */
import { BlockList, isIPv4 } from 'node:net';

/** What the functions know of the world. */
export interface ScriptWorld {
  /** The IPv4 address of a host; null when there is none, or when it is not to be looked up. */
  resolve(host: string): string | null;
  readonly ownAddress: string;
}

type Value = string | number | boolean | null;

/** Each by its name; arguments come as the file gave them. */
export function scriptFunctions({ resolve, ownAddress }: ScriptWorld): Readonly<Record<string, (...args: readonly string[]) => Value>> {
  const addressOf = (host = '') => (isIPv4(host) ? host : resolve(host));
  return {
    isPlainHostName: (host = '') => !host.includes('.'),
    dnsDomainIs: (host = '', domain = '') => host.toLowerCase().endsWith(domain.toLowerCase()),
    localHostOrDomainIs: (host = '', name = '') => host === name || (!host.includes('.') && name.startsWith(`${host}.`)),
    isResolvable: (host) => addressOf(host) !== null,
    isInNet: (host, pattern = '', mask = '') => isInNet(addressOf(host), pattern, mask),
    dnsResolve: (host) => addressOf(host),
    myIpAddress: () => ownAddress,
    dnsDomainLevels: (host = '') => host.split('.').length - 1,
    convert_addr: (address = '') => toNumber(address),
    shExpMatch: (text = '', pattern = '') => matchesGlob(text, pattern),
  };
}

/**
 * `*` for any run of characters, `?` for one; the whole text has to match, whatever its case. Not by a regular expression:
 * the pattern is foreign, and some would take a regular expression for ever.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  const [subject, glob] = [text.toLowerCase(), pattern.toLowerCase()];
  let at = 0;
  let from = 0;
  // Where the last star stands, and how much of the text it takes so far.
  let star = -1;
  let taken = 0;
  while (from < subject.length) {
    if (glob[at] === '*') {
      star = at++;
      taken = from;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === subject[from])) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++taken;
    } else return false;
  }
  return /^\**$/.test(glob.slice(at));
}

function isInNet(address: string | null, pattern: string, mask: string): boolean {
  if (address === null || !isIPv4(address) || !isIPv4(pattern) || !isIPv4(mask)) return false;
  const bits = toNumber(mask).toString(2);
  if (/01/.test(bits.padStart(32, '0'))) return ((toNumber(address) & toNumber(mask)) | 0) === ((toNumber(pattern) & toNumber(mask)) | 0);
  const list = new BlockList();
  list.addSubnet(pattern, bits.padStart(32, '0').lastIndexOf('1') + 1);
  return list.check(address);
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => (sum * 256 + Number(part)) >>> 0, 0);
}
