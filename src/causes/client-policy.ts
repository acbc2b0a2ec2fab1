import { FETCH_BLOCKED_PORTS, suggestPort } from '../facts/ports.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { attempt, evidence, names, NOTHING_AROUND, ready, target, tcp } from '../model/examples.ts';
import { works } from '../model/view.ts';

interface Args extends MatchBase {
  readonly port: number;
}

/** The target works, and clients built on `fetch` refuse its port all the same. */
export const cause = defineCause({
  id: 'client-policy',
  group: 'beyond',
  title: 'Some clients refuse this address by their own rules',
  layer: 'http',
  severity: 'warning',
  needs: [],
  hiddenBy: [],
  match(found): Args | undefined {
    const { port } = found.target;
    return works(found) && FETCH_BLOCKED_PORTS.has(port) ? { certainty: 'likely', port } : undefined;
  },
  explain({ port }) {
    return {
      summary: `The server works on port ${port}, but fetch refuses that port: clients that use fetch (Node.js, browsers) say "bad port".`,
      evidence: [
        `port ${port} is on the list of blocked ports of the Fetch standard`,
        'mcpreach does not use fetch, and its handshake was good',
      ],
    };
  },
  remedies({ port }) {
    return [
      {
        kind: 'tell',
        title: `Move the server to another port, for example ${suggestPort(port)}, and change the URL.`,
      },
    ];
  },
  about: `The Fetch standard blocks some eighty ports of old services, whatever listens there. The official TypeScript SDK and every browser
use \`fetch\`, and fail with "bad port" before any packet is sent; clients in Python or Go and \`curl\` reach the same server.
mcpreach compares the port with the standard's list.
By hand: \`node -e "fetch('http://127.0.0.1:6000').catch((error) => console.log(error.cause))"\`.`,
  refs: ['https://fetch.spec.whatwg.org/#port-blocking'],
  examples() {
    const at = (port: number) => ({
      ...NOTHING_AROUND,
      dns: names('127.0.0.1'),
      tcp: tcp(attempt('127.0.0.1', 'open', port)),
      direct: ready(),
    });
    return {
      fires: [{ title: 'a server on port 6000', evidence: evidence(target('http://localhost:6000/mcp'), at(6000)) }],
      quiet: [
        { title: 'a server on port 6001', evidence: evidence(target('http://localhost:6001/mcp'), at(6001)) },
        {
          title: 'nothing listens on port 6000',
          evidence: evidence(target('http://localhost:6000/mcp'), {
            ...NOTHING_AROUND,
            dns: names('127.0.0.1'),
            tcp: tcp(attempt('127.0.0.1', 'refused', 6000)),
          }),
        },
      ],
    };
  },
});
