import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import { running, STDIO_WORKS, stdioEvidence, stdioFailed, stdioTarget, stdioToolsFailed } from '../../model/stdio-examples.ts';
import { endedEarly, lastStdioExchange, lastWords, layerOf, stdioWorks } from '../../model/stdio-view.ts';

interface Args extends MatchBase {
  readonly request: string;
  /** Null when the answer is a result that clients cannot read. */
  readonly error: { readonly code: number; readonly message: string } | null;
  readonly output: readonly string[];
}

/** The server answers a request of the handshake by an error. */
export const cause = defineStdioCause({
  id: 'mcp-error',
  group: 'http',
  title: 'The server answers with an MCP error',
  layer: 'mcp',
  severity: 'error',
  needs: ['spawn', 'handshake'],
  hiddenBy: ['cwd-missing', 'protocol-version', 'missing-env', 'backend-unreachable', 'crash-on-boot'],
  match(evidence): Args | undefined {
    const last = lastStdioExchange(evidence);
    if (last === undefined || stdioWorks(evidence) || (endedEarly(evidence) && last.outcome.kind === 'ended')) return undefined;
    const base = { certainty: 'proved', layer: layerOf(evidence), request: last.request, output: lastWords(evidence.spawn, 3) } as const;
    if (last.outcome.kind === 'malformed') return { ...base, error: null };
    return last.outcome.kind === 'error' ? { ...base, error: last.outcome.error } : undefined;
  },
  explain({ request, error, output }) {
    if (error === null)
      return { summary: `The server answers ${request} with a result that is not what MCP prescribes.`, evidence: output };
    return {
      summary:
        `The server answers ${request} with error ${error.code}${error.message === '' ? '' : `: ${error.message.replace(/[.\s]+$/, '')}`}.`
          .slice(0, 260)
          .replace(/[^.]$/, '$&…'),
      evidence: output,
    };
  },
  remedies({ error, request }) {
    return [
      {
        kind: 'tell',
        title:
          error === null
            ? `Mend the server's answer to ${request}, or update the MCP SDK it is built with.`
            : 'Mend what the message names; the server itself is reached and answers.',
      },
      { kind: 'tell', title: "Look at the server's own log (standard error) for the same moment." },
    ];
  },
  about: `The server runs and answers, and its answer to \`initialize\` or \`tools/list\` is a JSON-RPC error, or a result that no client can
read. The way to the server is good; the reason lies in the server.
mcpreach sends the same messages as a client and shows code and message.
By hand: run the command and paste an initialize message, one line, into it.`,
  refs: [
    'https://www.jsonrpc.org/specification#error_object',
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#error-handling',
  ],
  examples() {
    const error = { code: -32603, message: 'Internal error: no licence' };
    const at = (handshake: ReturnType<typeof stdioFailed>) => stdioEvidence(stdioTarget(), { spawn: running(), handshake });
    return {
      fires: [
        { title: 'initialize is refused', evidence: at(stdioFailed({ kind: 'error', error })) },
        { title: 'the tool list is refused', evidence: at(stdioToolsFailed({ kind: 'error', error })) },
        { title: 'a result without a revision', evidence: at(stdioFailed({ kind: 'malformed' })) },
      ],
      quiet: [
        { title: 'it works', evidence: stdioEvidence(stdioTarget(), STDIO_WORKS) },
        { title: 'it never answers', evidence: at(stdioFailed({ kind: 'timed-out' })) },
      ],
    };
  },
});
