import { CLIENT_LIMITS, SHORTEST_CLIENT_LIMIT_MS } from '../facts/budgets.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { attempt, evidence, failed, ready, target, tcp, unfinished } from '../model/examples.ts';
import { seconds } from '../model/exchange-words.ts';
import { effective, isReady, isTooLate } from '../model/view.ts';

interface Args extends MatchBase {
  readonly at: string;
  readonly ms: number;
  readonly limitMs: number;
  /** The client whose limit counts; null for a bare URL. */
  readonly client: string | null;
  /** Clients that give up earlier than the answer came. */
  readonly impatient: readonly string[];
}

/** Answers, but later than the client waits. */
export const cause = defineCause({
  id: 'timeout-slow-start',
  group: 'http',
  title: 'The server answers later than the client waits',
  layer: 'mcp',
  severity: 'error',
  needs: [],
  hiddenBy: [],
  match(found): Args | undefined {
    const { target } = found;
    const handshake = effective(found);
    if (!isReady(handshake) || handshake.readyMs === null || handshake.readyMs <= SHORTEST_CLIENT_LIMIT_MS) return undefined;
    const ms = handshake.readyMs;
    const late = isTooLate(found, handshake);
    return {
      certainty: target.client === null ? 'likely' : 'proved',
      severity: late ? 'error' : 'warning',
      at: target.display,
      ms,
      limitMs: target.limitMs,
      client: target.client?.id ?? null,
      impatient: CLIENT_LIMITS.filter((one) => one.ms < ms).map((one) => `${one.client} (${one.ms / 1000} s)`),
    };
  },
  explain({ at, ms, limitMs, client, impatient, severity }) {
    const who = client ?? 'a usual client';
    const summary =
      severity === 'error'
        ? `${at} completes the handshake after ${seconds(ms)}, but ${who} waits only ${seconds(limitMs)}.`
        : `${at} completes the handshake after ${seconds(ms)}: too late for ${impatient.join(', ')}.`;
    return { summary, evidence: [`the handshake took ${seconds(ms)}`, `clients that give up earlier: ${impatient.join(', ')}`] };
  },
  remedies({ ms, client }) {
    const raised = Math.ceil((ms * 2) / 1000);
    return [
      {
        kind: 'tell',
        title: `Raise the start-up limit of ${client ?? 'the client'} to ${raised} s (Claude Code: MCP_TIMEOUT=${raised * 1000}; Codex: startup_timeout_sec = ${raised}; OpenCode: "timeout": ${raised * 1000}; Crush: "timeout": ${raised}).`,
      },
      {
        kind: 'tell',
        title:
          'Make the server answer initialize at once, and load models, caches and connections afterwards; on a host that sleeps, keep one instance awake.',
      },
    ];
  },
  about: `Clients give a server a limited time for its handshake, from 5 s (OpenCode) to 30 s (Claude Code, Codex). A server that loads much before it answers, or a host that
wakes it up on the first request, misses it, although it works a moment later.
mcpreach waits three times as long as the client would and measures the time to the handshake's answer, the list of tools not counted. For an address without a client it assumes 10 s.
By hand: \`time curl -m 60 -X POST URL\`.`,
  refs: [
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#timeouts',
    'https://docs.claude.com/en/docs/claude-code/mcp',
  ],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')) };
    const after = (readyMs: number) => ready({ readyMs, ms: readyMs + 3 });
    const hasty = target(undefined, { client: { id: 'opencode', startupLimitMs: 5000 }, limitMs: 5000 });
    return {
      fires: [
        { title: 'later than a usual client waits', evidence: evidence(target(), { ...open, direct: after(12_300) }) },
        { title: 'later than this client waits', evidence: evidence(hasty, { ...open, direct: after(6200) }) },
        { title: 'in time for most', evidence: evidence(target(), { ...open, direct: after(7000) }) },
      ],
      quiet: [
        { title: 'in time for all', evidence: evidence(target(), { ...open, direct: after(2000) }) },
        {
          title: 'never',
          evidence: evidence(target(), {
            ...open,
            direct: unfinished([failed('initialize', { stage: 'head', reason: 'timed-out', ms: 30_000 })]),
          }),
        },
      ],
    };
  },
});
