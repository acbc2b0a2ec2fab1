import { problemCause } from './from-problem.ts';

/** The entry is not one that this client can use. */
export const cause = problemCause({
  id: 'config-bad-entry',
  group: 'config',
  title: 'The entry is not one that this client can use',
  severity: 'error',
  about: `A field is missing, contradicts another, has the wrong type or name, or the type word is one that the client does not know: \`url\` without
\`type\` where that is needed, a command and a URL at once, \`headers\` where the client reads \`http_headers\`, a Windows path whose single
backslashes JSON turns into control characters. The client then drops the entry, or takes it for something else.
mcpreach checks each entry against the shape its client reads. By hand: the client's page in docs/clients.`,
  refs: ['https://modelcontextprotocol.io/docs/develop/connect-local-servers', 'https://code.claude.com/docs/en/mcp'],
  example: {
    title: 'a URL without a type',
    summary: 'Claude Code needs a type beside url: without one it takes the entry for a command.',
    advice: 'Add "type": "http".',
  },
});
