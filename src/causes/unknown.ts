import { askClosedEngine } from '../facts/container-commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { closedEngine, engineGaps } from '../model/container-view.ts';
import type { EngineKind } from '../model/containers.ts';
import { attempt, evidence, failed, names, ready, target, tcp, unfinished } from '../model/examples.ts';
import { unreadFilters } from '../model/filter-words.ts';
import { effective, endpoint, failedWay, works } from '../model/view.ts';

interface Args extends MatchBase {
  readonly address: string;
  readonly facts: readonly string[];
  /** An engine that others may ask; null without one. */
  readonly closed: EngineKind | null;
}

/** The handshake failed, and nothing in this catalogue explains it. */
export const cause = defineCause({
  id: 'unknown',
  group: 'beyond',
  title: 'The reason is not known',
  layer: 'mcp',
  severity: 'error',
  needs: [],
  hiddenBy: 'any-other',
  match(found): Args | undefined {
    if (works(found)) return undefined;
    const { target, dns, tls, proxy, peek } = found;
    const facts: string[] = [];
    if (target.hostKind === 'name')
      facts.push(`dns: ${dns === undefined ? 'not measured' : (dns.error ?? dns.addresses.map(({ address }) => address).join(', '))}`);
    const attempts = found.tcp?.attempts.map(
      ({ address, port, outcome, code }) => `${endpoint(address, port)} ${outcome}${code === null ? '' : ` (${code})`}`,
    );
    facts.push(`tcp: ${attempts?.join('; ') ?? 'not measured'}`);
    if (target.scheme === 'https') facts.push(`tls: ${tls === undefined ? 'not measured' : tls.outcome.kind}`);
    if (proxy !== undefined && proxy.effective.proxy !== null) facts.push(`proxy: ${proxy.effective.proxy}`);
    for (const { speaks } of peek ?? []) facts.push(`the port by itself: ${speaks}`);
    const last = failedWay(found)?.last;
    if (last?.answer)
      facts.push(`${last.request}: HTTP ${last.answer.status}, ${last.answer.body.kind}, read as "${last.meaning ?? 'nothing'}"`);
    if (last?.failure)
      facts.push(
        `${last.request}: ${last.failure.reason} at stage ${last.failure.stage}${last.failure.code === null ? '' : ` (${last.failure.code})`}`,
      );
    if (effective(found) === undefined) facts.push('no request could be sent');
    // What was closed to this user may hold the reason.
    if (found.containers !== undefined) facts.push(...engineGaps(found.containers));
    facts.push(...unreadFilters(found));
    return { certainty: 'possible', address: target.display, facts, closed: closedEngine(found.containers) };
  },
  explain({ address, facts }) {
    return { summary: `${address} did not complete the MCP handshake, and no known reason fits what was seen.`, evidence: facts };
  },
  remedies({ closed }) {
    return [
      ...askClosedEngine(closed),
      {
        kind: 'tell',
        title:
          "Collect three things: this report as JSON (mcpreach doctor URL --json), the server's output of the same moment, and the client's log.",
      },
      { kind: 'tell', title: 'Try again from another network or without VPN, to see whether the way or the server decides.' },
    ];
  },
  about: `The server was not reached, or did not answer as an MCP server does, and the reason has no name yet.
mcpreach made the handshake as the client would make it, and it failed in a way that no known cause explains. The evidence says
which layers were good and how the last request ended.
By hand: compare with the server's own log of the same moment: whether the request arrived there parts the way from the server.
A report with this verdict is worth an issue: it shows a reason that mcpreach does not know yet.`,
  refs: ['https://modelcontextprotocol.io/specification/2025-11-25/basic/transports'],
  examples() {
    const odd = { ...attempt('127.0.0.1', 'failed'), code: 'EMFILE' };
    return {
      fires: [
        { title: 'a connection error nobody has seen before', evidence: evidence(target(), { dns: names('127.0.0.1'), tcp: tcp(odd) }) },
        {
          title: 'an exchange that broke for a reason without a name',
          evidence: evidence(target('http://192.0.2.9:3000/mcp'), {
            tcp: tcp(attempt('192.0.2.9', 'open')),
            direct: unfinished([failed('server/discover', { stage: 'send', reason: 'failed', code: 'EPROTO' })]),
          }),
        },
        { title: 'nothing could be measured', evidence: evidence(target()) },
      ],
      quiet: [
        {
          title: 'it works',
          evidence: evidence(target(), { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'open')), direct: ready() }),
        },
        {
          title: 'refused, which has a name',
          evidence: evidence(target('http://192.0.2.9:3000/mcp'), { tcp: tcp(attempt('192.0.2.9', 'refused')) }),
        },
      ],
    };
  },
});
