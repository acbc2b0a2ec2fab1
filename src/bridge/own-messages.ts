/** Messages that the bridge makes itself, around JSON text that somebody else wrote. */
import { type Envelope, idText, readEnvelope, replaceRange } from '../wire/envelope.ts';

/** A response with this result to this request. */
export function responseTo(request: Envelope, result: string): Envelope {
  return readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":${idText(request)},"result":${result}}`));
}

/** A request of the bridge's own with parameters given as JSON text. */
export function requestOf(id: string, method: string, params: string): Envelope {
  const bytes = Buffer.from(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":${JSON.stringify(method)},"params":{}}`);
  const request = readEnvelope(bytes);
  return request.paramsAt === null ? request : readEnvelope(replaceRange(bytes, request.paramsAt, params));
}

/** The messages of a batch; none when it is broken. */
export function partsOf({ bytes }: Envelope): readonly Envelope[] {
  try {
    const parts = JSON.parse(bytes.toString('utf8')) as unknown;
    return Array.isArray(parts) ? parts.map((part) => readEnvelope(Buffer.from(JSON.stringify(part)))) : [];
  } catch {
    return [];
  }
}

/** An error of JSON-RPC itself; `id` is JSON text. */
export function protocolError(id: string, code: number, message: string): Envelope {
  return readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code, message })}}`));
}
