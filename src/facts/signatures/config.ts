import type { Signature } from './signature.ts';

/** What clients say about entries they cannot use. */
export const CONFIG: readonly Signature[] = [
  {
    says: 'names a configuration that does not parse',
    pattern:
      /(?:config|settings|\.json|\.toml|\.ya?ml)[^\n]*(?:Unexpected (?:token|end)|is not valid JSON|parse error|invalid JSON|failed to parse)|Error parsing config|must be a valid JSON|Expecting property name|Bad control character|Unexpected token \\ in JSON|TOML parse error|Expected double-quoted property name/i,
    causes: { 'config-syntax': 11 },
  },
  {
    says: 'names a field that the client does not know or misses',
    pattern:
      /unrecognized[_ ]keys?|invalid_union|Invalid MCP (?:server )?config|unknown field `|missing field `|Property \S+ is not allowed|does not match the schema|Invalid server configuration|must have (?:either )?(?:a )?"?(?:command|url)/i,
    causes: { 'config-bad-entry': 9, 'config-wrong-key': 3 },
  },
  {
    says: 'names an invalid URL',
    pattern: /Invalid URL|ERR_INVALID_URL|unsupported protocol scheme/i,
    causes: { 'config-bad-entry': 5, 'config-unset-variable': 4, 'wrong-host': 1 },
  },
  {
    says: 'shows a variable that nobody expanded',
    pattern: /\$\{(?:env:|input:)?[A-Z_a-z]+\}|%[A-Z_]{3,}%|\$\{\{/,
    causes: { 'config-unset-variable': 7 },
  },
  {
    says: 'says that there are no servers',
    pattern: /No MCP servers (?:configured|found)|no servers configured/i,
    causes: { 'config-wrong-file': 5, 'config-wrong-key': 4, 'client-bug': 1 },
  },
];
