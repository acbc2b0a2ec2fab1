import { CHECKS } from '../../facts/signatures/checks.ts';
import type { CausePage } from '../../model/account.ts';

/** A fault of the client itself, known from reports. No probe ends with it: the server answers us. */
export const CLIENT_BUG: CausePage = {
  id: 'client-bug',
  group: 'beyond',
  title: 'A fault of the client itself',
  layer: 'mcp',
  severity: 'error',
  check: CHECKS['client-bug'],
  about: `The server runs and keeps to the protocol, and this client fails with it all the same: it gives up when the optional stream of
Streamable HTTP is answered 404 in place of 405, adds or takes away the slash at the end of a path, registers as an OAuth client though a
token is configured, or drops entries of its own file.
mcpreach cannot prove this: \`doctor\` says \`ok\` for such a server, and that is the first hint. \`explain\` names it for wordings that
several people have reported against a client; each such signature carries a link to a report.
By hand: let a second client reach the same server, for example \`npx @modelcontextprotocol/inspector --cli URL --method tools/list\` (on
every system). If it works there, compare the versions of the client before and after an update, and look for the exact words in its issues.`,
  mend: [
    'Update the client; if an update broke it, go back one version until it is mended.',
    "Report it with both sides' logs of the same moment, and with what another client does right.",
    'Until then: put `mcpreach connect URL` in between, as a stdio server of that client.',
  ],
  refs: [
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#listening-for-messages-from-the-server',
    'https://github.com/modelcontextprotocol/typescript-sdk/issues/1635',
    'https://github.com/open-webui/mcpo/issues/280',
    'https://github.com/anthropics/claude-ai-mcp/issues/234',
    'https://github.com/anthropics/claude-code/issues/23365',
  ],
};
