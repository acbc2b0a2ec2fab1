/** A minimal Streamable HTTP server by hand whose every answer can be replaced: for faults no SDK would let one make. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { type App, pathOf, readBody } from './app.ts';

export interface RpcRequest {
  readonly id?: string | number;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** One exchange in the hands of a fault. */
export interface RawExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly rpc: RpcRequest;
  /** Answers 200 with a JSON-RPC result. */
  result(value: unknown, headers?: Record<string, string>): void;
  /** Answers with a JSON-RPC error, status 200 unless told. */
  error(code: number, message: string, status?: number, data?: unknown): void;
  /** Answers with anything. */
  send(status: number, type: string, body: string, headers?: Record<string, string>): void;
}

export type Step = (exchange: RawExchange) => void | Promise<void>;

export interface RawMcpOptions {
  readonly path?: string;
  /** Replaces the answer to a method; `*` to any that is not named. */
  readonly steps?: Readonly<Record<string, Step>>;
  /** Hands out a session id. Default false. */
  readonly sessions?: boolean;
  readonly protocolVersion?: string;
  /** Default: a server with tools. */
  readonly capabilities?: Readonly<Record<string, unknown>>;
}

const TOOLS = [{ name: 'add', description: 'Adds two numbers.', inputSchema: { type: 'object' } }];

/** A healthy legacy server, apart from the given steps. */
export function rawMcp(options: RawMcpOptions = {}): App {
  const sessions = new Set<string>();
  const steps: Record<string, Step> = {
    initialize: ({ result }) => {
      const id = randomUUID();
      if (options.sessions === true) sessions.add(id);
      result(
        {
          protocolVersion: options.protocolVersion ?? '2025-06-18',
          capabilities: options.capabilities ?? { tools: {} },
          serverInfo: { name: 'lab-raw', version: '0.1.0' },
        },
        options.sessions === true ? { 'mcp-session-id': id } : {},
      );
    },
    'notifications/initialized': ({ response }) => void response.writeHead(202).end(),
    'tools/list': ({ result }) => result({ tools: TOOLS }),
    '*': ({ error, rpc }) => error(-32601, `Method not found: ${rpc.method}`),
    ...options.steps,
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send: RawExchange['send'] = (status, type, body, headers = {}) => {
      response.writeHead(status, { 'content-type': type, ...headers });
      response.end(body);
    };
    if (pathOf(request.url) !== (options.path ?? '/mcp')) return send(404, 'text/plain', 'Not found\n');
    const id = request.headers['mcp-session-id'];
    if (request.method === 'DELETE') {
      if (typeof id === 'string' && sessions.delete(id)) return send(200, 'text/plain', '');
      return send(405, 'text/plain', 'Method not allowed\n');
    }
    if (request.method !== 'POST') return send(405, 'text/plain', 'Method not allowed\n', { allow: 'POST' });
    const rpc = JSON.parse(await readBody(request)) as RpcRequest;
    const exchange: RawExchange = {
      request,
      response,
      rpc,
      send,
      result: (value, headers) => send(200, 'application/json', JSON.stringify({ jsonrpc: '2.0', id: rpc.id, result: value }), headers),
      error: (code, message, status = 200, data?: unknown) =>
        send(status, 'application/json', JSON.stringify({ jsonrpc: '2.0', id: rpc.id ?? null, error: { code, message, data } })),
    };
    const step = steps[rpc.method] ?? steps['*'];
    await step?.(exchange);
  }

  return { handle: (request, response) => void handle(request, response), sessions: () => sessions.size };
}
