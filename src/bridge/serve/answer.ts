/** HTTP answers of our own, and the events of a stream. */
import type { ServerResponse } from '../../system/http-server.ts';
import { RPC_CODES } from '../../facts/revisions.ts';

/** What the official SDKs use for everything about HTTP that has no code of its own. */
const ABOUT_HTTP = -32_000;
const SESSION_NOT_FOUND = -32_001;

export type Headers = Readonly<Record<string, string>>;

/** Turns a request away with a JSON-RPC error that belongs to no message. */
export function reject(response: ServerResponse, status: number, code: number, message: string, headers: Headers = {}, id = 'null'): void {
  const body = `{"jsonrpc":"2.0","error":${JSON.stringify({ code, message })},"id":${id}}`;
  sendJson(response, status, Buffer.from(body), headers);
}

export const REJECT = {
  parse: (response: ServerResponse) => reject(response, 400, RPC_CODES.parseError, 'Parse error: the body is no JSON-RPC message'),
  invalid: (response: ServerResponse, why: string) => reject(response, 400, RPC_CODES.invalidRequest, `Invalid Request: ${why}`),
  unknownSession: (response: ServerResponse) => reject(response, 404, SESSION_NOT_FOUND, 'Session not found'),
  noSession: (response: ServerResponse) => reject(response, 400, ABOUT_HTTP, 'Bad Request: Mcp-Session-Id header is required'),
  http: (response: ServerResponse, status: number, message: string, headers: Headers = {}) =>
    reject(response, status, ABOUT_HTTP, message, headers),
} as const;

/** A whole answer as JSON. */
export function sendJson(response: ServerResponse, status: number, body: Buffer, headers: Headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length, ...headers });
  response.end(body);
}

/** Opens an event stream. */
export function startEvents(response: ServerResponse, headers: Headers = {}): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    // nginx would hold the stream back.
    'x-accel-buffering': 'no',
    ...headers,
  });
  response.flushHeaders();
}

const DATA = Buffer.from('data: ');
const END = Buffer.from('\n\n');

/** Writes one event; messages are on one line. */
export function writeEvent(response: ServerResponse, data: Buffer, head: string): void {
  response.write(Buffer.concat([Buffer.from(head), DATA, data, END]));
}

/** Whether a list of media ranges names a type; a missing header accepts everything (RFC 9110, section 12.5.1). */
export function accepts(header: string | undefined, type: 'application/json' | 'text/event-stream'): boolean {
  if (header === undefined) return true;
  const [main] = type.split('/');
  return header
    .toLowerCase()
    .split(',')
    .some((range) => {
      const [name = '', ...parameters] = range.split(';').map((part) => part.trim());
      return (name === type || name === `${main}/*` || name === '*/*') && !parameters.some((one) => /^q=0(?:\.0*)?$/.test(one));
    });
}
