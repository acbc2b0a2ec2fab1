/** Addresses that a program's own words say refused it, as runtimes and drivers print them. */

export interface Refusal {
  /** `host:port`, or the host alone where no port was named. */
  readonly address: string;
  readonly code: string;
}

/** Codes that mean that a connection was not made; what they are called elsewhere. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/\bECONNREFUSED\b|connection refused|actively refused|\b(?:Errno|Error|os error) (?:111|61|10061)\b/i, 'ECONNREFUSED'],
  [
    /\bENOTFOUND\b|\bEAI_AGAIN\b|Name or service not known|nodename nor servname|no such host|could not translate host name|getaddrinfo failed/i,
    'ENOTFOUND',
  ],
  [/\bETIMEDOUT\b|connection timed out|i\/o timeout/i, 'ETIMEDOUT'],
  [/\bEHOSTUNREACH\b|No route to host/i, 'EHOSTUNREACH'],
  [/\bECONNRESET\b/, 'ECONNRESET'],
];

const HOST = String.raw`(\[[0-9a-f:.]+\]|[0-9a-f]*:[0-9a-f:]+|[\w.-]+)`;

/** Where the address stands, most telling first; the groups are host and port. */
const PLACES: readonly RegExp[] = [
  // Node: connect ECONNREFUSED 127.0.0.1:5432, getaddrinfo ENOTFOUND db.internal
  new RegExp(String.raw`\bconnect E[A-Z]+ ${HOST}:(\d{1,5})\b`),
  new RegExp(String.raw`\bgetaddrinfo E[A-Z_]+ ([\w.-]+)(?::(\d{1,5}))?`),
  // Go: dial tcp 127.0.0.1:5432: connect: connection refused; lookup db: no such host
  new RegExp(String.raw`\bdial (?:tcp[46]?|udp) ${HOST}:(\d{1,5})\b`),
  /\blookup ([\w.-]+)(?::()| on )/,
  // libpq: connection to server at "localhost" (127.0.0.1), port 5432 failed
  /\bserver at "([^"]+)"(?: \([^)]*\))?, port (\d{1,5})/,
  /\bcould not translate host name "([^"]+)"()/,
  // urllib3: HTTPConnectionPool(host='localhost', port=8080)
  /\bhost='([^']+)', port=(\d{1,5})/,
  // redis-py: Error 111 connecting to localhost:6379
  new RegExp(String.raw`\bconnect(?:ing|ion)?(?: attempt)? to ${HOST}:(\d{1,5})\b`, 'i'),
  // aiohttp: Cannot connect to host localhost:8080; asyncpg: Connect call failed ('127.0.0.1', 5432)
  new RegExp(String.raw`\bhost ${HOST}:(\d{1,5})\b`),
  /\bConnect call failed \('([^']+)', (\d{1,5})/,
  // MySQL: Can't connect to MySQL server on 'localhost' or 'localhost:3306'
  /\bserver on '([^':]+)(?::(\d{1,5}))?'/,
  // Any URL, or any address with a port.
  new RegExp(String.raw`\b[a-z][a-z0-9+.-]*:\/\/(?:[^\s/@]*@)?${HOST}(?::(\d{1,5}))?`, 'i'),
  /\b(localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\]):(\d{1,5})\b/i,
];

/** The code of the connection that a line says was not made, wherever it was to lead; null when it tells of none. */
export function refusalCode(line: string): string | null {
  return CODES.find(([pattern]) => pattern.test(line))?.[1] ?? null;
}

/** The refusal that a line tells of; null when it tells of none, or does not say where. */
export function readRefusal(line: string): Refusal | null {
  const code = refusalCode(line);
  if (code === null) return null;
  for (const place of PLACES) {
    const [, host, port] = place.exec(line) ?? [];
    if (host !== undefined) return { address: port ? `${bracketed(host)}:${port}` : host, code };
  }
  return null;
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
