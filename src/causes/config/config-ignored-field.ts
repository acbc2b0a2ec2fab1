import { problemCause } from './from-problem.ts';

/** The client does not look at a field of the entry. */
export const cause = problemCause({
  id: 'config-ignored-field',
  group: 'config',
  title: 'The client does not look at a field of the entry',
  severity: 'warning',
  about: `The entry holds a field that this client does not know, or looks at in another kind of entry only: a misspelled name, a field of
another client, a relic. The server works without it, but not as somebody meant.
mcpreach compares the fields of the entry with those that the client is known to read.
By hand: the client's page in docs/clients lists the fields it reads.`,
  refs: ['https://modelcontextprotocol.io/docs/develop/connect-local-servers', 'https://code.claude.com/docs/en/mcp'],
  example: {
    title: 'a field of another client',
    summary: 'Claude Code does not look at the field autoApprove.',
    line: '      "autoApprove": ["search"],',
    advice: 'Remove the field.',
  },
});
