import type { EntryShape } from './shape.ts';

/** The form of OpenCode, which Kilo Code took over: the command is an array, and types are `local` and `remote`. */
export const OPENCODE_SHAPE: EntryShape = {
  type: {
    field: 'type',
    words: { local: 'stdio', remote: 'http-or-sse' },
    missingWithUrl: 'error',
    missingWithCommand: 'error',
    write: { stdio: 'local', http: 'remote', sse: 'remote' },
  },
  command: 'command',
  args: null,
  env: 'environment',
  cwd: 'cwd',
  envFile: null,
  urls: [{ field: 'url', transport: null }],
  headers: ['headers'],
  disabled: { field: 'enabled', when: false },
  timeouts: [{ field: 'timeout', unit: 'ms', of: 'both' }],
  others: ['oauth'],
  both: 'unknown',
};
