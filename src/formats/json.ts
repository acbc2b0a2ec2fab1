import type { Format } from '../model/format.ts';
import { escapeJson } from './foreign.ts';

/** The report as it is. */
export const format: Format = {
  id: 'json',
  mediaType: 'application/json',
  extension: 'json',
  render: (report) => renderJson(report),
};

/** Any of our documents as indented JSON, ending in a line feed. */
export function renderJson(document: unknown): string {
  return `${escapeJson(JSON.stringify(document, null, 2))}\n`;
}
