import { problemCause } from './from-problem.ts';

/** The servers stand under a key that this client does not read. */
export const cause = problemCause({
  id: 'config-wrong-key',
  group: 'config',
  title: 'The servers stand under a key that this client does not read',
  severity: 'error',
  about: `Clients agree on what a server's entry looks like more than on what the object around it is called: \`mcpServers\`, \`servers\`, \`mcp_servers\`,
\`context_servers\`, \`mcp\`, \`extensions\`. An entry that was copied from another client's documentation is then read by nobody, and
most clients say nothing about a key they do not know.
mcpreach knows the key of each client, and finds entries under every other one.
By hand: compare the file's first key with the client's page in docs/clients.`,
  refs: [
    'https://code.visualstudio.com/docs/copilot/customization/mcp-servers',
    'https://modelcontextprotocol.io/docs/develop/connect-local-servers',
  ],
  example: {
    title: 'servers instead of mcpServers',
    summary: 'Claude Code reads mcpServers, and .mcp.json says servers.',
    line: '  "servers": {',
    advice: 'Rename the key to mcpServers.',
  },
});
