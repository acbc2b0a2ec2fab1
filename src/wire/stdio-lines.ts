/** What a line of a stdio server's output is: a message, or one of the ways in which messages get lost. */
import type { ForeignLine } from '../model/stdio.ts';
import { isRecord, parseJson } from './json-rpc.ts';

export type StdioLine =
  | { readonly kind: 'message'; readonly message: Record<string, unknown> }
  | { readonly kind: 'empty' }
  | { readonly kind: Exclude<ForeignLine['kind'], 'too-long'> };

const MESSAGE_START = /\{\s*"(?:jsonrpc|id|result|method|error|params)"\s*:/;

const BYTE_ORDER_MARK = '\uFEFF';

/** Reads one line. `sent` tells our own request bodies, for programs that repeat their input. */
export function readStdioLine(line: string, sent: (line: string) => boolean): StdioLine {
  // What JSON takes for white space, and no more: a client's parser stumbles over the rest.
  const text = line.replace(/^[ \t\r]+|[ \t\r]+$/g, '');
  if (text === '') return { kind: 'empty' };
  if (sent(text)) return { kind: 'echo' };
  if (/^Content-(?:Length|Type):/i.test(text)) return { kind: 'header' };
  const value = parseJson(text);
  if (isRecord(value)) return value['jsonrpc'] === '2.0' ? { kind: 'message', message: value } : { kind: 'json' };
  // A batch was legal in one revision only (2025-03-26); no client of today reads one.
  if (Array.isArray(value)) return { kind: value.some((one) => isRecord(one) && one['jsonrpc'] === '2.0') ? 'glued' : 'json' };
  if (value !== undefined) return { kind: 'text' };
  if (text.startsWith(BYTE_ORDER_MARK) && readStdioLine(text.slice(1), sent).kind === 'message') return { kind: 'byte-order-mark' };
  if (text === '{' || /^"jsonrpc"\s*:\s*"2\.0",?$/.test(text)) return { kind: 'spread' };
  return { kind: MESSAGE_START.test(text) && text.includes('"jsonrpc"') ? 'glued' : 'text' };
}
