/** Members of JSON objects inside messages, found, set and removed in place: all other bytes stay as they came. */
import { type ByteRange, type Envelope, readEnvelope, readString, skipSpace, skipString, skipValue } from '../../wire/envelope.ts';

/** One member of an object: where it starts with its key, and where its value is. */
export interface Member {
  readonly key: string;
  readonly start: number;
  readonly value: ByteRange;
}

/** New texts of members by their keys; null removes one. */
export type Changes = Readonly<Record<string, string | Buffer | null>>;

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/** The members of the object in a range; null when there is none. */
export function membersAt(bytes: Buffer, at: ByteRange | null): readonly Member[] | null {
  if (at === null) return null;
  const open = skipSpace(bytes, at.start);
  if (bytes[open] !== OPEN_BRACE) return null;
  const found: Member[] = [];
  let next = skipSpace(bytes, open + 1);
  while (bytes[next] === 0x22) {
    const keyEnd = skipString(bytes, next);
    const start = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
    const end = skipValue(bytes, start);
    if (keyEnd < 0 || end <= start) return null;
    found.push({ key: readString(bytes, { start: next, end: keyEnd }) ?? '', start: next, value: { start, end } });
    next = skipSpace(bytes, end);
    if (bytes[next] !== COMMA) break;
    next = skipSpace(bytes, next + 1);
  }
  return found;
}

/** Where the elements of the array in a range are; null when there is none. */
export function elementsAt(bytes: Buffer, at: ByteRange | null): readonly ByteRange[] | null {
  if (at === null) return null;
  const open = skipSpace(bytes, at.start);
  if (bytes[open] !== OPEN_BRACKET) return null;
  const found: ByteRange[] = [];
  let start = skipSpace(bytes, open + 1);
  while (bytes[start] !== CLOSE_BRACKET) {
    const end = skipValue(bytes, start);
    if (end <= start) return null;
    found.push({ start, end });
    const next = skipSpace(bytes, end);
    if (bytes[next] !== COMMA) break;
    start = skipSpace(bytes, next + 1);
  }
  return found;
}

/** Where the value of a member is, of a key that stands twice the last; null without it. The path goes into objects. */
export function memberAt(bytes: Buffer, at: ByteRange | null, ...path: readonly string[]): ByteRange | null {
  return path.reduce<ByteRange | null>((within, key) => membersAt(bytes, within)?.findLast((one) => one.key === key)?.value ?? null, at);
}

/** The text of the object in a range with members changed where they stand, and new ones added at its end. */
export function changedObject(bytes: Buffer, at: ByteRange | null, changes: Changes): Buffer {
  const left = new Map(Object.entries(changes));
  const parts: Buffer[] = [];
  for (const { key, start, value } of membersAt(bytes, at) ?? []) {
    if (!Object.hasOwn(changes, key)) parts.push(bytes.subarray(start, value.end));
    else parts.push(...memberOf(key, left.get(key) ?? null));
    left.delete(key);
  }
  for (const [key, text] of left) parts.push(...memberOf(key, text));
  const separated = parts.flatMap((part, index) => (index === 0 ? [part] : [Buffer.from(','), part]));
  return Buffer.concat([Buffer.from('{'), ...separated, Buffer.from('}')]);
}

function memberOf(key: string, text: string | Buffer | null): readonly Buffer[] {
  return text === null ? [] : [Buffer.concat([Buffer.from(`${JSON.stringify(key)}:`), Buffer.from(text)])];
}

/** The message with members of its outermost object changed. */
export function withMembers({ bytes }: Envelope, changes: Changes): Envelope {
  return readEnvelope(changedObject(bytes, { start: 0, end: bytes.length }, changes));
}

/** The message with members of `params` changed; one whose `params` is no object stays as it is. */
export function withParams(message: Envelope, changes: Changes): Envelope {
  const { bytes, paramsAt } = message;
  if (paramsAt !== null && membersAt(bytes, paramsAt) === null) return message;
  return withMembers(message, { params: changedObject(bytes, paramsAt, changes) });
}

/** The message with members of `params._meta` changed; an empty `_meta` goes. */
export function withMeta(message: Envelope, changes: Changes): Envelope {
  const { bytes, paramsAt } = message;
  const metaAt = memberAt(bytes, paramsAt, '_meta');
  const meta = changedObject(bytes, metaAt, changes);
  const isEmpty = meta.length === 2;
  if (isEmpty && metaAt === null) return message;
  return withParams(message, { _meta: isEmpty ? null : meta });
}

/** The bytes of a range as text. */
export function textAt({ bytes }: Envelope, at: ByteRange | null): string | null {
  return at === null ? null : bytes.toString('utf8', at.start, at.end);
}
