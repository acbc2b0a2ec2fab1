import { problemCause } from './from-problem.ts';

/** A server is published on every address of the host. */
export const cause = problemCause({
  id: 'exposed-to-network',
  group: 'advice',
  title: 'The server is open to the network without authentication',
  severity: 'advice',
  about: `A port of a Compose file without an address, such as \`"3000:3000"\`, is published on every address of the host, past most firewalls of the machine.
Nothing in the file says that the MCP server asks for credentials.
mcpreach looks at the form of the port and at the names of the variables. By hand: \`docker port NAME\`.`,
  refs: [
    'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning',
  ],
  example: {
    title: 'a port without an address',
    file: { client: null, path: '/home/dev/app/compose.yaml', shown: 'compose.yaml', scope: 'custom', format: 'yaml' },
    certainty: 'likely',
    line: '      - "3000:3000"',
    summary: 'notes is published on every address of the host, port 3000, and nothing here says that it asks for credentials.',
    advice: 'Publish it on loopback only: "127.0.0.1:3000:3000".',
  },
});
