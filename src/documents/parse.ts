import type { DocumentFormat, ParsedDocument } from '../model/document.ts';
import { createLocator } from './lines.ts';
import { readText } from './read.ts';
import { memberAt, valueOf } from './tree.ts';

/**
 * Reads a config file's text. A text with faults still yields what can be made out; TOML and JSON5 what precedes the first.
 * Strict JSON reports comments, trailing commas and a byte order mark; duplicate keys are reported in every format, and the last one counts.
 */
export function parseDocument(text: string, format: DocumentFormat): ParsedDocument {
  const { root, faults } = readText(text, format);
  const locate = createLocator(text);
  return {
    value: valueOf(root),
    errors: faults.map(({ code, span, message }) => ({ code, position: locate(span), message })),
    positionOf(path) {
      if (path.length === 0) return root === null ? null : { key: null, value: locate(root.span) };
      const member = memberAt(root, path);
      return member === undefined ? null : { key: member.keySpan && locate(member.keySpan), value: locate(member.node.span) };
    },
  };
}
