import type { CausePage } from '../../model/account.ts';

/** Advice with a page only: to ask for a route that may not exist would cost every run a request. */
export const NO_HEALTH_ENDPOINT: CausePage = {
  id: 'no-health-endpoint',
  group: 'advice',
  title: 'The server has no route that says whether it is ready',
  layer: 'http',
  severity: 'advice',
  check: 'Does the server answer 200 at /health, or at a path that its documentation names?',
  about: `Compose, Kubernetes and load balancers ask a server whether it is ready. MCP has no such request: its endpoint answers GET with 405 or a
stream that never ends, so that people check the port alone, and a port is open long before tools answer.
mcpreach does not look for such a route: the doctor's own proof is the handshake, and a request for a path that may not be there would be one
more in every run. \`mcpreach wait URL\` is a ready check that makes the handshake.
By hand: \`curl -i http://localhost:3000/health\` (Linux, macOS; on Windows \`curl.exe -i\`): 200 when it is ready and 503 while it is not, is what
the checkers expect. 404 says that there is none.`,
  mend: [
    'Give the server a route of its own beside the MCP endpoint, for example `/health`, that answers 200 when its tools can be called.',
    'Or put `mcpreach serve -- COMMAND` in front of a stdio server: it has `/health` and `/ready`.',
    'Or make the handshake the check: `mcpreach wait http://localhost:3000/mcp --timeout 5s`',
  ],
  refs: [
    'https://docs.docker.com/reference/compose-file/services/#healthcheck',
    'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
  ],
};
