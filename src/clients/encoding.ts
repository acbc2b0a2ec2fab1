import type { Client } from './client.ts';
import { problemIn, TOP } from './problem.ts';
import type { FileReading } from './read-file.ts';

/** The same file where it is in UTF-16: we can read it, and its client, which takes every file for UTF-8, cannot. Pure. */
export function inUtf16({ title }: Client, reading: FileReading): FileReading {
  if (reading.rule.read === 'never') return reading;
  const problem = problemIn(reading, {
    code: 'config-syntax',
    server: null,
    position: TOP,
    certainty: 'likely',
    summary: `${reading.file.shown} is in UTF-16, and ${title} reads its configuration as UTF-8.`,
    advice: 'Save the file as UTF-8: in VS Code with "Save with Encoding", in Notepad with "Save as".',
  });
  return {
    ...reading,
    entries: reading.entries.map((entry) => ({ ...entry, unread: 'syntax' })),
    problems: [problem, ...reading.problems],
  };
}
