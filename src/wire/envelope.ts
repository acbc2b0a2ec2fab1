/**
 * JSON-RPC messages as a relay needs them: what kind a message is and where its id stands, found without changing a byte.
 * Parsing and printing it again would lose large and fractional numbers, the order of keys, and keys that stand twice.
 */

export type MessageKind = 'request' | 'notification' | 'response' | 'batch' | 'invalid';

/** A place in the bytes of a message: from the first byte to the one after the last. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** One message with what its outermost members say. */
export interface Envelope {
  /** UTF-8 JSON text on one line. */
  readonly bytes: Buffer;
  readonly kind: MessageKind;
  /** The id in a form in which equal ids are equal text and `1` is not `"1"`; null where there is none, and for `id: null`. */
  readonly id: string | null;
  readonly idAt: ByteRange | null;
  readonly method: string | null;
  readonly paramsAt: ByteRange | null;
  readonly resultAt: ByteRange | null;
  readonly errorAt: ByteRange | null;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Reads the outermost members of a message. Text that is no JSON object or array is `invalid`, never an exception. */
export function readEnvelope(text: Uint8Array): Envelope {
  const bytes = oneLine(Buffer.isBuffer(text) ? text : Buffer.from(text));
  const start = skipSpace(bytes, 0);
  if (bytes[start] === OPEN_BRACKET) return { ...EMPTY, bytes, kind: isClosed(bytes, start) ? 'batch' : 'invalid' };
  const members = bytes[start] === OPEN_BRACE ? readMembers(bytes, start) : null;
  if (members === null) return { ...EMPTY, bytes, kind: 'invalid' };
  const { id: idAt = null, method: methodAt = null, params: paramsAt = null, result: resultAt = null, error: errorAt = null } = members;
  const method = methodAt === null ? null : readString(bytes, methodAt);
  const id = idAt === null ? null : canonicalId(bytes.toString('utf8', idAt.start, idAt.end));
  const kind: MessageKind =
    method !== null ? (idAt === null ? 'notification' : 'request') : resultAt !== null || errorAt !== null ? 'response' : 'invalid';
  return { bytes, kind, id, idAt, method, paramsAt, resultAt, errorAt };
}

const EMPTY = { id: null, idAt: null, method: null, paramsAt: null, resultAt: null, errorAt: null } as const;

/** The same message under another id, given as JSON text; all other bytes stay. A message without id stays as it is. */
export function withId(envelope: Envelope, id: string): Envelope {
  const { bytes, idAt } = envelope;
  return idAt === null ? envelope : readEnvelope(replaceRange(bytes, idAt, id));
}

/** The bytes with one range replaced by text. */
export function replaceRange(bytes: Buffer, { start, end }: ByteRange, text: string): Buffer {
  return Buffer.concat([bytes.subarray(0, start), Buffer.from(text), bytes.subarray(end)]);
}

/** A message made by ourselves. */
export function messageOf(value: object): Envelope {
  return readEnvelope(Buffer.from(JSON.stringify(value)));
}

/** The value in a range; undefined where there is no range or no JSON in it. */
export function valueAt({ bytes }: Envelope, at: ByteRange | null): unknown {
  if (at === null) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8', at.start, at.end)) as unknown;
  } catch {
    return undefined;
  }
}

/** The id as the JSON text under which it is sent; `null` where there is none. */
export function idText({ bytes, idAt }: Envelope): string {
  return idAt === null ? 'null' : bytes.toString('utf8', idAt.start, idAt.end);
}

/** An id in a JSON-RPC member such as `requestId`, in the form of {@link Envelope.id}; null when it is none. */
export function idOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? canonicalId(JSON.stringify(value)) : null;
}

/** Strings by their content, whole numbers by their digits (more of them than a double holds), other numbers by their value. */
function canonicalId(text: string): string | null {
  if (text === 'null') return null;
  if (/^-?\d+$/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** Line breaks inside JSON text can only stand between tokens, where a space means the same; stdio frames messages by lines. */
function oneLine(bytes: Buffer): Buffer {
  if (!bytes.includes(0x0a) && !bytes.includes(0x0d)) return bytes;
  const copy = Buffer.from(bytes);
  for (const lineBreak of [0x0a, 0x0d]) {
    for (let at = copy.indexOf(lineBreak); at >= 0; at = copy.indexOf(lineBreak, at + 1)) copy[at] = 0x20;
  }
  let end = copy.length;
  while (end > 0 && copy[end - 1] === 0x20) end -= 1;
  return copy.subarray(0, end);
}

const MEMBERS = new Set(['id', 'method', 'params', 'result', 'error']);

/** Where the members of the outermost object stand; of a key that stands twice the last, as JSON.parse has it. Null when it is not whole. */
function readMembers(bytes: Buffer, open: number): Readonly<Record<string, ByteRange>> | null {
  const found: Record<string, ByteRange> = {};
  let at = skipSpace(bytes, open + 1);
  if (bytes[at] === CLOSE_BRACE) return found;
  for (;;) {
    if (bytes[at] !== QUOTE) return null;
    const keyEnd = skipString(bytes, at);
    if (keyEnd < 0) return null;
    const key = readString(bytes, { start: at, end: keyEnd });
    at = skipSpace(bytes, keyEnd);
    if (bytes[at] !== COLON) return null;
    const start = skipSpace(bytes, at + 1);
    const end = skipValue(bytes, start);
    if (end <= start) return null;
    if (key !== null && MEMBERS.has(key)) found[key] = { start, end };
    at = skipSpace(bytes, end);
    if (bytes[at] === CLOSE_BRACE) return skipSpace(bytes, at + 1) === bytes.length ? found : null;
    if (bytes[at] !== COMMA) return null;
    at = skipSpace(bytes, at + 1);
  }
}

function isClosed(bytes: Buffer, open: number): boolean {
  const end = skipValue(bytes, open);
  return end > open && skipSpace(bytes, end) === bytes.length;
}

/** The first byte from here on that is no white space. */
export function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  // Space, tab, line feed, carriage return: RFC 8259, section 2.
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) break;
    at += 1;
  }
  return at;
}

/** The end of the string that opens at `open`; -1 when it is not closed. */
export function skipString(bytes: Buffer, open: number): number {
  for (let at = bytes.indexOf(QUOTE, open + 1); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return -1;
}

/** The end of the value that starts at `start`; -1 when it is not whole. Checks nesting, not every token. */
export function skipValue(bytes: Buffer, start: number): number {
  const first = bytes[start];
  if (first === QUOTE) return skipString(bytes, start);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return skipScalar(bytes, start);
  let depth = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at) - 1;
      if (at < 0) return -1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function skipScalar(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    const isPart =
      (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x2d || byte === 0x2b || byte === 0x2e || byte === 0x45;
    if (!isPart) break;
    at += 1;
  }
  return at > start ? at : -1;
}

/** The string in a range; null when it is none. */
export function readString(bytes: Buffer, { start, end }: ByteRange): string | null {
  if (bytes[start] !== QUOTE) return null;
  const inner = bytes.toString('utf8', start + 1, end - 1);
  if (!inner.includes('\\')) return inner;
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    return null;
  }
}

/** Where a member of the object in a range stands, null when there is no such object or member; of a key that stands twice the last. */
export function memberAt(bytes: Buffer, object: ByteRange | null, name: string): ByteRange | null {
  if (object === null || bytes[object.start] !== OPEN_BRACE) return null;
  let found: ByteRange | null = null;
  for (let at = skipSpace(bytes, object.start + 1); bytes[at] === QUOTE; ) {
    const keyEnd = skipString(bytes, at);
    if (keyEnd < 0) return found;
    const key = readString(bytes, { start: at, end: keyEnd });
    const colon = skipSpace(bytes, keyEnd);
    const start = skipSpace(bytes, colon + 1);
    const end = skipValue(bytes, start);
    if (bytes[colon] !== COLON || end <= start) return found;
    if (key === name) found = { start, end };
    at = skipSpace(bytes, end);
    if (bytes[at] !== COMMA) return found;
    at = skipSpace(bytes, at + 1);
  }
  return found;
}

/** The messages of a batch, each by itself; empty when it is none. */
export function messagesOf({ bytes, kind }: Envelope): readonly Envelope[] {
  if (kind !== 'batch') return [];
  const items: Envelope[] = [];
  for (let at = skipSpace(bytes, bytes.indexOf(OPEN_BRACKET) + 1); at < bytes.length && bytes[at] !== CLOSE_BRACKET; ) {
    const end = skipValue(bytes, at);
    if (end <= at) break;
    items.push(readEnvelope(bytes.subarray(at, end)));
    at = skipSpace(bytes, end);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
  }
  return items;
}
