import { problemCause } from './from-problem.ts';

/** A secret stands in the file. */
export const cause = problemCause({
  id: 'secret-in-config',
  group: 'advice',
  title: 'A secret stands in the file',
  severity: 'advice',
  about: `A token or password is written into the config in plain text. In a project's file it ends up in version control and with everybody who can read
the folder; in a user's file with every program of that user.
mcpreach looks at the names and the form of values and never shows one. By hand: look for long values in the entry's \`env\` and \`headers\`, and ask
\`git log -S\` followed by the value's beginning whether the file was ever committed with it.
Let the client take it from a variable, in the form that this client expands; then change the secret if the file was ever shared.`,
  refs: ['https://owasp.org/www-project-mcp-top-10/', 'https://cwe.mitre.org/data/definitions/312.html'],
  example: {
    title: 'a token in a header',
    summary: 'The header Authorization holds a secret in plain text.',
    line: '      "Authorization": "***"',
    advice: 'Put it into a variable and refer to that.',
  },
});
