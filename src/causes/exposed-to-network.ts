import { defineCause, type MatchBase } from '../model/cause.ts';
import { attempt, evidence, listener, machine, names, ready, target, tcp } from '../model/examples.ts';
import { effective, endpoint, isLocal, isLoopback, isWildcard, listenersOnPort, works } from '../model/view.ts';

interface Args extends MatchBase {
  readonly port: number;
  readonly bound: readonly string[];
  readonly reachable: readonly string[];
}

/** The server listens on every interface and asks nobody who they are. */
export const cause = defineCause({
  id: 'exposed-to-network',
  group: 'advice',
  title: 'The server is open to the network without authentication',
  layer: 'tcp',
  severity: 'advice',
  needs: ['machine'],
  hiddenBy: [],
  match(found): Args | undefined {
    const { target, host } = found;
    // Inside a container every interface is the usual choice: what is published decides there.
    if (!works(found) || !isLocal(found) || host.container !== null || target.sendsCredentials) return undefined;
    const route = effective(found)?.route;
    const sockets = listenersOnPort(found) ?? [];
    // A socket on the very address that was dialled gets the connection, not one on every interface.
    if (route?.kind !== 'direct' || sockets.some(({ address }) => address === route.address)) return undefined;
    const wildcards = sockets.filter(({ address }) => isWildcard(address));
    const only = wildcards.length > 0 && wildcards.every(({ v6Only }) => v6Only === true) ? 6 : null;
    const reachable = host.addresses.filter(
      (address) => !isLoopback(address) && !/^fe80:/i.test(address) && (only === null || address.includes(':')),
    );
    if (wildcards.length === 0) return undefined;
    return { certainty: 'proved', port: target.port, bound: wildcards.map(({ address }) => endpoint(address, target.port)), reachable };
  },
  explain({ port, bound, reachable }) {
    return {
      summary: `The server listens on every interface and asks for no credentials: whoever reaches this machine's port ${port} can use its tools.`,
      evidence: [
        `listening socket: ${bound.join(', ')}`,
        'the handshake was good without any credential',
        reachable.length === 0
          ? 'this machine has no other address at the moment'
          : `other addresses of this machine: ${reachable.slice(0, 3).join(', ')}${reachable.length > 3 ? ` and ${reachable.length - 3} more` : ''}`,
      ],
    };
  },
  remedies({ port }) {
    return [
      {
        kind: 'tell',
        title: `Bind it to loopback. Node.js: server.listen(${port}, '127.0.0.1'); uvicorn: --host 127.0.0.1; FastMCP: host="127.0.0.1".`,
      },
      { kind: 'tell', title: 'If other machines shall use it, put authentication in front of it.' },
    ];
  },
  about: `A server that is bound to every interface (\`0.0.0.0\` or \`::\`) takes connections from all networks that this machine is in. Without
authentication everybody there can call its tools, and web pages can try it by DNS rebinding.
mcpreach looks at the listening socket and notes that the handshake was good without credentials; whether a firewall stands in front
is not looked at.
By hand: the local address column of \`ss -ltn\` (Linux), \`lsof -nP -iTCP -sTCP:LISTEN\` (macOS), \`Get-NetTCPConnection -State Listen\` (Windows).`,
  refs: ['https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning'],
  examples() {
    const healthy = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'open')), direct: ready() };
    return {
      fires: [
        { title: 'bound to every IPv4 interface', evidence: evidence(target(), { ...healthy, machine: machine(listener('0.0.0.0')) }) },
        { title: 'bound to every interface', evidence: evidence(target(), { ...healthy, machine: machine(listener('::')) }) },
      ],
      quiet: [
        { title: 'bound to loopback', evidence: evidence(target(), { ...healthy, machine: machine(listener('127.0.0.1')) }) },
        {
          title: 'credentials are sent',
          evidence: evidence(target(undefined, { sendsCredentials: true }), { ...healthy, machine: machine(listener('0.0.0.0')) }),
        },
        {
          title: 'inside a container',
          evidence: evidence(target(), { ...healthy, machine: machine(listener('0.0.0.0')) }, { container: 'docker' }),
        },
        {
          title: 'another program is bound to every interface of the same port',
          evidence: evidence(target(), { ...healthy, machine: machine(listener('127.0.0.1'), listener('0.0.0.0')) }),
        },
      ],
    };
  },
});
