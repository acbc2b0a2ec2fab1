import { problemCause } from './from-problem.ts';

/** A bridge stands where the client could connect by itself. */
export const cause = problemCause({
  id: 'prefer-stdio',
  group: 'advice',
  title: 'A bridge stands where the client could connect by itself',
  severity: 'advice',
  about: `The entry starts a helper such as \`mcp-remote\` for a server that this client can reach directly, or a local server is reached over HTTP by one
client alone that could start it itself. Each further program is one more thing that may not be running.
mcpreach compares the entry with what this client can reach by itself. By hand: the client's page in docs/clients lists its transports.`,
  refs: ['https://modelcontextprotocol.io/specification/2025-06-18/basic/transports', 'https://www.npmjs.com/package/mcp-remote'],
  example: {
    title: 'a bridge that is not needed',
    summary: 'The entry starts mcp-remote for an address that Claude Code can reach by itself.',
    line: '      "args": ["-y", "mcp-remote", "https://mcp.example.com/mcp"]',
    advice: 'Write the address as url.',
  },
});
