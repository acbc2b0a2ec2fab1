import { problemCause } from './from-problem.ts';

/** An address means something else inside a container than outside. */
export const cause = problemCause({
  id: 'container-network',
  group: 'address',
  title: 'An address means something else inside the container',
  severity: 'error',
  about: `Inside a container \`localhost\` is the container itself. Another service is reached by its name, at the port it listens on, not at the one that is
published for the world outside, and only from a network that both are in.
mcpreach compares the addresses in variables and commands of a Compose file with its services. By hand: \`docker compose exec SERVICE cat /etc/hosts\`, and \`docker network inspect NETWORK\` for who is in it.`,
  refs: ['https://docs.docker.com/compose/how-tos/networking/', 'https://docs.docker.com/reference/compose-file/services/#extra_hosts'],
  example: {
    title: 'localhost inside a container',
    file: { client: null, path: '/home/dev/app/compose.yaml', shown: 'compose.yaml', scope: 'custom', format: 'yaml' },
    certainty: 'likely',
    line: '      MCP_URL: ***',
    summary:
      'The variable MCP_URL of agent leads to localhost:3000, which inside its container is agent itself; port 3000 is that of notes.',
    advice: 'Write http://notes:3000 in place of http://localhost:3000.',
  },
});
