import { LEGACY_REVISIONS, MODERN_REVISIONS } from '../facts/revisions.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { answer, answered, attempt, evidence, ready, rpcError, target, tcp, unfinished } from '../model/examples.ts';
import { exchangeWords } from '../model/exchange-words.ts';
import { failedWay } from '../model/view.ts';

interface Args extends MatchBase {
  readonly server: string;
  /** What the server named. */
  readonly offered: readonly string[];
  /** The server answered well, in a revision that nobody knows. */
  readonly unheardOf: boolean;
  readonly facts: readonly string[];
}

/** Client and server have no protocol revision in common. */
export const cause = defineCause({
  id: 'protocol-version',
  group: 'http',
  title: 'No common protocol revision',
  layer: 'mcp',
  severity: 'error',
  needs: [],
  hiddenBy: [],
  match(found): Args | undefined {
    const way = failedWay(found);
    if (way === undefined || way.last.answer === null) return undefined;
    const { last, handshake } = way;
    if (last.meaning !== 'other-modern-version' && last.meaning !== 'version-unsupported') return undefined;
    return {
      certainty: 'proved',
      layer: way.layer === 'tools' ? 'tools' : 'mcp',
      server: last.url,
      offered: handshake.offeredVersions,
      unheardOf: way.last.answer.rpc?.hasResult === true,
      facts: [exchangeWords(last)],
    };
  },
  explain({ server, offered, unheardOf, facts }) {
    const list = offered.join(', ');
    const summary = unheardOf
      ? `${server} answers in MCP revision ${list || 'unknown'}, which no released client speaks.`
      : `${server} speaks none of the MCP revisions that clients offer${list === '' ? '' : `; it speaks ${list}`}.`;
    return {
      summary,
      evidence: [
        ...facts,
        `offered to it: ${[...MODERN_REVISIONS, LEGACY_REVISIONS[0]].join(', ')}`,
        ...(list === '' ? [] : [`it named: ${list}`]),
      ],
    };
  },
  remedies({ offered }) {
    const newest = [...MODERN_REVISIONS, ...LEGACY_REVISIONS][0];
    const serverIsNewer = offered.some((one) => one > newest!);
    return [
      serverIsNewer
        ? { kind: 'tell', title: 'Update the client: the server is newer than every revision the client knows.' }
        : {
            kind: 'tell',
            title: `Update the server (its MCP SDK): it should answer with a revision it knows instead of refusing; current ones are ${[...MODERN_REVISIONS, ...LEGACY_REVISIONS.slice(0, 2)].join(', ')}.`,
          },
    ];
  },
  about: `Client and server must agree on a revision of the protocol. Up to 2025-11-25 the client offers its newest in \`initialize\` and the server answers with one
that it knows; since 2026-07-28 every request names its revision, and a server that does not know it answers \`-32022\` with the list of those it does.
mcpreach offers the current revision, then the newest with the older handshake, then whatever common one the server names. A result in a revision that no client knows counts as refused, as clients refuse it.
By hand: look at \`protocolVersion\` in the answer to \`initialize\`, or at \`data.supported\` of the error.`,
  refs: [
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#version-negotiation',
    'https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning',
  ],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')) };
    const refused = answered(
      'server/discover',
      'other-modern-version',
      rpcError(400, { code: -32022, message: 'Unsupported protocol version' }),
    );
    const strange = answered(
      'initialize',
      'version-unsupported',
      answer(200, { rpc: { hasResult: true, error: null }, body: { kind: 'json-rpc', bytes: 200 } }),
    );
    return {
      fires: [
        {
          title: 'a newer server',
          evidence: evidence(target(), { ...open, direct: unfinished([refused], { offeredVersions: ['2027-03-01'] }) }),
        },
        {
          title: 'an older server that refuses',
          evidence: evidence(target(), {
            ...open,
            direct: unfinished(
              [answered('initialize', 'version-unsupported', rpcError(400, { code: -32602, message: 'Unsupported protocol version' }))],
              { offeredVersions: ['2024-11-05'] },
            ),
          }),
        },
        {
          title: 'a revision that nobody knows',
          evidence: evidence(target(), { ...open, direct: unfinished([strange], { offeredVersions: ['2026-03-26'] }) }),
        },
      ],
      quiet: [
        { title: 'a common revision', evidence: evidence(target(), { ...open, direct: ready() }) },
        {
          title: 'another error',
          evidence: evidence(target(), {
            ...open,
            direct: unfinished([answered('initialize', 'rpc-error', rpcError(200, { code: -32603, message: 'Internal error' }))]),
          }),
        },
      ],
    };
  },
});
