import { problemCause } from './from-problem.ts';

/** The port the server listens on is not published. */
export const cause = problemCause({
  id: 'container-port-unpublished',
  group: 'address',
  title: 'The port the server listens on is not published',
  severity: 'error',
  about: `The server's flags or variables name one port, and the Compose file publishes another, or none, although an address in the file shows that the
server is meant to be reached from the host.
mcpreach compares them without asking an engine. By hand: \`docker compose port SERVICE PORT\`.`,
  refs: ['https://docs.docker.com/reference/compose-file/services/#ports', 'https://docs.docker.com/engine/network/#published-ports'],
  example: {
    title: 'another inner port is published',
    file: { client: null, path: '/home/dev/app/compose.yaml', shown: 'compose.yaml', scope: 'custom', format: 'yaml' },
    certainty: 'likely',
    line: '      - "127.0.0.1:3000:8000"',
    summary: 'notes is told to listen on port 3000, but what is published is port 8000 of its container.',
    advice: 'Publish the port it listens on: "127.0.0.1:3000:3000".',
  },
});
