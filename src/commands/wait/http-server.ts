/** Looks at one HTTP server: a connection while nobody listens, else the universal probe, and once that is answered the handshake. */
import type { ParsedTarget } from '../../diagnose/target.ts';
import { ANSWER_AT_MOST_MS, ASSUMED_CLIENT_LIMIT_MS, SESSION_END_MS } from '../../facts/budgets.ts';
import type { Address, Exchange } from '../../model/evidence.ts';
import { createSharedRun } from '../../probes/context.ts';
import { attemptHandshake } from '../../probes/handshake.ts';
import { trustedRoots } from '../../probes/trust.ts';
import { today, within } from '../../system/clock.ts';
import { isWorthHandshake, sightHandshake, sightProbe, type Sighting } from './sighting.ts';
import type { Watched } from './watched.ts';
import { wayTo } from './way.ts';

export interface HttpServerOptions {
  readonly level: 'http' | 'mcp' | 'tools';
  /** Names that have to be among the tools at level `tools`. */
  readonly tools: readonly string[];
  /** PEM file with additional trusted roots. */
  readonly ca: string | undefined;
}

const UNANSWERED: Sighting = { kind: 'silent', what: 'no answer yet' };

/** A server behind an address, asked at this level. */
export async function watchHttp(parsed: ParsedTarget, { level, tools, ca }: HttpServerOptions): Promise<Watched> {
  const { url, headers, target } = parsed;
  const request = { url, headers, environment: parsed.environment ?? process.env, caFile: ca ?? null };
  const way = await wayTo(parsed);
  const { roots } = target.scheme === 'https' ? await trustedRoots({ request, shared: createSharedRun(new Set()) }) : { roots: undefined };
  /** Whether somebody accepted the last connection. */
  let isOpen = true;
  /** The one look that went beyond the probe. No other may: its session would be one too many. */
  let gate: Promise<Sighting> | null = null;

  /** Where to send the probe. A bare connection is tried only after one was refused: it is far cheaper than a request. */
  async function whereTo(signal: AbortSignal): Promise<Address | Extract<Sighting, { kind: 'closed' }>> {
    const only = isOpen ? await way.dialer.only(signal) : null;
    if (only !== null) return only;
    const dialled = await way.dialer.dial(signal);
    isOpen = dialled.kind === 'open';
    return dialled.kind === 'open' ? dialled.address : dialled;
  }

  async function sight(signal: AbortSignal, isGlance: boolean): Promise<Sighting> {
    const place = await whereTo(signal);
    if ('kind' in place) return place;
    let isGate = false;
    const mayGoOn = (probe: Exchange | null): boolean => {
      isGate = !isGlance && level !== 'http' && gate === null && (probe === null || isWorthHandshake(probe, target.transport));
      if (isGate) gate = looking;
      return isGate;
    };
    const looking = ask(place, signal, mayGoOn, () => isGate || target.transport === 'sse');
    const seen = await looking;
    if (isGate) gate = null;
    // It speaks MCP; whether it is ready is for the look to say that has gone on.
    return seen.kind === 'ready' && !isGlance && level !== 'http' && !isGate && target.transport !== 'sse' ? UNANSWERED : seen;
  }

  async function ask(
    address: Address,
    signal: AbortSignal,
    mayGoOn: (probe: Exchange | null) => boolean,
    wentOn: () => boolean,
  ): Promise<Sighting> {
    const handshake = await attemptHandshake({
      url,
      headers,
      ...way.route(address),
      transport: target.transport,
      ca: roots,
      answerMs: Math.min(ANSWER_AT_MOST_MS, Math.max(ASSUMED_CLIENT_LIMIT_MS, target.limitMs)),
      tools: level === 'tools',
      mayGoOn,
      signal,
    });
    const last = handshake.exchanges.at(-1);
    isOpen = last?.failure?.stage !== 'connect';
    if (wentOn()) return sightHandshake(handshake, level === 'tools' ? tools : null, today());
    return last === undefined ? UNANSWERED : sightProbe(last, level === 'http' ? 'http' : 'mcp', today());
  }

  return {
    reach: way.dialer.reach,
    async knock(signal) {
      const dialled = await way.dialer.dial(signal);
      isOpen = dialled.kind === 'open';
      return dialled.kind === 'open' ? null : dialled;
    },
    look: (signal) => sight(signal, false),
    glance: (signal) => sight(signal, true),
    async settle() {
      if (gate !== null) await within(gate, SESSION_END_MS, null);
    },
  };
}
