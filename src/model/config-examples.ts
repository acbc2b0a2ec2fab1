/** Short forms for what is known about configs, in a cause's examples. */
import type { ConfigProblem } from './config.ts';
import type { ConfigEvidence } from './config-evidence.ts';
import { EXAMPLE_HOST } from './examples.ts';

/** A healthy entry, with what differs. */
export function configEvidence(more: Partial<ConfigEvidence> = {}): ConfigEvidence {
  return {
    host: EXAMPLE_HOST,
    target: {
      name: 'docs',
      client: 'Claude Code',
      transport: 'http',
      file: '.mcp.json',
      approvalStep: 'Start `claude` in the project and approve the server.',
      switchedOffBy: 'in the entry',
    },
    problems: [],
    approval: 'not-needed',
    skip: null,
    ...more,
  };
}

/** One problem of a project's file. */
export function problem(more: Partial<ConfigProblem> = {}): ConfigProblem {
  return {
    code: 'config-syntax',
    severity: 'error',
    certainty: 'proved',
    file: { client: 'claude-code', path: '/home/dev/app/.mcp.json', shown: '.mcp.json', scope: 'project', format: 'json' },
    server: 'docs',
    position: { line: 4, column: 7, offset: 40, length: 5 },
    line: '      "url": "http://localhost:3000/mcp",',
    summary: 'A comma follows the last value of an object.',
    advice: 'Correct the line.',
    mend: null,
    ifReached: null,
    ...more,
  };
}
