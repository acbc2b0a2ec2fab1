import { problemCause } from './from-problem.ts';

/** A variable in the entry has no value here. */
export const cause = problemCause({
  id: 'config-unset-variable',
  group: 'config',
  title: 'A variable in the entry has no value here',
  severity: 'error',
  about: `The entry refers to an environment variable that is not set where the client runs, or in a form that belongs to another client:
\`\${TOKEN}\`, \`\${env:TOKEN}\`, \`$TOKEN\` and \`{env:TOKEN}\` each mean something in some clients only. The server is then reached with an empty value,
or with the reference itself as a password. A graphical client does not see what the shell's start-up files set.
mcpreach expands references as the client does. By hand: start the client from a shell in which
\`printenv NAME\` (PowerShell: \`$env:NAME\`) prints a value.`,
  refs: ['https://code.claude.com/docs/en/mcp', 'https://code.visualstudio.com/docs/copilot/customization/mcp-servers'],
  example: {
    title: 'a token that is not exported',
    summary: 'The variable API_TOKEN of the header Authorization is not set.',
    line: '      "Authorization": "Bearer ${API_TOKEN}"',
    advice: 'Set API_TOKEN where the client is started.',
  },
});
