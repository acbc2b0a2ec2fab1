import { RPC_CODES } from '../facts/revisions.ts';
import type { AnswerMeaning, BodyKind, McpRequestName } from '../model/evidence.ts';
import { readChallenge } from './headers.ts';
import type { RpcResponse } from './json-rpc.ts';

export interface AnswerFacts {
  readonly request: McpRequestName;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyKind: BodyKind;
  readonly excerpt: string;
  readonly rpc: RpcResponse | null;
}

/**
 * What an answer to one of our requests means on the wire. Status and JSON-RPC code decide; message text only where
 * servers share one code for several things (`-32000`), which the official SDKs do for sessions, Host and Origin.
 */
export function meaningOf(answer: AnswerFacts): AnswerMeaning {
  const { status, headers, rpc, request } = answer;
  if (status >= 200 && status < 300) return meaningOfSuccess(answer);
  if (status >= 300 && status < 400) return headers['location'] === undefined ? 'unusable' : 'redirect';
  switch (status) {
    case 401:
      return 'auth-required';
    case 403:
      return meaningOfForbidden(answer);
    case 407:
      return 'proxy-auth';
    case 421:
      return 'host-rejected';
    case 429:
      return 'throttled';
    case 502:
    case 504:
      return 'gateway-error';
    case 503:
      return rpc === null ? 'gateway-error' : 'server-error';
  }
  if (status >= 500) return 'server-error';
  const byCode = rpc?.error ? meaningOfRpcError(rpc, request) : null;
  if (byCode !== null && byCode !== 'rpc-error') return byCode;
  const text = rpc?.error?.message ?? answer.excerpt;
  if (status === 404 && (rpc !== null || answer.bodyKind !== 'html') && /session/i.test(text)) return 'session-unknown';
  if (status === 400 && answer.bodyKind !== 'html' && /session|not initialized/i.test(text)) return 'session-required';
  if (byCode !== null) return byCode;
  if (status === 404 || status === 410) return 'not-found';
  if (status === 405) return 'method-not-allowed';
  return 'bad-request';
}

function meaningOfSuccess({ rpc, request, status, bodyKind }: AnswerFacts): AnswerMeaning {
  if (rpc !== null) return meaningOfMessage(rpc, request);
  // A notification is answered by 202 and no body.
  if (request === 'notifications/initialized' && (status === 202 || bodyKind === 'empty')) return 'result';
  return 'unusable';
}

/** What a JSON-RPC response means by itself, whatever HTTP status brought it. */
export function meaningOfMessage(rpc: RpcResponse, request: McpRequestName): AnswerMeaning {
  return rpc.error === null ? 'result' : meaningOfRpcError(rpc, request);
}

function meaningOfForbidden({ headers, rpc, excerpt, bodyKind }: AnswerFacts): AnswerMeaning {
  if (readChallenge(headers['www-authenticate']) !== null) return 'auth-required';
  const text = rpc?.error?.message ?? (bodyKind === 'html' ? '' : excerpt);
  if (/\borigin\b/i.test(text)) return 'origin-rejected';
  if (/\bhost\b/i.test(text)) return 'host-rejected';
  return 'forbidden';
}

function meaningOfRpcError({ error, id }: RpcResponse, request: McpRequestName): AnswerMeaning {
  switch (error?.code) {
    case RPC_CODES.unsupportedProtocolVersion:
      return 'other-modern-version';
    case RPC_CODES.headerMismatch:
    case RPC_CODES.missingClientCapability:
      return 'modern-request-fault';
    case RPC_CODES.methodNotFound:
      return 'method-unknown';
    default:
      break;
  }
  // Before 2026-07-28 a refused version has no code of its own (basic/lifecycle: -32602 with `data.supported`; the SDKs: -32000).
  if (offeredVersions({ id, error, result: undefined }).length > 0) return 'version-unsupported';
  if (/unsupported protocol version/i.test(error?.message ?? '')) return 'version-unsupported';
  // Legacy servers use the same code for anything; only an answer to our own discover is about the envelope.
  const envelope = error?.code === RPC_CODES.invalidParams && request === 'server/discover' && id === 'mcpreach-1';
  return envelope ? 'modern-request-fault' : 'rpc-error';
}

/** Protocol versions a refusal names: `data.supported` since 2026-07-28, before that in the message of the official SDKs. */
export function offeredVersions(rpc: RpcResponse | null): readonly string[] {
  const data = rpc?.error?.data;
  if (data !== null && typeof data === 'object' && 'supported' in data && Array.isArray(data.supported)) {
    return data.supported.filter((one) => typeof one === 'string');
  }
  const listed = rpc?.error?.message.match(/supported versions?:\s*([^)]*)/i)?.[1];
  return listed === undefined ? [] : (listed.match(/\d{4}-\d{2}-\d{2}/g) ?? []);
}
