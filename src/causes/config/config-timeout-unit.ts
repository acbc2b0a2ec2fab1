import { problemCause } from './from-problem.ts';

/** A timeout is written in the wrong unit. */
export const cause = problemCause({
  id: 'config-timeout-unit',
  group: 'config',
  title: 'A timeout is written in the wrong unit',
  severity: 'warning',
  about: `Some clients take a timeout in milliseconds, others in seconds, and the number alone does not tell: 30 becomes 30 milliseconds, or 30000
becomes more than eight hours. The server is given up before it can answer, or waited for without end.
mcpreach knows the unit of each client. By hand: the client's page in docs/clients.`,
  refs: ['https://developers.openai.com/codex/mcp', 'https://code.claude.com/docs/en/mcp'],
  example: {
    title: 'seconds where milliseconds are meant',
    summary: 'The timeout of 30 is 30 ms for Claude Code; 30 s are meant.',
    line: '      "timeout": 30,',
    advice: 'Write 30000.',
  },
});
