import type { Signature } from './signature.ts';

const CODE_DOCS = 'https://code.claude.com/docs/en/mcp';

/** What clients say about entries they cannot use. */
export const CONFIG: readonly Signature[] = [
  {
    id: 'config-unparsable',
    says: 'names a configuration that does not parse',
    source: 'https://www.rfc-editor.org/rfc/rfc8259',
    pattern:
      /(?:config|settings|\.json|\.toml|\.ya?ml)[^\n]{0,200}(?:Unexpected (?:token|end|non-whitespace)|is not valid JSON|parse error|invalid JSON|failed to parse|could not be parsed)|Error (?:parsing|reading|loading) (?:the )?(?:MCP )?config|must be a valid JSON|Expecting property name|Expecting ',' delimiter|Bad (?:control|escaped) character|Unexpected token \\ in JSON|TOML parse error|TOMLDecodeError|Expected double-quoted property name|JSON syntax error|trailing comma|invalid escape/i,
    causes: { 'config-syntax': 11 },
  },
  {
    id: 'config-field',
    says: 'names a field that the client does not know or misses',
    source: 'https://zod.dev/error-formatting',
    pattern:
      /unrecognized[_ ]keys?|invalid_union|Invalid MCP (?:server )?config|unknown field `|missing field `|Property \S{1,200} is not allowed|does not match the schema|(?:Does not adhere to|rejected by) [^\n]{0,40}schema|Invalid server configuration|must have (?:either )?(?:a )?"?(?:command|url)|invalid (?:transport )?type\b|unknown variant `/i,
    causes: { 'config-bad-entry': 9, 'config-wrong-key': 3 },
  },
  {
    id: 'config-url',
    says: 'names an invalid URL',
    source: 'https://nodejs.org/api/errors.html#err_invalid_url',
    pattern:
      /Invalid URL|ERR_INVALID_URL|unsupported protocol scheme|UnsupportedProtocol|MissingSchema|InvalidSchema|relative URL without a base|UriFormatException/i,
    causes: { 'config-bad-entry': 5, 'config-unset-variable': 4, 'wrong-host': 1 },
  },
  {
    id: 'config-unexpanded',
    says: 'shows a variable that nobody expanded',
    source: `${CODE_DOCS}#environment-variable-expansion-in-mcp-json`,
    pattern: /\$\{(?:env:|input:)?[A-Z_a-z]{1,80}\}|%[A-Z_]{3,60}%|\$\{\{|\{env:[A-Z_]{1,80}\}|Missing environment variables: /,
    causes: { 'config-unset-variable': 7 },
  },
  {
    id: 'config-no-servers',
    says: 'says that there are no servers',
    source: CODE_DOCS,
    pattern: /No (?:MCP )?servers (?:are )?(?:configured|found)|no MCP servers|MCP server [^\n]{1,60} not found in config/i,
    causes: { 'config-wrong-file': 5, 'config-wrong-key': 4, 'client-bug': 1 },
  },
  {
    id: 'config-key',
    says: 'misses the key under which the servers stand',
    source: CODE_DOCS,
    pattern:
      /(?:missing|no|expected|without)[^\n]{0,30}\b(?:mcpServers|context_servers|mcp_servers)\b|mcpServers: (?:Required|Invalid input)/i,
    causes: { 'config-wrong-key': 9, 'config-bad-entry': 2 },
  },
  {
    id: 'config-approval',
    says: 'says that the server awaits approval',
    source: `${CODE_DOCS}#project-scope`,
    pattern: /pending approval|needs? (?:your )?approval|not (?:been )?approved|requires? trust|untrusted workspace/i,
    causes: { 'config-needs-approval': 9 },
  },
  {
    id: 'config-duplicate',
    says: 'says that a name is there twice',
    source: CODE_DOCS,
    pattern: /already exists in (?:local|user|project)|duplicate (?:server|key|name)/i,
    causes: { 'config-duplicate-name': 8, 'config-syntax': 1 },
  },
  {
    id: 'client-refuses-address',
    says: 'says that the client does not allow such an address',
    source: 'https://owasp.org/www-community/attacks/Server_Side_Request_Forgery',
    pattern:
      /(?:private|internal|local|loopback)[^\n]{0,30}(?:address|network|IP|URL|host)[^\n]{0,30}(?:not allowed|blocked|forbidden|denied)|SSRF|(?:URL|address|host) (?:is )?not allowed/i,
    causes: { 'client-policy': 9 },
  },
];
