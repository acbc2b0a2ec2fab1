import { allowRemedies, seeRule } from '../facts/filter-commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { attempt, evidence, failed, listener, machine, names, target, tcp, unfinished } from '../model/examples.ts';
import { filterBlock, filters } from '../model/filter-examples.ts';
import { foreignFilters, pfBlock } from '../model/foreign-filter-examples.ts';
import { blockWeight, blockWords, ruleName } from '../model/filter-words.ts';
import { blocksBy, laterBlocks } from '../model/filters-view.ts';
import type { FilterBlock } from '../model/filters.ts';
import { endpoint } from '../model/view.ts';

interface Args extends MatchBase {
  readonly block: FilterBlock;
  /** What would end the connection once that rule is out of the way. */
  readonly later: readonly FilterBlock[];
  readonly facts: readonly string[];
}

/** A rule of this machine swallows packets of the connection. */
export const cause = defineCause({
  id: 'firewall-drop',
  group: 'network',
  title: 'A packet filter on this machine drops the connection',
  layer: 'tcp',
  severity: 'error',
  needs: ['tcp', 'filters'],
  hiddenBy: ['crash-on-boot', 'container-loopback', 'container-port-unpublished', 'container-not-running', 'container-network'],
  match(found): Args | undefined {
    const [block] = blocksBy(found, 'silent');
    if (block === undefined) return undefined;
    return {
      ...blockWeight(found, block),
      layer: block.phase === 'connect' ? 'tcp' : 'http',
      block,
      later: laterBlocks(found, block),
      facts: blockWords(found, block),
    };
  },
  explain({ block, facts }) {
    const { address, port, action, how, phase, way, rule } = block;
    const at = endpoint(address, port);
    const dropped =
      phase === 'data'
        ? `lets connections to ${at} open and drops ${way === 'request' ? 'what is sent on them' : 'what comes back'}`
        : `drops ${way === 'request' ? 'connections to' : 'the answers of'} ${at}`;
    const what = action === 'move' ? `sends connections to ${at} to ${how} instead, where nobody answers` : dropped;
    return { summary: `A packet filter of this machine ${what}: ${ruleName(rule)}.`, evidence: facts };
  },
  remedies({ block, later }) {
    return [...allowRemedies(block, later), { kind: 'run', title: 'See the rule among its neighbours:', command: seeRule(block.rule) }];
  },
  about: `A rule of this machine's own packet filter (nftables, iptables, ufw, firewalld; pf on macOS, Windows Defender Firewall) swallows packets of the connection, so that nobody says anything:
the connection times out, or it opens and the request stays without an answer when only its data is dropped.
mcpreach reads the rules only when a connection is met by silence. It follows this connection through every hook, chain, set and map, then connects
once more: the rule whose counter grows is named with its handle; a chain's policy often has no counter, then the finding is called likely.
Reading the rules needs root. The filters of the other machine, and of everything between, cannot be read from here.
By hand: \`sudo nft --handle list ruleset\` or \`sudo iptables-save -c\` before and after one more attempt (Linux), \`sudo pfctl -a '*' -sr\` (macOS),
\`Get-NetFirewallRule -PolicyStore ActiveStore -Enabled True -Action Block\` (Windows, as administrator).`,
  refs: ['https://wiki.nftables.org/wiki-nftables/index.php/Configuring_chains', 'https://man7.org/linux/man-pages/man8/nft.8.html'],
  examples() {
    const silent = {
      dns: names('127.0.0.1'),
      tcp: tcp({ ...attempt('127.0.0.1', 'timed-out'), ms: 4000 }),
      machine: machine(listener('127.0.0.1')),
    };
    const open = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'open')), machine: machine(listener('127.0.0.1')) };
    const hang = unfinished([failed('initialize', { stage: 'head', reason: 'timed-out', ms: 30_000 })]);
    return {
      fires: [
        {
          title: 'a rule drops a port on which a server listens',
          evidence: evidence(target(), { ...silent, filters: filters(filterBlock('drop')) }),
        },
        {
          title: 'only the data is dropped',
          evidence: evidence(target(), { ...open, direct: hang, filters: filters(filterBlock('drop', { phase: 'data' })) }),
        },
        {
          title: 'on the way to another machine',
          evidence: evidence(target('https://203.0.113.9/mcp'), {
            tcp: tcp({ ...attempt('203.0.113.9', 'timed-out', 443), ms: 4000 }),
            filters: filters(filterBlock('drop', { address: '203.0.113.9', port: 443, device: 'eth0' })),
          }),
        },
        {
          title: 'pf of macOS drops on loopback',
          evidence: evidence(target(), { ...silent, filters: foreignFilters('timed-out', pfBlock('drop')) }, { platform: 'darwin' }),
        },
      ],
      quiet: [
        { title: 'no rule is about this port', evidence: evidence(target(), { ...silent, filters: filters() }) },
        { title: 'the server hangs by itself', evidence: evidence(target(), { ...open, direct: hang, filters: filters() }) },
      ],
    };
  },
});
