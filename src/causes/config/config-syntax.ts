import { problemCause } from './from-problem.ts';

/** The config file cannot be read as written. */
export const cause = problemCause({
  id: 'config-syntax',
  group: 'config',
  title: 'The config file cannot be read as written',
  severity: 'error',
  about: `A comma too many, a comment in strict JSON, a quote that is not closed, a tab that indents YAML, a byte order mark: the client's parser gives
up at that place. Many clients then start without any server of the file, some without saying so.
mcpreach reads the file by the rules of the client that owns it (the same comment is fine in VS Code and an error in Claude Desktop) and
names line and column. By hand: \`jq . FILE\` for strict JSON, in PowerShell
\`Get-Content FILE -Raw | ConvertFrom-Json\`.`,
  refs: ['https://www.rfc-editor.org/rfc/rfc8259', 'https://toml.io/en/v1.0.0'],
  example: {
    title: 'a trailing comma in strict JSON',
    summary: 'Claude Code cannot read .mcp.json: a comma follows the last value in line 4.',
  },
});
