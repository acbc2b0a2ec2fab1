import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import { LEGACY_REVISIONS, MODERN_REVISIONS, RPC_CODES } from '../../facts/revisions.ts';
import { running, STDIO_WORKS, stdioEvidence, stdioFailed, stdioReady, stdioTarget } from '../../model/stdio-examples.ts';
import { lastStdioExchange, stdioWorks } from '../../model/stdio-view.ts';

interface Args extends MatchBase {
  /** Revisions the server named; empty when it named none. */
  readonly offered: readonly string[];
  readonly answer: string;
}

/** Server and client have no protocol revision in common. */
export const cause = defineStdioCause({
  id: 'protocol-version',
  group: 'http',
  title: 'No common protocol revision',
  layer: 'mcp',
  severity: 'error',
  needs: ['handshake'],
  hiddenBy: [],
  match(evidence): Args | undefined {
    const { handshake } = evidence;
    if (stdioWorks(evidence) || handshake.result.kind !== 'failed') return undefined;
    if (handshake.unknownVersion !== null)
      return {
        certainty: 'proved',
        offered: [handshake.unknownVersion],
        answer: `it answered initialize with revision ${handshake.unknownVersion}, which no client speaks`,
      };
    const outcome = lastStdioExchange(evidence)?.outcome;
    if (outcome?.kind === 'result')
      return { certainty: 'proved', offered: handshake.offeredVersions, answer: 'it offers revisions that no client speaks' };
    if (outcome?.kind !== 'error') return undefined;
    const { code, message } = outcome.error;
    const isVersion = code === RPC_CODES.unsupportedProtocolVersion || handshake.offeredVersions.length > 0;
    // Servers older than that code say so in words only.
    const isWorded = code === RPC_CODES.invalidParams && /protocol ?version/i.test(message);
    if (!isVersion && !isWorded) return undefined;
    return { certainty: isVersion ? 'proved' : 'likely', offered: handshake.offeredVersions, answer: `error ${code}: ${message}` };
  },
  explain({ offered, answer }) {
    return {
      summary:
        offered.length === 0
          ? 'The server speaks no protocol revision that clients speak.'
          : `The server speaks only revision ${offered.join(', ')}, which clients do not speak.`,
      evidence: [answer, `clients speak ${[...MODERN_REVISIONS, ...LEGACY_REVISIONS].join(', ')}`],
    };
  },
  remedies() {
    return [
      { kind: 'tell', title: 'Update the server, or the MCP SDK it is built with, to a version that speaks a released revision.' },
      { kind: 'tell', title: 'If the server is newer than the client, update the client.' },
    ];
  },
  about: `Client and server agree on a protocol revision in the first messages. This server refuses every released one, or answers with one
that is no release (a draft, or a typing error in its code), and clients then end the connection.
mcpreach offers the newest revision with a handshake, and to servers that refuse it the newest one without.
By hand: look at \`protocolVersion\` in the answer to initialize.`,
  refs: [
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#version-negotiation',
    'https://modelcontextprotocol.io/specification/versioning',
  ],
  examples() {
    const error = (code: number, message: string, offeredVersions: readonly string[] = []) =>
      stdioEvidence(stdioTarget(), {
        spawn: running(),
        handshake: stdioFailed({ kind: 'error', error: { code, message } }, { offeredVersions }),
      });
    return {
      fires: [
        {
          title: 'a revision that was never released',
          evidence: stdioEvidence(stdioTarget(), {
            spawn: running(),
            handshake: stdioFailed({ kind: 'result' }, { unknownVersion: '2026-03-26' }),
          }),
        },
        { title: 'refused with a list', evidence: error(-32022, 'Unsupported protocol version', ['DRAFT-2027']) },
        { title: 'refused in words', evidence: error(-32602, 'Unsupported protocol version: 2025-11-25') },
      ],
      quiet: [
        { title: 'it works', evidence: stdioEvidence(stdioTarget(), STDIO_WORKS) },
        {
          title: 'an older released revision',
          evidence: stdioEvidence(stdioTarget(), {
            spawn: running(),
            handshake: stdioReady({}, { name: 'old', version: '1', protocol: '2024-11-05', era: 'legacy' }),
          }),
        },
        { title: 'another error', evidence: error(-32603, 'Internal error') },
      ],
    };
  },
});
