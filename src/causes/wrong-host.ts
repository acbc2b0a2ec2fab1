import { seeAddresses, seePortOwner } from '../facts/commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence } from '../model/evidence.ts';
import { attempt, evidence, listener, machine, names, NOTHING_AROUND, ready, target, tcp } from '../model/examples.ts';
import { addressesOf, besideTarget, endpoint, failsDirectly, isLoopback, isWildcard, openAttempts, urlWith } from '../model/view.ts';
import type { Remedy } from '../model/remedy.ts';

type Reason =
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'placeholder' }
  | { readonly kind: 'container-name' }
  | { readonly kind: 'other-address'; readonly address: string }
  | {
      readonly kind: 'stale-hosts-line';
      readonly file: string;
      readonly line: number;
      readonly address: string;
      readonly answers: readonly string[];
    };

interface Args extends MatchBase {
  readonly host: string;
  readonly port: number;
  readonly reason: Reason;
  readonly facts: readonly string[];
  /** The URL at which the server was seen answering. */
  readonly url: string | null;
  /** What to use instead where nothing was seen: loopback. */
  readonly guess: string;
}

/** Names that Docker and Podman give to the host, inside containers only. */
const HOST_OF_CONTAINERS = new Set(['host.docker.internal', 'gateway.docker.internal', 'host.containers.internal']);

/** An address that nobody can connect to from here. */
export const cause = defineCause({
  id: 'wrong-host',
  group: 'address',
  title: 'The URL names a host that cannot be the server',
  layer: 'dns',
  severity: 'error',
  needs: [],
  hiddenBy: ['container-network', 'container-not-running', 'firewall-reject', 'firewall-drop'],
  match(found): Args | undefined {
    if (!failsDirectly(found)) return undefined;
    const { target } = found;
    const beside = besideTarget(found);
    const reason = reasonOf(found);
    if (reason === undefined) return undefined;
    const seen = beside !== undefined && reason.kind !== 'stale-hosts-line' && reason.kind !== 'placeholder' ? beside : undefined;
    return {
      certainty: certaintyOf(found, reason, seen?.ready === true),
      host: target.host,
      port: target.port,
      reason,
      facts: [
        ...(found.dns?.error ? [`${target.host} does not resolve (${found.dns.error})`] : []),
        ...(found.tcp?.attempts ?? []).map(
          ({ address, outcome, code }) => `${endpoint(address, target.port)} ${outcome}${code === null ? '' : ` (${code})`}`,
        ),
        ...(seen === undefined ? [] : [`${endpoint(seen.address, target.port)} answers as an MCP server`]),
      ],
      url: seen?.url ?? null,
      guess: urlWith(found, { host: '127.0.0.1' }),
    };
  },
  explain({ host, port, reason, facts, url }) {
    switch (reason.kind) {
      case 'wildcard':
        return {
          summary: `${host} is an address to listen on, not one to connect to: ${url === null ? 'as a destination it leads nowhere from here' : `the server answers at ${new URL(url).host}`}.`,
          evidence: facts,
        };
      case 'placeholder':
        return { summary: `${host} is a placeholder from an example: the real host of the server was never filled in.`, evidence: facts };
      case 'container-name':
        return { summary: `${host} is a name for use inside containers, and this is no container.`, evidence: facts };
      case 'other-address':
        return {
          summary: `The server listens on ${endpoint(reason.address, port)} only; ${host} is another address of this machine.`,
          evidence: facts,
        };
      case 'stale-hosts-line':
        return {
          summary: `Line ${reason.line} of ${reason.file} sends ${host} to ${reason.address}, but the name servers say ${reason.answers.join(', ')}.`,
          evidence: [
            `${reason.file}, line ${reason.line}: ${reason.address} ${host}`,
            `name servers: ${reason.answers.join(', ')}`,
            ...facts,
          ],
        };
    }
  },
  remedies({ reason, url, guess, host, port }, { platform }): readonly Remedy[] {
    const edit: readonly Remedy[] =
      url === null ? [] : [{ kind: 'edit', title: 'Use the address at which the server answers:', field: 'url', value: url }];
    switch (reason.kind) {
      case 'wildcard':
        return url === null ? [{ kind: 'tell', title: `Name an address of the server, for one on this machine: ${guess}` }] : edit;
      case 'placeholder':
        return [{ kind: 'tell', title: `Put the server's real host in place of ${host}; for a server on this machine: ${guess}` }];
      case 'container-name':
        return url === null
          ? [{ kind: 'tell', title: `For a server on this machine, or a port that a container publishes, use ${guess}` }]
          : edit;
      case 'other-address':
        return [...edit, { kind: 'run', title: 'See at which addresses the server listens:', command: seePortOwner(platform, port) }];
      case 'stale-hosts-line':
        return [
          { kind: 'tell', title: `Remove or correct line ${reason.line} of ${reason.file} (this needs administrator rights).` },
          { kind: 'run', title: 'See what the name means afterwards:', command: seeAddresses(platform, host) },
        ];
    }
  },
  about: `Some hosts in a URL cannot be right from where the client runs: \`0.0.0.0\` and \`[::]\` (addresses for listening, not for
connecting; Windows refuses them), a placeholder that was copied from a guide, \`host.docker.internal\` outside a container, another
address of this machine than the one the server is bound to, or a hosts-file line that has become wrong.
mcpreach compares the hosts file with the name servers, and looks for the server at this machine's other addresses.
By hand: \`getent ahosts NAME\` (Linux), \`dscacheutil -q host -a name NAME\` (macOS), \`Resolve-DnsName NAME\` (Windows), and the hosts file.`,
  refs: [
    'https://www.rfc-editor.org/rfc/rfc1122#section-3.2.1.3',
    'https://www.rfc-editor.org/rfc/rfc2606',
    'https://man7.org/linux/man-pages/man5/hosts.5.html',
    'https://docs.docker.com/desktop/features/networking/',
  ],
  examples,
});

function reasonOf(found: Evidence): Reason | undefined {
  const { target, host, dns } = found;
  const isClosed = openAttempts(found).length === 0;
  const beside = besideTarget(found);
  if (isWildcard(target.host)) {
    // Where these reach this machine (Linux, macOS) a refusal says that nothing listens, unless the server is seen beside.
    const leadsNowhere = (found.tcp?.attempts ?? []).some(({ outcome }) => outcome === 'no-local-address' || outcome === 'unreachable');
    return isClosed && (beside !== undefined || leadsNowhere) ? { kind: 'wildcard' } : undefined;
  }
  if (isPlaceholder(target.host, dns?.addresses.length === 0)) return { kind: 'placeholder' };
  if (HOST_OF_CONTAINERS.has(target.host)) return host.container === null && isClosed ? { kind: 'container-name' } : undefined;
  if (beside !== undefined && isClosed && !isLoopback(beside.address)) return { kind: 'other-address', address: beside.address };
  return staleLine(found);
}

function certaintyOf({ dns, tcp }: Evidence, { kind }: Reason, isSeen: boolean): Args['certainty'] {
  if (isSeen) return 'proved';
  switch (kind) {
    case 'wildcard':
      return tcp?.attempts.some(({ outcome }) => outcome === 'no-local-address') ? 'proved' : 'likely';
    case 'placeholder':
      return dns?.addresses.length === 0 ? 'proved' : 'likely';
    default:
      return 'likely';
  }
}

/** Reserved example domains count only where they do not resolve: test set-ups put them into the hosts file. */
function isPlaceholder(host: string, isUnknown: boolean): boolean {
  if (/[{}$<>*]/.test(host) || /%(?:3c|3e|7b|7d)/i.test(host)) return true;
  if (/^your[-_.]?[a-z]|[-_.]your[-_.]/.test(host) || /^(?:www\.)?example\.(?:com|net|org)$/.test(host)) return true;
  if (!isUnknown) return false;
  return (
    /(?:^|\.)(?:example|invalid)(?:\.(?:com|net|org))?$/.test(host) ||
    /^(?:host|hostname|server-?ip|ip-?address|domain|my-?(?:server|host|domain)(?:\.com)?)$/.test(host)
  );
}

/** The hosts-file line that decides although the name servers say otherwise. */
function staleLine(found: Evidence): Reason | undefined {
  const { dns, resolver } = found;
  const answers = resolver?.answers.flatMap(({ addresses }) => addresses) ?? [];
  if (answers.length === 0 || dns?.hostsFile.kind !== 'measured') return undefined;
  const used = addressesOf(found).map(({ address }) => address);
  if (used.some((address) => answers.includes(address))) return undefined;
  const line = dns.hostsFile.value.find(({ address }) => used.includes(address));
  return line === undefined ? undefined : { kind: 'stale-hosts-line', file: line.file, line: line.line, address: line.address, answers };
}

function examples() {
  const nobody = { ...names(), error: 'ENOTFOUND' };
  const stale = {
    dns: {
      ...names('203.0.113.9'),
      hostsFile: { kind: 'measured' as const, value: [{ file: '/etc/hosts', line: 12, address: '203.0.113.9', family: 4 as const }] },
    },
    tcp: tcp(attempt('203.0.113.9', 'refused')),
    resolver: { servers: ['192.168.1.1'], answers: [{ record: 'A' as const, addresses: ['198.51.100.4'], error: null }], ms: 12 },
  };
  const onLan = ready({ route: { kind: 'direct', address: '192.168.1.20', family: 4 } });
  const beside = {
    ...NOTHING_AROUND,
    machine: machine(listener('192.168.1.20')),
    siblings: { attempts: [attempt('192.168.1.20', 'open')], handshakes: [onLan] },
  };
  return {
    fires: [
      {
        title: '0.0.0.0 on Windows',
        evidence: evidence(
          target('http://0.0.0.0:3000/mcp'),
          { ...NOTHING_AROUND, tcp: tcp(attempt('0.0.0.0', 'no-local-address')) },
          { platform: 'win32' },
        ),
      },
      {
        title: '[::] while the server listens on 127.0.0.1',
        evidence: evidence(target('http://[::]:3000/mcp'), {
          ...NOTHING_AROUND,
          tcp: tcp(attempt('::', 'refused')),
          siblings: { attempts: [attempt('127.0.0.1', 'open')], handshakes: [ready()] },
        }),
      },
      { title: 'a placeholder', evidence: evidence(target('https://your-server.example.com/mcp'), { dns: nobody }) },
      {
        title: 'host.docker.internal outside containers',
        evidence: evidence(target('http://host.docker.internal:3000/mcp'), { dns: nobody }),
      },
      {
        title: 'the server listens on another address of this machine',
        evidence: evidence(target('http://127.0.0.1:3000/mcp'), { ...beside, tcp: tcp(attempt('127.0.0.1', 'refused')) }),
      },
      { title: 'a stale line in the hosts file', evidence: evidence(target('http://tools.corp.test:3000/mcp'), stale) },
    ],
    quiet: [
      {
        title: '0.0.0.0 where it works',
        evidence: evidence(target('http://0.0.0.0:3000/mcp'), { tcp: tcp(attempt('0.0.0.0', 'open')), direct: ready() }),
      },
      {
        title: '0.0.0.0 on Linux while nothing listens',
        evidence: evidence(target('http://0.0.0.0:3000/mcp'), { ...NOTHING_AROUND, tcp: tcp(attempt('0.0.0.0', 'refused')) }),
      },
      {
        title: 'host.docker.internal inside a container',
        evidence: evidence(
          target('http://host.docker.internal:3000/mcp'),
          { dns: names('192.168.65.2'), tcp: tcp(attempt('192.168.65.2', 'refused')) },
          { container: 'docker' },
        ),
      },
      {
        title: 'the hosts file and the name servers agree',
        evidence: evidence(target('http://tools.corp.test:3000/mcp'), {
          ...stale,
          resolver: { ...stale.resolver, answers: [{ record: 'A', addresses: ['203.0.113.9'], error: null }] },
        }),
      },
      { title: 'a name that does not exist', evidence: evidence(target('http://tools.corp.test:3000/mcp'), { dns: nobody }) },
    ],
  };
}
