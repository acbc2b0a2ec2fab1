import { mendFaults } from '../documents/mend.ts';
import type { ConfigProblem } from '../model/config.ts';
import type { DocumentError, DocumentFormat } from '../model/document.ts';
import { mendOf, problemIn, type Source } from './problem.ts';
import type { EntryReading } from './read-entry.ts';

const TITLES = {
  comment: 'Remove the comment',
  'trailing-comma': 'Remove the comma',
  bom: 'Remove the byte order mark',
  'bad-escape': 'Write every backslash of the text so that it is taken as one',
} as const;

/** Whether a client's parser gives up over it; most JSON parsers take the last of two equal keys, and TOML and YAML allow none. */
export function isFatal({ code }: DocumentError, format: DocumentFormat): boolean {
  return code === 'duplicate-key' ? format === 'toml' || format === 'yaml' : code !== 'bom';
}

/** What a client objects to in a text. `parsedAs` is the format the text was read as. */
export function syntaxProblem(
  source: Source,
  error: DocumentError,
  { text, parsedAs, readings }: { readonly text: string; readonly parsedAs: DocumentFormat; readonly readings: readonly EntryReading[] },
): ConfigProblem {
  const { file, client, document } = source;
  const { code, position, message } = error;
  const isBreaking = isFatal(error, parsedAs);
  const again = readings.find(({ entry }) => code === 'duplicate-key' && entry?.position.offset === position.offset)?.entry;
  if (again && !isBreaking) {
    return problemIn(source, {
      code: 'config-duplicate-name',
      server: again.name,
      position,
      severity: 'warning',
      summary: `"${again.name}" is in ${file.shown} twice; the last one counts.`,
      advice: 'Remove or rename the one that is not meant.',
    });
  }
  // Text can only be replaced safely when the rest of the file is understood.
  const edits = document.errors.some((one) => one.code === 'syntax') ? [] : mendFaults(text, parsedAs, [error]);
  return problemIn(source, {
    code: 'config-syntax',
    server: null,
    position,
    severity: isBreaking ? 'error' : 'warning',
    summary: `${file.shown} is not what ${client.title} can read: ${message.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase())}`,
    ...(edits.length > 0 && code in TITLES
      ? { mend: mendOf(file, TITLES[code as keyof typeof TITLES], ...edits) }
      : { advice: adviceFor(error, text, parsedAs) }),
  });
}

/** What a person has to do where nobody can know what was meant. */
function adviceFor({ code, position }: DocumentError, text: string, format: DocumentFormat): string {
  switch (code) {
    case 'comment':
    case 'trailing-comma':
    case 'bom':
      return `${TITLES[code]}.`;
    case 'bad-escape':
      return 'Write each backslash twice.';
    case 'duplicate-key':
      return 'Remove or rename the one that is not meant.';
    case 'tab-indent':
      return 'Indent with spaces instead of tabs.';
    case 'syntax':
      return `${hintAt(text, position.offset, format)}Correct the text at line ${position.line}, column ${position.column}.`;
  }
}

/** The commonest slips, by the characters at their place. */
function hintAt(text: string, offset: number, format: DocumentFormat): string {
  const isJson = format === 'json' || format === 'jsonc';
  if (/^(?:<{7}|={7}|>{7})(?: |\r?$)/m.test(text)) return 'Finish the merge: keep one of both sides, without the lines that mark them. ';
  if (/^[“”„‟«»‘’‚]/.test(text.slice(offset))) return 'Write straight quotes (") for the typographic ones. ';
  return isJson && text[offset] === "'" ? 'Write double quotes (") for the single ones. ' : '';
}
