import type { Measured } from '../../model/evidence.ts';
import type { FilterBlock, FilterSource } from '../../model/filters.ts';
import type { ApplicationFirewall } from './darwin-application-firewall.ts';
import { evaluatePf, evaluatePfLoopback, type PfVerdict } from './darwin-pf-evaluate.ts';
import type { PfNode, PfRule, PfRuleset } from './darwin-pf-parse.ts';
import type { Dialled, Dialler, FilterReading } from './foreign.ts';

/** The packet filter, when it is on. */
export interface PacketFilter {
  readonly enabled: boolean;
  readonly rules: PfRuleset;
  /** Interfaces that it leaves alone. */
  readonly skipped: readonly string[];
}

/** The two filters of macOS. */
export interface DarwinFilters {
  readonly pf: Measured<PacketFilter>;
  readonly application: Measured<ApplicationFirewall>;
}

const LOOPBACK = 'lo0';
const SOCKET_FILTER = '/usr/libexec/ApplicationFirewall/socketfilterfw';

/**
 * What the filters of macOS do with these connections. The application firewall is listed only: it asks who may take connections from
 * other machines, and neither what goes out from here nor what stays here passes it.
 */
export function judgeDarwin({ pf, application }: DarwinFilters, dialled: readonly Dialled[], dialler: Dialler): FilterReading {
  const sources: readonly FilterSource[] = [
    {
      tool: 'pf',
      rules: pf.kind === 'measured' ? { kind: 'measured', value: pf.value.enabled ? count(pf.value.rules.rules) : 0 } : pf,
      command: "sudo pfctl -si; sudo pfctl -a '*' -sr",
    },
    {
      tool: 'application-firewall',
      rules:
        application.kind === 'measured'
          ? { kind: 'measured', value: application.value.state === 0 ? 0 : application.value.programs.length }
          : application,
      command: `${SOCKET_FILTER} --getglobalstate; ${SOCKET_FILTER} --listapps`,
    },
  ];
  if (pf.kind === 'not-measured' || !pf.value.enabled) return { sources, blocks: [] };
  const { rules, skipped } = pf.value;
  return { sources, blocks: dialled.flatMap((one) => blocksOf(rules, skipped, one, dialler)) };
}

function blocksOf(rules: PfRuleset, skipped: readonly string[], dialled: Dialled, { userId }: Dialler): readonly FilterBlock[] {
  const device = dialled.isLocal ? LOOPBACK : dialled.device;
  if (device !== null && skipped.includes(device)) return [];
  const packet = {
    source: dialled.isLocal ? dialled.address : null,
    sourcePort: null,
    destination: dialled.address,
    port: dialled.port,
    interface: device,
    userId,
  };
  const verdict = dialled.isLocal ? evaluatePfLoopback(rules, packet) : evaluatePf(rules, packet, 'out');
  return candidates(verdict).map(({ rule, unsure }) => ({
    address: dialled.address,
    family: dialled.family,
    port: dialled.port,
    // What is dropped on its way out ends in an error of connect() at once, which is as good as an answer.
    action: rule.reply === 'return' || !dialled.isSilent ? 'reject' : 'drop',
    how: rule.reply === 'return' ? 'tcp reset' : dialled.isSilent ? null : 'it is dropped before it leaves',
    phase: 'connect',
    way: 'request',
    hook: verdict.kind === 'passes' ? '' : verdict.direction,
    device,
    rule: {
      tool: 'pf',
      manager: null,
      family: rule.family === null ? 'inet' : rule.family === 4 ? 'ip' : 'ip6',
      table: '',
      chain: rule.anchors.at(-1) ?? '',
      handle: null,
      text: rule.text,
    },
    chains: rule.anchors,
    grew: null,
    unsure,
  }));
}

function candidates(verdict: PfVerdict): readonly { readonly rule: PfRule; readonly unsure: readonly string[] }[] {
  if (verdict.kind === 'passes') return [];
  return verdict.kind === 'blocks' ? [{ rule: verdict.rule, unsure: [] }] : verdict.blocks.map((rule) => ({ rule, unsure: verdict.why }));
}

function count(nodes: readonly PfNode[]): number {
  return nodes.reduce((sum, node) => sum + (node.kind === 'rule' ? 1 : count(node.rules ?? [])), 0);
}
