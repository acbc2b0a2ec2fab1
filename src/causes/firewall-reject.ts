import { SEE_FILTERS } from '../facts/commands.ts';
import { allowRemedies, seeRule } from '../facts/filter-commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence } from '../model/evidence.ts';
import { publishing, runningContainer } from '../model/container-examples.ts';
import { closedEngine } from '../model/container-view.ts';
import { attempt, evidence, listener, machine, names, NOTHING_AROUND, target, tcp } from '../model/examples.ts';
import { deniedFilters, filterBlock, filters, UNREAD_FILTERS } from '../model/filter-examples.ts';
import { foreignFilters, pfBlock, windowsBlock } from '../model/foreign-filter-examples.ts';
import { blockWeight, blockWords, ruleName, unreadFilters } from '../model/filter-words.ts';
import { blocksBy, deniedBySelinux, laterBlocks, refusedBesideListener } from '../model/filters-view.ts';
import type { FilterBlock } from '../model/filters.ts';
import type { Remedy } from '../model/remedy.ts';
import type { SelinuxDenial } from '../model/selinux.ts';
import { endpoint, holderProcess, works } from '../model/view.ts';

interface Args extends MatchBase {
  /** Null where the rules cannot be read and only their work is seen. */
  readonly block: FilterBlock | null;
  /** What SELinux refused, where no packet filter did. */
  readonly denial: SelinuxDenial | null;
  readonly at: string;
  /** What would end the connection once that rule is out of the way. */
  readonly later: readonly FilterBlock[];
  readonly facts: readonly string[];
}

/** The switch that lets a domain connect to any port. */
const SWITCHES: Readonly<Record<string, string>> = { httpd_t: 'httpd_can_network_connect', container_t: 'container_connect_any' };

/** Programs that hold a port for a container or another machine. */
const FORWARDERS = /^(?:docker-proxy|conmon|rootlessport|slirp4netns|pasta|wslrelay)/;

/** What is left to say where the rules cannot be read: a listener is there, and something else refuses in its place. */
function matchUnread(found: Evidence): Args | undefined {
  const refused = refusedBesideListener(found);
  const unread = unreadFilters(found);
  // An engine holds its published ports itself and lets the container refuse: while it may not be asked, nothing is certain.
  if (closedEngine(found.containers) !== null) return undefined;
  if (refused === undefined || unread.length === 0 || works(found)) return undefined;
  const at = endpoint(refused.address, refused.port);
  const facts = [`${at} refused twice (${refused.code ?? 'no code'}), and the system lists a listener there`, ...unread];
  // Whoever forwards a port listens in the place of somebody else.
  const owner = holderProcess(found);
  const certain = owner !== undefined && !FORWARDERS.test(owner.name);
  return { certainty: certain ? 'likely' : 'possible', block: null, later: [], denial: null, at, facts };
}

/** SELinux answers for the kernel itself: EACCES, before anything is sent. */
function matchSelinux(found: Evidence): Args | undefined {
  const denial = deniedBySelinux(found);
  const attempt = found.filters?.attempts.find(({ outcome }) => outcome === 'not-permitted');
  if (denial === undefined || attempt === undefined || works(found)) return undefined;
  const { program, source, target, permission } = denial;
  const off = [...(found.filters?.selinux?.booleans ?? [])].filter(([name, on]) => !on && name.startsWith(source.replace(/_t$/, '_can_')));
  const facts = [
    `the audit log: denied { ${permission} } for comm=${program ?? '?'} dest=${attempt.port}, ${source} to ${target}`,
    `${endpoint(attempt.address, attempt.port)} ${attempt.outcome} (${attempt.code ?? 'no code'})`,
    ...(off.length > 0 ? [`switches of this domain that are off: ${off.map(([name]) => name).join(', ')}`] : []),
  ];
  return { certainty: 'proved', block: null, later: [], denial, at: endpoint(attempt.address, attempt.port), facts };
}

function selinuxRemedies({ source }: SelinuxDenial): readonly Remedy[] {
  const name = SWITCHES[source];
  const why: Remedy = {
    kind: 'run',
    title: 'See which switch or rule would allow it:',
    command: 'sudo ausearch -m avc -ts recent | audit2why',
  };
  return name === undefined
    ? [why, { kind: 'tell', title: `Allow ${source} to connect to this port only, with the switch or the module that audit2why names.` }]
    : [{ kind: 'run', title: `Let ${source} connect to other ports:`, command: `sudo setsebool -P ${name} on` }, why];
}

/** A rule of this machine answers in the server's place. */
export const cause = defineCause({
  id: 'firewall-reject',
  group: 'network',
  title: 'A packet filter on this machine rejects the connection',
  layer: 'tcp',
  severity: 'error',
  needs: ['tcp', 'filters'],
  hiddenBy: ['crash-on-boot', 'container-loopback', 'container-port-unpublished', 'container-not-running', 'container-network'],
  match(found): Args | undefined {
    const [block] = blocksBy(found, 'answered');
    if (block === undefined) return matchSelinux(found) ?? matchUnread(found);
    return {
      ...blockWeight(found, block),
      layer: block.phase === 'connect' ? 'tcp' : 'http',
      block,
      later: laterBlocks(found, block),
      denial: null,
      at: endpoint(block.address, block.port),
      facts: blockWords(found, block),
    };
  },
  explain({ block, denial, at, facts }) {
    if (denial !== null) {
      const { program, source, target } = denial;
      return { summary: `SELinux forbids ${program ?? 'this program'} (${source}) to connect to ${at} (${target}).`, evidence: facts };
    }
    if (block === null) {
      return {
        summary: `${at} is refused although a program listens there: something else answers in its place, most likely a rule of this machine's packet filter.`,
        evidence: facts,
      };
    }
    const { action, how, phase, rule } = block;
    const what =
      action === 'move'
        ? `sends connections to ${at} to ${how} instead`
        : `rejects ${phase === 'data' ? 'the data of connections' : 'connections'} to ${at} (${how})`;
    return { summary: `A packet filter of this machine ${what}: ${ruleName(rule)}.`, evidence: facts };
  },
  remedies({ block, later, denial }) {
    if (denial !== null) return selinuxRemedies(denial);
    if (block === null) return [{ kind: 'run', title: 'Let root read the rules, and name the one in the way:', command: SEE_FILTERS }];
    return [...allowRemedies(block, later), { kind: 'run', title: 'See the rule among its neighbours:', command: seeRule(block.rule) }];
  },
  about: `A rule of this machine's own packet filter (nftables, iptables, ufw, firewalld; pf on macOS, Windows Defender Firewall) answers the connection in the server's place: with a TCP
reset, which looks exactly like a port where nobody listens (\`ECONNREFUSED\`), or with an ICMP message (\`EHOSTUNREACH\`, \`ENETUNREACH\`, \`EACCES\`).
mcpreach reads the rules only when a connection fails although a program listens there, or on the way to another machine. It follows this connection
through every hook, chain, set and map, then connects once more: the rule whose counter grows is named with its handle. Reading the rules needs root.
By hand: \`sudo nft --handle list ruleset\` or \`sudo iptables-save -c\` before and after one more attempt (Linux), \`sudo pfctl -a '*' -sr\` (macOS),
\`Get-NetFirewallRule -PolicyStore ActiveStore -Enabled True -Action Block\` (Windows, as administrator).`,
  refs: [
    'https://wiki.nftables.org/wiki-nftables/index.php/Rejecting_traffic',
    'https://www.netfilter.org/documentation/HOWTO/packet-filtering-HOWTO-7.html',
  ],
  examples() {
    const refused = {
      dns: names('127.0.0.1'),
      tcp: tcp(attempt('127.0.0.1', 'refused')),
      ...NOTHING_AROUND,
      machine: machine(listener('127.0.0.1')),
    };
    return {
      fires: [
        {
          title: 'a rule rejects a port on which a server listens',
          evidence: evidence(target(), { ...refused, filters: filters(filterBlock('reject')) }),
        },
        {
          title: 'a rule of Windows blocks what goes out',
          evidence: evidence(
            target('https://203.0.113.9/mcp'),
            { tcp: tcp(attempt('203.0.113.9', 'not-permitted', 443)), filters: foreignFilters('not-permitted', windowsBlock()) },
            { platform: 'win32', userId: null },
          ),
        },
        {
          title: 'pf of macOS answers on loopback with a reset',
          evidence: evidence(target(), { ...refused, filters: foreignFilters('refused', pfBlock('return')) }, { platform: 'darwin' }),
        },
        {
          title: 'SELinux refuses the connection',
          evidence: evidence(target('http://203.0.113.9:3000/mcp'), {
            tcp: tcp(attempt('203.0.113.9', 'not-permitted')),
            filters: deniedFilters(),
          }),
        },
        { title: 'the rules may not be read', evidence: evidence(target(), { ...refused, filters: UNREAD_FILTERS }) },
      ],
      quiet: [
        {
          title: 'SELinux refused another port',
          evidence: evidence(target('http://203.0.113.9:3000/mcp'), {
            tcp: tcp(attempt('203.0.113.9', 'not-permitted')),
            filters: deniedFilters({ port: 5432 }),
          }),
        },
        {
          title: 'the rules may not be read, and nobody listens',
          evidence: evidence(target(), { ...refused, machine: machine(), filters: UNREAD_FILTERS }),
        },
        {
          title: 'a port that is published for a container in which nothing listens',
          evidence: evidence(target(), {
            ...refused,
            filters: UNREAD_FILTERS,
            containers: publishing(runningContainer({ listening: { kind: 'measured', value: [] } })),
          }),
        },
        {
          title: 'the rules may not be read, nor the engine be asked that may hold the port',
          evidence: evidence(target(), { ...refused, filters: UNREAD_FILTERS, containers: { ...publishing(), engines: [CLOSED_ENGINE] } }),
        },
        {
          title: 'a container engine forwards the port',
          evidence: evidence(target(), { ...refused, filters: filters(engineForward()) }),
        },
        { title: 'no rule is about this port', evidence: evidence(target(), { ...refused, filters: filters() }) },
        {
          title: 'the rule drops',
          evidence: evidence(target(), { tcp: tcp(attempt('127.0.0.1', 'timed-out')), filters: filters(filterBlock('drop')) }),
        },
      ],
    };
  },
});

/** The rule with which Podman publishes a port. */
function engineForward(): FilterBlock {
  const block = filterBlock('reject');
  return { ...block, action: 'move', how: '10.88.0.2:3000', rule: { ...block.rule, chain: 'NETAVARK-DN-1D8721804F16F' } };
}

const CLOSED_ENGINE = {
  kind: 'docker',
  endpoint: 'unix:///var/run/docker.sock',
  source: 'the usual socket',
  state: { kind: 'no-permission', owner: null },
} as const;
