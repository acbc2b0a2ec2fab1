/** Pure readers for what macOS's own tools print: netstat(1), lsof(8) with -F, ps(1). */
import { basename } from 'node:path';
import { canonicalAddress } from './canonical.ts';
import { shownCommand } from '../processes/proc.ts';
import type { ListeningSocket, ProcessFacts } from '../../model/evidence.ts';

/**
 * Listening sockets of all users from `netstat -anlW -p tcp`. The port follows the last dot; `*` is every address.
 * `tcp46` takes both families, `tcp6` only its own.
 */
export function parseNetstat(text: string): readonly ListeningSocket[] {
  return text.split('\n').flatMap((line) => {
    const [protocol, , , local, , state] = line.trim().split(/\s+/);
    const kind = /^tcp(4|6|46)$/.exec(protocol ?? '')?.[1];
    if (kind === undefined || local === undefined || state !== 'LISTEN') return [];
    const dot = local.lastIndexOf('.');
    return toSocket(local.slice(0, dot), local.slice(dot + 1), kind === '4' ? 4 : 6, kind === '4' ? null : kind === '6');
  });
}

/** A listening socket with the process that lsof saw it in. */
export interface OwnedSocket extends ListeningSocket {
  readonly pid: number;
  readonly name: string;
}

/** Listening sockets and their processes from `lsof -nP -iTCP -sTCP:LISTEN -F pctn`: one field per line, its first letter says which. */
export function parseLsof(text: string): readonly OwnedSocket[] {
  const found: OwnedSocket[] = [];
  let pid = 0;
  let name = '';
  let type = '';
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) pid = Number(value);
    else if (line.startsWith('c')) name = unescape(value);
    else if (line.startsWith('t')) type = value;
    else if (line.startsWith('n')) {
      const colon = value.lastIndexOf(':');
      const family = type === 'IPv4' ? 4 : 6;
      // The kernel keeps a link-local address's interface in its second word, and lsof prints it as it stands.
      const host = value.slice(0, colon).replace(/^\[fe80:[0-9a-f]+::/i, '[fe80::');
      found.push(...toSocket(host, value.slice(colon + 1), family, null).map((one) => ({ ...one, pid, name })));
    }
  }
  return found;
}

/** Working directories by pid from `lsof -a -d cwd -F pn`. */
export function parseLsofCwd(text: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  let pid = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    else if (line.startsWith('n')) found.set(pid, line.slice(1));
  }
  return found;
}

/**
 * Processes from `ps -ww -o pid=,user=,lstart=,command=` in the C locale; `lstart` is always five words, in local time.
 */
export function parsePs(text: string): ReadonlyMap<number, Omit<ProcessFacts, 'cwd'>> {
  const found = new Map<number, Omit<ProcessFacts, 'cwd'>>();
  for (const line of text.split('\n')) {
    const match = /^\s*(\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(.*)$/.exec(line);
    if (match === null) continue;
    const [, pid, user = '', started = '', command = ''] = match;
    found.set(Number(pid), {
      pid: Number(pid),
      name: basename(command.split(' ')[0] ?? ''),
      command: shownCommand(command),
      user,
      startedAt: new Date(started).toISOString(),
    });
  }
  return found;
}

/** lsof writes blanks and unprintable bytes of a name as `\x20`. */
function unescape(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function toSocket(host: string, port: string, family: 4 | 6, v6Only: boolean | null): readonly ListeningSocket[] {
  const address = host === '*' ? { address: family === 4 ? '0.0.0.0' : '::', family } : canonicalAddress(host);
  return address === null || !/^\d+$/.test(port) ? [] : [{ ...address, port: Number(port), v6Only: address.family === 4 ? null : v6Only }];
}
