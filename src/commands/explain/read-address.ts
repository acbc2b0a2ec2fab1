import type { ReadAddress } from '../../model/explanation.ts';

/** More are read of no text. */
export const MOST_ADDRESSES = 8;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** Where an address stands, most telling first: at the failed call, in a URL, in a sentence. */
const PLACES: readonly RegExp[] = [
  /(?:ECONN\w{1,12}|E(?:HOST|NET)UNREACH|ETIMEDOUT|EPERM|EADDR\w{1,12}:?[^\n\d[:]{0,60})\s{1,4}(?:on )?(?:tcp )?\[?(?<host>(?:\d{1,3}\.){3}\d{1,3}|[\da-f:]{0,30}::[\da-f:.]{0,30}?|[a-z][\w.-]{0,100})\]?:(?<port>\d{1,5})\b/gi,
  /(?:ENOTFOUND|EAI_AGAIN|resolve host(?:name)?:?|UnknownHostException:)\s{1,4}(?<host>[a-z0-9][\w.-]{0,200}\w)(?::(?<port>\d{1,5})\b)?/gi,
  /\blookup (?<host>[a-z0-9][\w.-]{0,200}\w)(?= on |:)/gi,
  /\bresolve '(?<host>[a-z0-9][\w.-]{0,200}\w)'/gi,
  /dial (?:tcp|udp)(?:4|6)?:? \[?(?<host>(?:\d{1,3}\.){3}\d{1,3}|[\da-f:]{0,30}::[\da-f:.]{0,30}?|[a-z][\w.-]{0,100})\]?:(?<port>\d{1,5})\b/gi,
  /\baddress: '(?<host>[\da-f:.]{3,45})',\s{0,20}port: (?<port>\d{1,5})\b/gi,
  /host='(?<host>[^'\n]{1,200})', port=(?<port>\d{1,5})/gi,
  /\('(?<host>[\w.:-]{1,200})', (?<port>\d{2,5})/g,
  /Cannot connect to host (?<host>\[?[\w.:-]{1,100}?\]?):(?<port>\d{1,5})\b/gi,
  /[Cc]onnect to \[?(?<host>[\w.-]{1,100}|[\da-f:]{2,45})\]?:(?<port>\d{1,5})\b/g,
  /\((?<host>(?:\d{1,3}\.){3}\d{1,3}|\[[\da-f:.]{2,45}\]|localhost):(?<port>\d{1,5})\)/gi,
  /\bhttps?:\/\/(?:[^\s/@"']{0,200}@)?\[?(?<host>(?:\d{1,3}\.){3}\d{1,3}|[\da-f]{0,4}:[\da-f:.]{1,45}(?=\])|[a-z0-9](?:[\w.-]{0,200}\w)?)\]?(?::(?<port>\d{1,5}))?(?=[/\s"'`?#),;\]]|$)/gim,
  /\b(?<host>localhost|(?:\d{1,3}\.){3}\d{1,3})(?::| port |, port )(?<port>\d{1,5})\b/gi,
  /\[(?<host>[\da-f:]{0,30}::[\da-f:.]{0,30})\]:(?<port>\d{1,5})\b/gi,
];

/** Where messages send their readers: no server of theirs. */
const DOCUMENTATION =
  /^(?:docs?|help|support|developers?|learn)\.|(?:^|\.)(?:modelcontextprotocol\.io|github\.com|githubusercontent\.com|nodejs\.org|aka\.ms|pydantic\.dev|pptr\.dev|go\.microsoft\.com|python\.org)$/;

/** What was taken for a host is a user's name or password when this follows. */
const CREDENTIALS = /^[^\s/"'`<>]*@/;

/** Every address that a text names, the failed one first. Pure. */
export function addressesIn(text: string): readonly ReadAddress[] {
  const found = new Map<string, ReadAddress>();
  for (const place of PLACES) {
    for (const { 0: match, index, groups } of text.matchAll(place)) {
      if (CREDENTIALS.test(text.slice(index + match.length, index + match.length + 200))) continue;
      const host = groups?.['host']?.toLowerCase().replace(/^\[|\]$/g, '');
      const port = groups?.['port'] === undefined ? null : Number(groups['port']);
      if (host === undefined || !isHost(host) || (port !== null && (port < 1 || port > 65_535))) continue;
      const address = { host, port, family: familyOf(host) };
      // The same host without its port says nothing new.
      if ([...found.values()].some((one) => one.host === host && (port === null || one.port === port))) continue;
      found.set(`${host} ${port ?? ''}`, address);
      if (found.size >= MOST_ADDRESSES) return [...found.values()];
    }
  }
  return [...found.values()];
}

/** A port that stands alone. */
export function portIn(text: string): number | null {
  const alone = /\bport:? (\d{2,5})\b/i.exec(text)?.[1];
  return alone === undefined || Number(alone) > 65_535 ? null : Number(alone);
}

/** Whether connections to this host stay on the machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (IPV4.test(host) && host.startsWith('127.'));
}

function familyOf(host: string): 4 | 6 | null {
  return host.includes(':') ? 6 : IPV4.test(host) ? 4 : null;
}

/** Not a file or a class that stands where a host could. */
function isHost(host: string): boolean {
  if (/\.(?:js|mjs|ts|py|go|rs|java|json|log)$/.test(host) || DOCUMENTATION.test(host)) return false;
  return !/^[\d.]{1,80}$/.test(host) || (IPV4.test(host) && host.split('.').every((part) => Number(part) < 256));
}
