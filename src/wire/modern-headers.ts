/** The HTTP headers of a request since 2026-07-28, which repeat parts of its body (basic/transports/streamable-http, standard and custom headers). */
import { type Envelope, valueAt } from './envelope.ts';
import { isRecord } from './json-rpc.ts';

export interface ModernHeaders {
  /** The headers that this message needs; null for a message of an older revision. */
  headersFor(message: Envelope): Record<string, string> | null;
  /** Learns from a `tools/list` result which arguments tools want to see in headers. */
  learn(request: Envelope, response: Envelope): void;
  /** Whether any message so far was one of 2026-07-28 or later. */
  isSpoken(): boolean;
}

/** Present in the `_meta` of every request of the era. */
const MARK = 'io.modelcontextprotocol/protocolVersion';

/** The member of `params` that `Mcp-Name` repeats, by method. */
const NAMED: Readonly<Record<string, string>> = { 'tools/call': 'name', 'prompts/get': 'name', 'resources/read': 'uri' };

interface Parameter {
  readonly header: string;
  /** Keys from the arguments to the value. */
  readonly path: readonly string[];
}

export function createModernHeaders(): ModernHeaders {
  const tools = new Map<string, readonly Parameter[]>();
  let version: string | null = null;

  return {
    headersFor(message) {
      const { method, kind } = message;
      if (method === null) return null;
      // Without the mark in its bytes no message needs to be parsed.
      if (!message.bytes.includes(MARK))
        return version === null || kind === 'request' ? null : { 'mcp-protocol-version': version, 'mcp-method': method };
      const params = valueAt(message, message.paramsAt);
      const meta = isRecord(params) && isRecord(params['_meta']) ? params['_meta'][MARK] : undefined;
      if (!isRecord(params) || typeof meta !== 'string') return null;
      version = meta;
      const named = NAMED[method];
      const name = named === undefined ? undefined : params[named];
      const headers: Record<string, string> = { 'mcp-protocol-version': headerValue(meta), 'mcp-method': headerValue(method) };
      if (typeof name === 'string') headers['mcp-name'] = headerValue(name);
      if (method !== 'tools/call' || typeof name !== 'string') return headers;
      for (const { header, path } of tools.get(name) ?? []) {
        const value = at(params['arguments'], path);
        if (typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value))
          headers[header] = headerValue(String(value));
      }
      return headers;
    },
    learn(request, response) {
      if (request.method !== 'tools/list' || response.resultAt === null || !response.bytes.includes('x-mcp-header')) return;
      const result = valueAt(response, response.resultAt);
      const listed = isRecord(result) && Array.isArray(result['tools']) ? result['tools'].filter(isRecord) : [];
      for (const { name, inputSchema } of listed) if (typeof name === 'string') tools.set(name, parametersOf(inputSchema));
    },
    isSpoken: () => version !== null,
  };
}

/** Annotated properties that are reached by `properties` alone; annotations elsewhere are invalid and count for nothing. */
function parametersOf(schema: unknown, path: readonly string[] = []): readonly Parameter[] {
  const properties = isRecord(schema) ? schema['properties'] : undefined;
  if (!isRecord(properties)) return [];
  return Object.entries(properties).flatMap(([key, property]) => {
    const here = [...path, key];
    const name = isRecord(property) ? property['x-mcp-header'] : undefined;
    const own =
      typeof name === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(name) ? [{ header: `mcp-param-${name.toLowerCase()}`, path: here }] : [];
    return [...own, ...parametersOf(property, here)];
  });
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

/** A value as it may stand in a header: visible ASCII as it is, everything else in Base64 with the specification's markers. */
export function headerValue(value: string): string {
  const isPlain = /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/.test(value) && !/^=\?base64\?.*\?=$/.test(value);
  return isPlain ? value : `=?base64?${Buffer.from(value, 'utf8').toString('base64')}?=`;
}
