/**
 * Results of a modern server as older clients can read them. 2026-07-28 lets tools describe and return any JSON value, where
 * those before it allow objects only; a client that checks would throw away the whole list, or the whole answer.
 */
import { type ByteRange, type Envelope, valueAt } from '../../wire/envelope.ts';
import { isRecord } from '../../wire/json-rpc.ts';
import { changedObject, elementsAt, memberAt, withMembers } from './members.ts';

/** The answer to a request of this method as a legacy client can read it; unchanged where it can already. */
export function olderResult(message: Envelope, method: string): Envelope {
  if (message.resultAt === null) return message;
  if (method === 'tools/list') return withOlderTools(message);
  return method === 'tools/call' ? withOlderContent(message) : message;
}

function withOlderContent(message: Envelope): Envelope {
  const { bytes, resultAt } = message;
  const at = memberAt(bytes, resultAt, 'structuredContent');
  if (at === null || bytes[at.start] === OPEN_BRACE) return message;
  return withMembers(message, { result: changedObject(bytes, resultAt, { structuredContent: null }) });
}

function withOlderTools(message: Envelope): Envelope {
  const { bytes, resultAt } = message;
  const tools = elementsAt(bytes, memberAt(bytes, resultAt, 'tools'));
  if (tools === null || !tools.some((tool) => hasNewerSchema(message, tool))) return message;
  const texts = tools.map((tool) =>
    hasNewerSchema(message, tool) ? changedObject(bytes, tool, { outputSchema: null }) : bytes.subarray(tool.start, tool.end),
  );
  const list = Buffer.concat([
    Buffer.from('['),
    ...texts.flatMap((text, index) => (index === 0 ? [text] : [COMMA, text])),
    Buffer.from(']'),
  ]);
  return withMembers(message, { result: changedObject(bytes, resultAt, { tools: list }) });
}

function hasNewerSchema(message: Envelope, tool: ByteRange): boolean {
  const schema = valueAt(message, memberAt(message.bytes, tool, 'outputSchema'));
  return schema !== undefined && !(isRecord(schema) && schema['type'] === 'object');
}

const OPEN_BRACE = 0x7b;
const COMMA = Buffer.from(',');
