import { problemCause } from './from-problem.ts';

/** Two entries name the same port for different servers. */
export const cause = problemCause({
  id: 'config-port-clash',
  group: 'config',
  title: 'Two entries name the same port for different servers',
  severity: 'warning',
  about: `Two entries of this machine are meant for different servers and name one port. Whichever server starts first gets it; the other does not
start, or its clients speak to the wrong one.
mcpreach compares the addresses of all entries it read. By hand: look for the port number in both files.`,
  refs: ['https://www.rfc-editor.org/rfc/rfc9293', 'https://modelcontextprotocol.io/specification/2025-06-18/basic/transports'],
  example: {
    title: 'two servers on port 3000',
    summary: 'docs and search both name port 3000 of this machine.',
    advice: 'Give one of them another port.',
  },
});
