import { problemCause } from './from-problem.ts';

/** Nothing in a Compose file makes the others wait until the server answers. */
export const cause = problemCause({
  id: 'compose-no-health-gate',
  group: 'advice',
  title: 'Nothing in the Compose file waits until the server answers',
  severity: 'advice',
  about: `A service that lists another under a bare \`depends_on\`, or with the condition \`service_started\`, starts as soon as the other's process does.
An MCP server takes seconds more to listen, so its first callers are refused. The condition \`service_healthy\` waits for the health check,
which is only as good as its command: \`true\`, a look at the port or at a front page pass before the server can answer.
mcpreach reads the Compose file and asks no engine. \`mcpreach wait URL --timeout 4s\` as the check's command makes one MCP handshake.
By hand: \`docker compose config\` shows the conditions as Compose reads them, \`docker inspect --format "{{json .State.Health}}" NAME\` what the check said.`,
  refs: ['https://docs.docker.com/compose/how-tos/startup-order/', 'https://docs.docker.com/reference/compose-file/services/#healthcheck'],
  example: {
    title: 'a bare depends_on',
    file: { client: null, path: '/home/dev/app/compose.yaml', shown: 'compose.yaml', scope: 'custom', format: 'yaml' },
    position: { line: 9, column: 7, offset: 140, length: 5 },
    line: '      - notes',
    summary: 'agent starts as soon as notes is started, not when it answers.',
    advice: 'Let agent wait: depends_on: { notes: { condition: service_healthy } }.',
  },
});
