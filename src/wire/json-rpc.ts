import type { JsonRpcError } from '../model/evidence.ts';

/** A JSON-RPC 2.0 response, as far as the doctor reads it. */
export interface RpcResponse {
  readonly id: unknown;
  /** Undefined for errors. */
  readonly result: unknown;
  readonly error: JsonRpcError | null;
}

/** The response in a parsed JSON value, if it is one; in a batch, the one with our id or else the first. */
export function readRpcResponse(value: unknown, ourId: string): RpcResponse | null {
  if (Array.isArray(value)) {
    const responses = value.map((one) => readRpcResponse(one, ourId)).filter((one) => one !== null);
    return responses.find((one) => one.id === ourId) ?? responses[0] ?? null;
  }
  if (!isRecord(value) || value['jsonrpc'] !== '2.0') return null;
  if (isRecord(value['error'])) {
    const { code, message, data } = value['error'];
    return {
      id: value['id'],
      result: undefined,
      error: {
        code: typeof code === 'number' ? code : 0,
        message: typeof message === 'string' ? message : '',
        ...(data === undefined ? {} : { data }),
      },
    };
  }
  return 'result' in value ? { id: value['id'], result: value['result'], error: null } : null;
}

/** The value as an object, not null and no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** JSON text as a value; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
