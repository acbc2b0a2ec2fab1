import { CHECKS } from '../../facts/signatures/checks.ts';
import type { CausePage } from '../../model/account.ts';

/** A fault of the server itself, known from reports. */
export const SERVER_BUG: CausePage = {
  id: 'server-bug',
  group: 'beyond',
  title: 'A fault of the server itself',
  layer: 'mcp',
  severity: 'error',
  check: CHECKS['server-bug'],
  about: `The server runs and is reached, and breaks the protocol or itself: one server object for all connections, so that the second client gets
HTTP 500; two answers to one request; event streams that end while nothing is wrong; a setting for host or port that is not used.
mcpreach cannot prove this from one failure: it reports what it sees (\`server-error\`, \`mcp-error\`, \`session-lost\`). \`explain\` names a fault
of the server for wordings that several people have reported against a server library; each such signature carries a link to a report.
By hand: do all clients fail in the same way? Ask twice in a row, and with two clients at once: \`mcpreach doctor URL\`, then
\`npx @modelcontextprotocol/inspector --cli URL --method tools/list\` (on every system). The server's own log has the stack trace of that moment.`,
  mend: [
    'Update the server and the MCP library it is built on.',
    "Look for the exact words in the server's issues, and in those of its library; report it with the stack trace.",
    'For servers of your own on the TypeScript SDK: a new server object for each session.',
  ],
  refs: [
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management',
    'https://github.com/perplexityai/modelcontextprotocol/issues/117',
    'https://github.com/modelcontextprotocol/python-sdk/issues/2416',
    'https://github.com/modelcontextprotocol/typescript-sdk/issues/1211',
  ],
};
