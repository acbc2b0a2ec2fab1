import { CLIENT_WORDS } from '../../facts/signatures/client-words.ts';
import { ERRNO_WORDS } from '../../facts/signatures/errno-words.ts';
import type { ReadText } from '../../model/explanation.ts';
import type { Transport } from '../../model/target.ts';

/** What a text says, with everything that occurs in it more than once. */
export interface Reading extends ReadText {
  readonly errnos: readonly string[];
  readonly statuses: readonly number[];
}

/** Reads codes, addresses and statuses out of a text. Pure. */
export function readText(text: string): Reading {
  const errnos = ERRNO_WORDS.filter(({ pattern }) => pattern.test(text)).map(({ errno }) => errno);
  const statuses = statusesIn(text);
  const { host, port } = addressIn(text);
  return {
    errno: errnos[0] ?? null,
    host,
    port,
    family: host === null ? null : host.includes(':') ? 6 : /^\d+\.\d+\.\d+\.\d+$/.test(host) ? 4 : null,
    status: statuses[0] ?? null,
    client: CLIENT_WORDS.find(({ pattern }) => pattern.test(text))?.client ?? null,
    transport: transportIn(text, statuses.length > 0),
    errnos,
    statuses,
  };
}

/** Where an address stands, most telling first: at the failed call, in a URL, in a sentence. */
const ADDRESSES: readonly RegExp[] = [
  /(?:ECONN\w+|E(?:HOST|NET)UNREACH|ETIMEDOUT|EADDR\w+:?[^\n\d[:]*)\s+(?:on )?(?:tcp )?\[?(?<host>(?:\d{1,3}\.){3}\d{1,3}|[\da-f:]*::[\da-f:.]*?|[a-z][\w.-]*)\]?:(?<port>\d{1,5})\b/i,
  /(?:ENOTFOUND|EAI_AGAIN|lookup|resolve host:?)\s+(?<host>[a-z0-9][\w.-]*\w)(?::(?<port>\d{1,5})\b)?/i,
  /dial tcp(?:4|6)?:? \[?(?<host>(?:\d{1,3}\.){3}\d{1,3}|[\da-f:]*::[\da-f:.]*?|[a-z][\w.-]*)\]?:(?<port>\d{1,5})\b/i,
  /host='(?<host>[^']+)', port=(?<port>\d{1,5})/i,
  /\('(?<host>[^']+)', (?<port>\d{2,5})/,
  /\bhttps?:\/\/(?:[^\s/@"']*@)?\[?(?<host>(?:\d{1,3}\.){3}\d{1,3}|[\da-f]*:[\da-f:.]+(?=\])|[a-z0-9](?:[\w.-]*\w)?)\]?(?::(?<port>\d{1,5}))?(?=[/\s"'`?#),;]|$)/im,
  /\b(?<host>localhost|(?:\d{1,3}\.){3}\d{1,3})(?::| port )(?<port>\d{1,5})\b/i,
  /\[(?<host>[\da-f:]*::[\da-f:.]*)\]:(?<port>\d{1,5})\b/i,
];

function addressIn(text: string): { readonly host: string | null; readonly port: number | null } {
  for (const pattern of ADDRESSES) {
    const found = pattern.exec(text)?.groups;
    if (found?.['host'] === undefined) continue;
    const port = found['port'] === undefined ? null : Number(found['port']);
    if (port !== null && (port < 1 || port > 65_535)) continue;
    return { host: found['host'].toLowerCase(), port };
  }
  const alone = /\b[Pp]ort:? (\d{2,5})\b/.exec(text)?.[1];
  return { host: null, port: alone === undefined || Number(alone) > 65_535 ? null : Number(alone) };
}

/** Numbers that stand where an HTTP status stands. */
const STATUSES =
  /\bHTTP(?:\/\d(?:\.\d)?)?[ "]+(?:error )?(?:status:? )?([1-5]\d\d)\b|\bHTTP (?:error|status)[!:]*\s*(?:code:? |status:? )?([1-5]\d\d)\b|\bstatus(?:[ _]?code)?[ =:]+"?([1-5]\d\d)\b|\bNon-200(?: status code)? \(([1-5]\d\d)\)|\b([45]\d\d) (?:status|Bad |Unauthorized|Forbidden|Not Found|Method Not|Not Acceptable|Request Time|Conflict|Gone|Misdirected|Too Many|Internal|Service Un|Gateway|Invalid Host|Proxy Auth)|\bstatus=([1-5]\d\d)\b/gi;

function statusesIn(text: string): readonly number[] {
  const all = [...text.matchAll(STATUSES)].map((match) => Number(match.slice(1).find((group) => group !== undefined)));
  // What went well, and what only says "go on", is not what failed.
  return [...new Set(all.filter((status) => status >= 300))];
}

function transportIn(text: string, hasStatus: boolean): Transport | null {
  if (/\bSseError\b|\bSSE error\b|\bSSEClientTransport\b|https?:\/\/[^\s"']*\/sse\b|text\/event-stream" but/i.test(text)) return 'sse';
  if (/\bspawn \S+ E|\bstdio\b|-32000\b[^\n]*Connection closed|Server transport closed|exited (?:early|with)|\[server stderr\]/i.test(text))
    return 'stdio';
  if (hasStatus || /Streamable ?HTTP|\bPOST \/|\bfetch failed\b|https?:\/\/[^\s"']*\/mcp\b/i.test(text)) return 'http';
  return null;
}
