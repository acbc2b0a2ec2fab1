import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import { running, STDIO_WORKS, stdioEvidence, stdioFailed, stdioTarget } from '../../model/stdio-examples.ts';
import { exitWords, lastStdioExchange, lastWords, stdioWorks } from '../../model/stdio-view.ts';

interface Args extends MatchBase {
  readonly command: string;
  readonly facts: readonly string[];
}

/** The handshake failed, and nothing in this catalogue explains it. */
export const cause = defineStdioCause({
  id: 'unknown',
  group: 'beyond',
  title: 'The reason is not known',
  layer: 'mcp',
  severity: 'error',
  needs: [],
  hiddenBy: 'any-other',
  match(evidence): Args | undefined {
    if (stdioWorks(evidence)) return undefined;
    const { target, spawn, executable } = evidence;
    const last = lastStdioExchange(evidence);
    const facts = [
      `command: ${executable === undefined ? 'not looked up' : executable.resolution.kind}`,
      `process: ${spawn === undefined ? 'not started' : spawn.exit === null && spawn.startError === null ? 'running' : exitWords(spawn)}`,
      ...(last === undefined ? [] : [`${last.request}: ${last.outcome.kind}`]),
      ...(spawn === undefined ? [] : lastWords(spawn, 3)),
    ];
    return { certainty: 'possible', command: target.display, facts };
  },
  explain({ command, facts }) {
    return { summary: `${command} did not complete the MCP handshake, and no known reason fits what was seen.`, evidence: facts };
  },
  remedies() {
    return [
      {
        kind: 'tell',
        title: "Collect three things: this report as JSON (--json), the server's standard error of the same moment, and the client's log.",
      },
    ];
  },
  about: `The server was started and did not come to answer, and the reason has no name yet.
mcpreach started the server and spoke to it as the client would, and it failed in a way that no known cause explains. The evidence
says how far it came.
By hand: run the command in a terminal, with the variables of the entry, and read everything that it prints.
A report with this verdict is worth an issue: it shows a reason that mcpreach does not know yet.`,
  refs: ['https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio'],
  examples() {
    return {
      fires: [{ title: 'nothing could be measured', evidence: stdioEvidence(stdioTarget()) }],
      quiet: [
        { title: 'it works', evidence: stdioEvidence(stdioTarget(), STDIO_WORKS) },
        {
          title: 'an error, which has a name',
          evidence: stdioEvidence(stdioTarget(), {
            spawn: running(),
            handshake: stdioFailed({ kind: 'error', error: { code: -32603, message: 'no' } }),
          }),
        },
      ],
    };
  },
});
