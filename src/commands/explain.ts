import { CAUSES } from '../causes/index.gen.ts';
import { CONFIG_CAUSES } from '../causes/config/index.gen.ts';
import { STDIO_CAUSES } from '../causes/stdio/index.gen.ts';
import { CHECKS } from '../facts/signatures/checks.ts';
import { SYSTEMS, type System } from '../facts/signatures/signature.ts';
import type { Explanation, ReadText } from '../model/explanation.ts';
import { maskForeign } from '../model/redact.ts';
import { LONGEST_LINE, LONGEST_TEXT } from './explain/limits.ts';
import { rank } from './explain/rank.ts';
import { readText } from './explain/read-text.ts';

export interface ExplainRequest {
  readonly text: string;
  /** Where the failing side runs; ignored when it is not one of SYSTEMS. */
  readonly system?: string | undefined;
  /** Id of the client, when the asker knows it. */
  readonly client?: string | undefined;
}

/** Reads an error message or a log. Nothing is probed, and no secret in the text gets into the answer. */
export function explain({ text, system, client }: ExplainRequest): Explanation {
  const lines = text.slice(-LONGEST_TEXT).split(/\r?\n/);
  const masked = maskForeign(lines.map((line) => line.slice(0, LONGEST_LINE)).join('\n'));
  const reading = readText(masked);
  const { errno, host, port, family, status, transport } = reading;
  return {
    schema: 'mcpreach.explain/1',
    read: { errno, host, port, family, status, client: client ?? reading.client, transport },
    candidates: rank(masked, reading, SYSTEMS.find((one) => one === system) ?? systemIn(masked)),
  };
}

/** The catalogue's account of a cause code; undefined when the word is none. */
export function explainCode(code: string): Explanation | undefined {
  const cause = [...CAUSES, ...STDIO_CAUSES, ...CONFIG_CAUSES].find(({ id }) => id === code);
  if (cause === undefined) return undefined;
  const { id, title, about, refs } = cause;
  const check = Object.entries(CHECKS).find(([one]) => one === id)?.[1] ?? `Ask with: mcpreach doctor TARGET`;
  return {
    schema: 'mcpreach.explain/1',
    read: NOTHING_READ,
    candidates: [{ cause: id, score: 1, why: 'Asked for by its code.', check }],
    account: { title, about: about.trim(), refs },
  };
}

const NOTHING_READ: ReadText = { errno: null, host: null, port: null, family: null, status: null, client: null, transport: null };

/** The system that the text itself gives away. */
function systemIn(text: string): System | null {
  if (/\/mnt\/[a-z]\/|\bWSL2?\b/.test(text)) return 'wsl';
  if (/\bWinError\b|[A-Z]:\\+\w|\.exe\b|\bcmd\.exe\b/.test(text)) return 'windows';
  if (/\bdocker\b|\bcontainer\b|\/\.dockerenv/i.test(text)) return 'docker';
  if (/\/Users\/|\/opt\/homebrew|\bmacOS\b/.test(text)) return 'macos';
  return /\/home\/|\/usr\/lib/.test(text) ? 'linux' : null;
}
