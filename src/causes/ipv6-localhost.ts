import { seeListeners } from '../facts/commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Address, Evidence, Family } from '../model/evidence.ts';
import {
  answer,
  answered,
  attempt,
  evidence,
  listener,
  machine,
  names,
  NOTHING_AROUND,
  ready,
  target,
  tcp,
  unfinished,
} from '../model/examples.ts';
import {
  addressesOf,
  besideTarget,
  effective,
  endpoint,
  failsDirectly,
  isLocal,
  isLoopback,
  openAttempts,
  urlWith,
  works,
} from '../model/view.ts';
import type { Remedy } from '../model/remedy.ts';

interface Args extends MatchBase {
  readonly host: string;
  readonly isName: boolean;
  readonly local: boolean;
  readonly port: number;
  /** What the client dials, with what came of it. */
  readonly dialled: readonly string[];
  /** What the host stands for here, without ports. */
  readonly meaning: string;
  readonly answers: string;
  readonly family: Family;
  readonly url: string;
  /** What else is not as configured. */
  readonly also: string | null;
  readonly answered: 'ready' | 'in part';
}

/** One address family of the host is refused, silent or absent; the other answers. */
export const cause = defineCause({
  id: 'ipv6-localhost',
  group: 'address',
  title: 'The server listens on the other address family',
  layer: 'tcp',
  severity: 'error',
  needs: ['tcp'],
  // Where one family is filtered, the filter is to be mended, not the address.
  hiddenBy: ['firewall-reject', 'firewall-drop'],
  match(found): Args | undefined {
    return works(found) ? matchFallback(found) : matchOtherLoopback(found);
  },
  explain({ host, isName, port, dialled, meaning, answers, severity, answered, also }) {
    const only = `the server answers at ${answers} only`;
    const summary =
      severity === 'warning'
        ? `${host} is ${meaning} here, but ${only}: clients that try just one address fail.`
        : `${isName ? `${host} is ${meaning} here` : `The URL names ${host}`}, but ${only}.`;
    const proof = answered === 'ready' ? 'completes the MCP handshake' : 'answers as an MCP server';
    return { summary, evidence: [...dialled, `${answers} ${proof}, on the same port ${port}`, ...(also === null ? [] : [also])] };
  },
  remedies({ url, host, port, family, local, severity }, { platform }) {
    const steps: Remedy[] = [];
    if (local || severity !== 'warning')
      steps.push({ kind: 'edit', title: 'Name the address at which the server answers:', field: 'url', value: url });
    if (local) {
      const missing = family === 4 ? '::1' : '127.0.0.1';
      steps.push({
        kind: 'tell',
        title: `Or let the server listen on both loopback addresses; in Node.js with a second server: listen(${port}, '${missing}').`,
      });
      steps.push({ kind: 'run', title: 'See at which addresses it listens:', command: seeListeners(platform) });
    } else {
      const record = family === 4 ? 'AAAA' : 'A';
      steps.push({ kind: 'tell', title: `Let the server listen on its other address too, or remove the ${record} record of ${host}.` });
    }
    return steps;
  },
  about: `A name such as \`localhost\` stands for \`::1\` (IPv6) and \`127.0.0.1\` (IPv4), in an order that the system decides. A server that
listens on one of them is refused on the other. Node 20 and later, curl and Python try the next address; older Node versions
and some other clients dial only the first.
mcpreach dials every address by itself and completes the handshake at the one that answers.
By hand: \`curl -4 -v URL\` and \`curl -6 -v URL\`; the listeners with \`ss -ltn\` (Linux), \`lsof -nP -iTCP -sTCP:LISTEN\` (macOS),
\`Get-NetTCPConnection -State Listen\` (Windows).`,
  refs: [
    'https://www.rfc-editor.org/rfc/rfc6761#section-6.3',
    'https://www.rfc-editor.org/rfc/rfc8305',
    'https://nodejs.org/api/net.html#socketconnectoptions-connectlistener',
  ],
  examples() {
    const good = ready();
    const six = ready({ route: { kind: 'direct', address: '::1', family: 6 } });
    const quietHalf = { ...NOTHING_AROUND, machine: machine(listener('127.0.0.1')) };
    const beside4 = { siblings: { attempts: [attempt('127.0.0.1', 'open')], handshakes: [good] } };
    const beside6 = { siblings: { attempts: [attempt('::1', 'open')], handshakes: [six] } };
    const wall = unfinished([answered('server/discover', 'auth-required', answer(401))]);
    return {
      fires: [
        {
          title: 'localhost is ::1, the server is on 127.0.0.1',
          evidence: evidence(target(), { dns: names('::1'), tcp: tcp(attempt('::1', 'refused')), ...quietHalf, ...beside4 }),
        },
        {
          title: 'the literal 127.0.0.1, the server is on ::1',
          evidence: evidence(target('http://127.0.0.1:3000/mcp'), {
            tcp: tcp(attempt('127.0.0.1', 'refused')),
            ...NOTHING_AROUND,
            machine: machine(listener('::1')),
            ...beside6,
          }),
        },
        {
          title: 'the other family asks for credentials',
          evidence: evidence(target(), {
            dns: names('::1'),
            tcp: tcp(attempt('::1', 'refused')),
            ...quietHalf,
            siblings: { attempts: [attempt('127.0.0.1', 'open')], handshakes: [wall] },
          }),
        },
        {
          title: 'the first address is refused, the second works',
          evidence: evidence(target(), {
            dns: names('::1', '127.0.0.1'),
            tcp: tcp(attempt('::1', 'refused'), attempt('127.0.0.1', 'open')),
            direct: good,
          }),
        },
        {
          title: 'a remote host whose IPv6 address is silent',
          evidence: evidence(target('http://mcp.example.com:3000/mcp'), {
            dns: names('2001:db8::7', '203.0.113.7'),
            tcp: tcp(attempt('2001:db8::7', 'timed-out'), attempt('203.0.113.7', 'open')),
            direct: ready({ route: { kind: 'direct', address: '203.0.113.7', family: 4 } }),
          }),
        },
      ],
      quiet: [
        {
          title: 'both families answer',
          evidence: evidence(target(), {
            dns: names('::1', '127.0.0.1'),
            tcp: tcp(attempt('::1', 'open'), attempt('127.0.0.1', 'open')),
            direct: six,
          }),
        },
        {
          title: 'the second address is refused, the first works',
          evidence: evidence(target(), {
            dns: names('127.0.0.1', '::1'),
            tcp: tcp(attempt('127.0.0.1', 'open'), attempt('::1', 'refused')),
            direct: good,
          }),
        },
        {
          title: 'a machine without IPv6 loses no time on it',
          evidence: evidence(target('http://mcp.example.com:3000/mcp'), {
            dns: names('2001:db8::7', '203.0.113.7'),
            tcp: tcp(attempt('2001:db8::7', 'unreachable'), attempt('203.0.113.7', 'open')),
            direct: ready({ route: { kind: 'direct', address: '203.0.113.7', family: 4 } }),
          }),
        },
        {
          title: 'another address of this machine, not the other family of loopback',
          evidence: evidence(target('http://192.168.1.20:3000/mcp'), {
            tcp: tcp(attempt('192.168.1.20', 'refused')),
            ...quietHalf,
            ...beside4,
          }),
        },
        {
          title: 'nothing listens',
          evidence: evidence(target(), { dns: names('::1'), tcp: tcp(attempt('::1', 'refused')), ...NOTHING_AROUND }),
        },
      ],
    };
  },
});

/** The client's loopback addresses are closed, and the server is found at the other family's. */
function matchOtherLoopback(found: Evidence): Args | undefined {
  const addresses = addressesOf(found);
  if (!failsDirectly(found) || openAttempts(found).length > 0 || addresses.length === 0) return undefined;
  const beside = besideTarget(found);
  if (beside === undefined || !isLoopback(beside.address)) return undefined;
  if (!addresses.every(({ address, family }) => isLoopback(address) && family !== beside.family)) return undefined;
  return argsOf(found, beside, {
    url: beside.url,
    also: beside.also,
    certainty: beside.ready ? 'proved' : 'likely',
    answered: beside.ready ? 'ready' : 'in part',
  });
}

/** The family that is dialled first does not answer, and a later address of the other one does. */
function matchFallback(found: Evidence): Args | undefined {
  const attempts = found.tcp?.attempts ?? [];
  const first = attempts[0];
  const route = effective(found)?.route;
  if (first === undefined || route?.kind !== 'direct' || route.family === first.family) return undefined;
  // "Unreachable" is told by the machine itself at once: every client goes on to the next address.
  if (first.outcome !== 'refused' && first.outcome !== 'timed-out') return undefined;
  if (openAttempts(found).some(({ family }) => family === first.family)) return undefined;
  const url = urlWith(found, { host: route.address });
  return argsOf(found, route, { url, also: null, certainty: 'proved', severity: 'warning', answered: 'ready' });
}

function argsOf(found: Evidence, { address, family }: Address, rest: MatchBase & Pick<Args, 'answered' | 'url' | 'also'>): Args {
  const { target, tcp } = found;
  const asked = tcp?.attempts ?? [];
  return {
    ...rest,
    host: target.host,
    isName: target.hostKind === 'name',
    local: isLocal(found),
    port: target.port,
    dialled: asked
      .filter(({ outcome }) => outcome !== 'open')
      .map(({ address: one, outcome, code }) => `${endpoint(one, target.port)} ${outcome}${code === null ? '' : ` (${code})`}`),
    meaning: rest.severity === 'warning' ? `${asked[0]?.address ?? ''} first` : asked.map((one) => one.address).join(' and '),
    answers: endpoint(address, target.port),
    family,
  };
}
