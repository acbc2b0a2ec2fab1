import { isIP } from 'node:net';
import type { GuardOptions } from '../../bridge/serve/guards.ts';
import { UsageError } from '../../model/errors.ts';
import { parseDuration } from '../duration.ts';

/** `mcpreach serve` as it was asked for, words as they were typed. */
export interface ServeRequest {
  readonly command: readonly string[];
  readonly port: string | undefined;
  readonly host: string | undefined;
  readonly path: string | undefined;
  readonly sse: boolean;
  readonly shared: boolean;
  readonly token: string | undefined;
  readonly tokenVariable: string | undefined;
  readonly insecure: boolean;
  readonly allowedOrigins: readonly string[];
  readonly allowedHosts: readonly string[];
  readonly maxSessions: string | undefined;
  readonly idle: string | undefined;
  readonly timeout: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Progress and the command's own standard error; may be silenced. */
  readonly note: (line: string) => void;
  /** What must be seen. */
  readonly error: (line: string) => void;
  /** A result, on stdout. */
  readonly print: (line: string) => void;
}

export interface ServeSettings {
  readonly command: readonly [string, ...string[]];
  readonly port: number;
  readonly path: string;
  readonly maxSessions: number;
  readonly idleMs: number;
  readonly readyMs: number;
  readonly guard: GuardOptions;
}

/** Near the well-known 8080 and in nobody's list of defaults. */
const DEFAULT_PORT = 8808;
const DEFAULT_SESSIONS = 200;
const MOST_SESSIONS = 100_000;
const DEFAULT_IDLE_MS = 5 * 60_000;
const DEFAULT_READY_MS = 10_000;
/** Ours, whatever is served. */
const TAKEN_PATHS = new Set(['/health', '/ready', '/metrics', '/sse']);
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Reads the options. Throws UsageError. */
export function readSettings(request: ServeRequest): ServeSettings {
  const [file, ...args] = request.command;
  if (file === undefined) throw new UsageError('missing-argument', 'There is no command: mcpreach serve -- COMMAND');
  const path = request.path ?? '/mcp';
  if (!/^\/[\w./~-]*$/.test(path) || TAKEN_PATHS.has(path)) {
    throw new UsageError('invalid-value', `--path: '${path}' cannot be used. Write a path such as /mcp.`);
  }
  return {
    command: [file, ...args],
    port: count(request.port, '--port', 0, 65_535) ?? DEFAULT_PORT,
    path,
    maxSessions: count(request.maxSessions, '--max-sessions', 1, MOST_SESSIONS) ?? DEFAULT_SESSIONS,
    idleMs: request.idle === undefined ? DEFAULT_IDLE_MS : parseDuration(request.idle, '--idle', 1000),
    readyMs: request.timeout === undefined ? DEFAULT_READY_MS : parseDuration(request.timeout, '--timeout', 1),
    guard: readGuard(request),
  };
}

function readGuard(request: ServeRequest): GuardOptions {
  const token = readToken(request);
  const host = request.host === undefined || request.host === 'localhost' ? null : request.host.replace(/^\[(.*)\]$/, '$1');
  if (host !== null && isIP(host) === 0) {
    throw new UsageError('invalid-value', `--host: '${host}' is no address. Write one of this machine's, for example 192.168.1.5.`);
  }
  if (host !== null && !LOOPBACK.has(host) && !host.startsWith('127.') && token === null && !request.insecure) {
    throw new UsageError(
      'token-required',
      `--host ${host} lets other machines start and use the command. Give --token-env VARIABLE, or say --insecure.`,
    );
  }
  for (const origin of request.allowedOrigins) {
    if (!/^[a-z][a-z0-9+.-]*:\/\/[^/]+\/?$/i.test(origin)) {
      throw new UsageError(
        'invalid-value',
        `--allow-origin: '${origin}' is no origin. Write scheme and name, for example https://app.example.com.`,
      );
    }
  }
  return { host, token, allowedHosts: request.allowedHosts, allowedOrigins: request.allowedOrigins };
}

function readToken({ token, tokenVariable, environment }: ServeRequest): string | null {
  if (token !== undefined && tokenVariable !== undefined) {
    throw new UsageError('conflicting-options', '--token and --token-env contradict each other; give one of them.');
  }
  const value = tokenVariable === undefined ? token : environment[tokenVariable];
  if (tokenVariable !== undefined && (value ?? '') === '') {
    throw new UsageError('invalid-value', `--token-env: the variable ${tokenVariable} is not set.`);
  }
  if (value === undefined) return null;
  if (!/^\S+$/.test(value)) throw new UsageError('invalid-value', 'The token is empty or has spaces in it.');
  return value;
}

function count(text: string | undefined, option: string, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new UsageError('invalid-value', `${option}: '${text}' is no number from ${least} to ${most}.`);
  }
  return value;
}
