import { isIP } from 'node:net';
import { inNetwork } from '../addresses.ts';
import type { PfEnd, PfNode, PfRange, PfRule, PfRuleset } from './darwin-pf-parse.ts';

/** The first packet of a TCP connection as pf sees it; null is what is not known. */
export interface PfConnection {
  readonly source: string | null;
  readonly sourcePort: number | null;
  readonly destination: string;
  readonly port: number;
  readonly interface: string | null;
  /** Who owns the socket on this side. */
  readonly userId: number | null;
}

/** What pf does with a packet, and the rule that decides; null when none matches, and it passes. */
export type PfVerdict =
  | { readonly kind: 'passes'; readonly rule: PfRule | null }
  | { readonly kind: 'blocks'; readonly rule: PfRule; readonly reply: PfRule['reply']; readonly direction: 'in' | 'out' }
  /** Something that could not be judged would decide: a table, a user, an anchor whose rules were not shown. */
  | {
      readonly kind: 'unknown';
      readonly why: readonly string[] /** Rules that may block it. */;
      readonly blocks: readonly PfRule[];
      readonly direction: 'in' | 'out';
    };

type Answer = 'yes' | 'no' | 'perhaps';

/** Loopback passes twice: out, and in again. */
export function evaluatePfLoopback(ruleset: PfRuleset, connection: PfConnection): PfVerdict {
  const out = evaluatePf(ruleset, connection, 'out');
  return out.kind === 'passes' ? evaluatePf(ruleset, connection, 'in') : out;
}

/** The last rule that matches counts, unless a `quick` one ends the search. */
export function evaluatePf(ruleset: PfRuleset, connection: PfConnection, direction: 'in' | 'out'): PfVerdict {
  const state: State = { last: null, doubts: [] };
  const ended = walk(ruleset.rules, connection, direction, state);
  const doubts = [
    ...state.doubts,
    ...(ended ? [] : ruleset.strange),
    ...(ruleset.truncated && !ended ? ['there are more rules than were read'] : []),
  ];
  const passes = state.last === null || state.last.action === 'pass';
  // A doubt that would come to the same end is none.
  const open = doubts.filter((one) => typeof one === 'string' || (one.action === 'pass') !== passes);
  if (open.length > 0) {
    const rules = [...open, ...(passes || state.last === null ? [] : [state.last])];
    const blocks = rules.filter((one): one is PfRule => typeof one !== 'string' && one.action === 'block');
    return { kind: 'unknown', why: open.map((one) => (typeof one === 'string' ? one : one.text)), blocks, direction };
  }
  return state.last === null || passes
    ? { kind: 'passes', rule: state.last }
    : { kind: 'blocks', rule: state.last, reply: state.last.reply, direction };
}

interface State {
  last: PfRule | null;
  /** Rules and anchors since the last sure match, and earlier ones that would have ended the search. */
  doubts: (PfRule | string)[];
}

/** Whether the search has ended. */
function walk(nodes: readonly PfNode[], connection: PfConnection, direction: 'in' | 'out', state: State): boolean {
  for (const node of nodes) {
    const answer = matches(node, connection, direction);
    if (answer === 'no') continue;
    if (node.kind === 'anchor') {
      if (node.rules === null) {
        state.doubts.push(`the rules of the anchor "${node.name}" were not shown`);
        continue;
      }
      const before = state.last;
      if (answer === 'perhaps') {
        if (node.rules.length > 0) state.doubts.push(`whether the anchor "${node.name}" applies`);
        continue;
      }
      if (walk(node.rules, connection, direction, state)) return true;
      if (node.quick && state.last !== before) return true;
      continue;
    }
    if (answer === 'perhaps') {
      state.doubts.push(node);
      continue;
    }
    state.last = node;
    // Later rules win, so earlier doubts matter only where they would have ended the search.
    state.doubts = state.doubts.filter((one) => typeof one === 'string' || one.quick);
    if (node.quick) return true;
  }
  return false;
}

function matches(node: PfNode, connection: PfConnection, direction: 'in' | 'out'): Answer {
  const version = isIP(connection.destination);
  if (node.isForLaterPackets || (node.direction !== null && node.direction !== direction)) return 'no';
  if (node.family !== null && node.family !== version) return 'no';
  if (node.protocol !== null && !/\btcp\b/.test(node.protocol)) return 'no';
  const answers = [
    interfaceAnswer(node, connection),
    addressAnswer(node.from.address, connection.source),
    portAnswer(node.from.port, connection.sourcePort),
    addressAnswer(node.to.address, connection.destination),
    portAnswer(node.to.port, connection.port),
    node.user === null ? ('yes' as const) : portAnswer(node.user, connection.userId),
    node.others.length > 0 ? ('perhaps' as const) : ('yes' as const),
  ];
  return answers.includes('no') ? 'no' : answers.includes('perhaps') ? 'perhaps' : 'yes';
}

/** A name, or a group of interfaces by its letters (`en`, `utun`). */
function interfaceAnswer({ interface: wanted }: PfNode, connection: PfConnection): Answer {
  if (wanted === null) return 'yes';
  if (connection.interface === null) return 'perhaps';
  const is = wanted.name === connection.interface || wanted.name === connection.interface.replace(/\d+$/, '');
  return is === wanted.not ? 'no' : 'yes';
}

function addressAnswer(wanted: PfEnd['address'], address: string | null): Answer {
  if (wanted === null) return 'yes';
  if (address === null) return 'perhaps';
  const [network = '', bits] = wanted.text.split('/');
  // A table, or an interface whose addresses are meant.
  if (isIP(network) === 0) return 'perhaps';
  const is =
    isIP(network) === isIP(address) && inNetwork(address, network, bits === undefined ? (isIP(network) === 4 ? 32 : 128) : Number(bits));
  return is === wanted.not ? 'no' : 'yes';
}

function portAnswer(wanted: PfRange | null, port: number | null): Answer {
  if (wanted === null) return 'yes';
  const { operator, from, to } = wanted;
  if (port === null || from === null) return 'perhaps';
  const is = {
    '=': port === from,
    '!=': port !== from,
    '<': port < from,
    '<=': port <= from,
    '>': port > from,
    '>=': port >= from,
    ':': port >= from && port <= (to ?? from),
    '><': port > from && port < (to ?? from),
    '<>': port < from || port > (to ?? from),
  }[operator];
  return is ? 'yes' : 'no';
}
