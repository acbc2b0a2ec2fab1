import { problemCause } from './from-problem.ts';

/** A server is told to listen where only its own container gets to. */
export const cause = problemCause({
  id: 'container-loopback',
  group: 'address',
  title: 'The server listens on loopback inside its container',
  severity: 'error',
  about: `A Compose file gives the server a flag or a variable such as \`--host 127.0.0.1\` or \`HOST=localhost\`. Inside a container that is the container's own
loopback: neither a published port nor another service leads there.
mcpreach compares the flags and variables with the ports that are published and the addresses that other services use.
By hand: \`docker exec NAME cat /proc/net/tcp\` shows the address it listens on (0100007F is 127.0.0.1).`,
  refs: ['https://docs.docker.com/engine/network/#published-ports', 'https://docs.docker.com/reference/compose-file/services/#ports'],
  example: {
    title: 'a flag that binds to loopback',
    file: { client: null, path: '/home/dev/app/compose.yaml', shown: 'compose.yaml', scope: 'custom', format: 'yaml' },
    certainty: 'likely',
    line: '    command: node server.js --host 127.0.0.1',
    summary: "notes is told to listen on its container's own loopback, where the published port 3000 does not lead.",
    advice:
      'Inside the container only, let notes listen on every address of the container instead of its loopback, and keep the published side on loopback: "127.0.0.1:3000:3000".',
  },
});
