/** Messages that the translation makes itself. */
import { type Envelope, readEnvelope } from '../../wire/envelope.ts';
import { refusalOf, tell } from '../refusal.ts';

/** A response with a result, under an id given as JSON text. */
export function resultReply(idText: string, result: string | object): Envelope {
  return reply(idText, 'result', typeof result === 'string' ? result : JSON.stringify(result));
}

/** A response with an error, under an id given as JSON text. */
export function errorReply(idText: string, error: { readonly code: number; readonly message: string; readonly data?: unknown }): Envelope {
  return reply(idText, 'error', JSON.stringify(error));
}

/** Says that a message cannot be translated, and whether the server may have done something for it. */
export function refusal(idText: string, message: string, executed: 'no' | 'unknown', remedies: readonly string[]): Envelope {
  return refusalOf(idText, { cause: 'protocol-version', summary: message, remedies: remedies.map(tell) }, executed);
}

/** A request; `id` and `params` are JSON text. */
export function requestOf(id: string, method: string, params: string): Envelope {
  return readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":${params}}`));
}

/** A notification; `params` are JSON text. */
export function notificationOf(method: string, params: string): Envelope {
  return readEnvelope(Buffer.from(`{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":${params}}`));
}

function reply(idText: string, member: string, text: string): Envelope {
  return readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":${idText},"${member}":${text}}`));
}
