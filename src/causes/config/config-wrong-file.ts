import { problemCause } from './from-problem.ts';

/** The client does not read this file. */
export const cause = problemCause({
  id: 'config-wrong-file',
  group: 'config',
  title: 'The client does not read this file',
  severity: 'error',
  about: `The entry is well-formed and stands in a file, or a folder, that the client never looks at: a name that belongs to another client, an old
place, the right name one folder too deep. Nothing is logged, since nothing is read.
mcpreach knows the places of each client and those where people write in vain. By hand: the client's page in docs/clients.`,
  refs: ['https://code.claude.com/docs/en/mcp', 'https://modelcontextprotocol.io/docs/develop/connect-local-servers'],
  example: {
    title: 'an entry in a settings file',
    summary: 'Claude Code does not read servers from .claude/settings.json.',
    line: '  "mcpServers": {',
    advice: 'Move the entry to .mcp.json.',
  },
});
