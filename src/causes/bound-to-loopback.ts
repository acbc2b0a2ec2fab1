import { seePortOwner } from '../facts/commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { attempt, evidence, listener, machine, names, NOTHING_AROUND, ready, target, tcp } from '../model/examples.ts';
import { addressesOf, besideTarget, endpoint, failsDirectly, isLocal, isLoopback, isWildcard, openAttempts } from '../model/view.ts';

interface Args extends MatchBase {
  readonly host: string;
  readonly port: number;
  readonly refused: readonly string[];
  readonly loopback: string;
  readonly url: string;
  readonly also: string | null;
  /** The address that the target means, for a server that shall be reached from elsewhere. */
  readonly wanted: string;
}

/** The server listens on loopback only, and the target names another address of the same machine. */
export const cause = defineCause({
  id: 'bound-to-loopback',
  group: 'address',
  title: 'The server listens on loopback only',
  layer: 'tcp',
  severity: 'error',
  needs: ['tcp'],
  hiddenBy: ['firewall-reject', 'firewall-drop'],
  match(found): Args | undefined {
    const { target, tcp } = found;
    const addresses = addressesOf(found);
    const first = addresses[0];
    if (!failsDirectly(found) || !isLocal(found) || first === undefined || openAttempts(found).length > 0) return undefined;
    const beside = besideTarget(found);
    if (beside === undefined || !isLoopback(beside.address)) return undefined;
    // The other family of loopback is a question of its own; 127.0.1.1, Debian's address for its own name, is not.
    if (addresses.every(({ address, family }) => isLoopback(address) && family !== beside.family)) return undefined;
    if (addresses.some(({ address }) => isWildcard(address))) return undefined;
    return {
      certainty: beside.ready ? 'proved' : 'likely',
      host: target.host,
      port: target.port,
      refused: tcp.attempts.map(
        ({ address, outcome, code }) => `${endpoint(address, target.port)} ${outcome}${code === null ? '' : ` (${code})`}`,
      ),
      loopback: beside.address,
      url: beside.url,
      also: beside.also,
      wanted: first.address,
    };
  },
  explain({ host, port, refused, loopback, wanted, also }) {
    return {
      summary: `The server listens on ${endpoint(loopback, port)} only; ${host === wanted ? wanted : `${host} (${wanted})`} is another address of this machine.`,
      evidence: [...refused, `${endpoint(loopback, port)} answers as an MCP server`, ...(also === null ? [] : [also])],
    };
  },
  remedies({ url, wanted, port, loopback }, { platform }) {
    const steps = [
      { kind: 'edit', title: 'On this machine, use the address at which the server answers:', field: 'url', value: url } as const,
      { kind: 'run', title: 'See at which addresses it listens:', command: seePortOwner(platform, port) } as const,
    ];
    if (isLoopback(wanted)) return steps;
    return [
      ...steps,
      {
        kind: 'tell',
        title: `From another machine, keep it on loopback and use a tunnel there: ssh -N -L ${port}:${endpoint(loopback, port)} USER@${wanted}`,
      } as const,
      {
        kind: 'tell',
        title: `Or, with authentication in place, bind it to that one address: server.listen(${port}, '${wanted}').`,
      } as const,
    ];
  },
  about: `A server that is bound to \`127.0.0.1\` or \`::1\` is reachable from its own machine by loopback only: the machine's other addresses
refuse the connection, and so does every other machine. That is the safe default; the URL has to fit it.
mcpreach sees the listener, dials it at loopback and completes the handshake there.
By hand: look at the local address column of \`ss -ltn\` (Linux), \`lsof -nP -iTCP -sTCP:LISTEN\` (macOS), \`Get-NetTCPConnection -State Listen\` (Windows).`,
  refs: ['https://www.rfc-editor.org/rfc/rfc1122#section-3.2.1.3', 'https://man7.org/linux/man-pages/man7/ip.7.html'],
  examples() {
    const loopback = {
      ...NOTHING_AROUND,
      machine: machine(listener('127.0.0.1')),
      siblings: { attempts: [attempt('127.0.0.1', 'open')], handshakes: [ready()] },
    };
    const lan = { tcp: tcp(attempt('192.168.1.20', 'refused')) };
    return {
      fires: [
        {
          title: "this machine's own address in the network",
          evidence: evidence(target('http://192.168.1.20:3000/mcp'), { ...loopback, ...lan }),
        },
        {
          title: 'its own name, which is that address',
          evidence: evidence(target('http://devbox:3000/mcp'), { ...loopback, ...lan, dns: names('192.168.1.20') }),
        },
        {
          title: 'its own name, which is 127.0.1.1',
          evidence: evidence(target('http://devbox:3000/mcp'), {
            ...loopback,
            dns: names('127.0.1.1'),
            tcp: tcp(attempt('127.0.1.1', 'refused')),
          }),
        },
      ],
      quiet: [
        {
          title: 'the other family of loopback',
          evidence: evidence(target('http://[::1]:3000/mcp'), { ...loopback, tcp: tcp(attempt('::1', 'refused')) }),
        },
        {
          title: 'it answers at that address',
          evidence: evidence(target('http://192.168.1.20:3000/mcp'), {
            tcp: tcp(attempt('192.168.1.20', 'open')),
            machine: machine(listener('192.168.1.20')),
            direct: ready(),
          }),
        },
        { title: 'nothing listens', evidence: evidence(target('http://192.168.1.20:3000/mcp'), { ...NOTHING_AROUND, ...lan }) },
      ],
    };
  },
});
