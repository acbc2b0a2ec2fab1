import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import type { Layer } from '../../model/layer.ts';
import type { Remedy } from '../../model/remedy.ts';
import {
  ended,
  running,
  STDIO_SILENT,
  STDIO_WORKS,
  stdioEvidence,
  stdioFailed,
  stdioTarget,
  stdioToolsFailed,
} from '../../model/stdio-examples.ts';
import { endedEarly, exitWords, lastStdioExchange, layerOf, stdioWorks } from '../../model/stdio-view.ts';
import type { EnvironmentEvidence } from '../../model/stdio.ts';

interface Args extends MatchBase {
  readonly missing: EnvironmentEvidence['missing'];
  readonly line: string;
  readonly how: string;
}

/** The server needs a variable that it does not get. */
export const cause = defineStdioCause({
  id: 'missing-env',
  group: 'stdio',
  title: 'An environment variable is missing',
  layer: 'process',
  severity: 'error',
  needs: ['environment', 'spawn'],
  hiddenBy: ['cwd-missing', 'command-not-found', 'env-path-missing', 'package-not-found', 'runtime-too-old'],
  match(evidence): Args | undefined {
    const { environment, spawn } = evidence;
    if (environment === null || stdioWorks(evidence)) return undefined;
    const base = { missing: environment.missing, line: environment.line };
    if (endedEarly(evidence)) {
      // The output names variables for many reasons; only where it ended for want of one does that explain the end.
      if (spawn.startError !== null || spawn.early !== 'missing-variable') return undefined;
      return { ...base, certainty: 'proved', how: `it ended with ${exitWords(spawn)}` };
    }
    const layer: Layer = layerOf(evidence);
    const answered = lastStdioExchange(evidence)?.outcome.kind === 'error';
    return {
      ...base,
      certainty: answered ? 'likely' : 'possible',
      layer,
      how: answered ? 'it answers with that error' : 'it goes on running and does not answer',
    };
  },
  explain({ missing, line, how }) {
    const names = missing.map(({ name }) => name);
    const first = missing[0];
    const state = { unset: 'does not get it', empty: 'gets an empty value', placeholder: 'gets a placeholder that nobody replaced' }[
      first?.state ?? 'unset'
    ];
    const summary =
      names.length === 1
        ? `The server needs the environment variable ${names[0]} and ${state}.`
        : `The server needs the environment variables ${names.join(', ')}, which it does not get.`;
    return {
      summary,
      evidence: [
        `it said: ${line}`,
        how,
        ...missing.filter(({ inShell }) => inShell).map(({ name }) => `${name} is set in your shell; the client does not pass it on`),
      ],
    };
  },
  remedies({ missing }): readonly Remedy[] {
    const names = missing.map(({ name }) => name).join(', ');
    return [
      {
        kind: 'tell',
        title: `Add ${names} with ${missing.length === 1 ? 'its value' : 'their values'} to env in the server's entry, and restart the server in the client.`,
      },
      ...(missing.some(({ inShell }) => inShell)
        ? [
            {
              kind: 'tell' as const,
              title: "Most clients pass on a few variables only; the entry's env is the way to give the server the rest.",
            },
          ]
        : []),
    ];
  },
  about: `The server reads a setting from its environment (a token, an address, a path) and ends or refuses to work without it. A client starts
servers with few variables of its own; what the shell has is not what the server gets, and text such as \`\${API_KEY}\` reaches it literally
where the client does not know that form.
mcpreach starts the server with exactly the variables it would get, and reads which name it misses; values are never shown.
By hand: \`env -i PATH="$PATH" HOME="$HOME" COMMAND\` shows what the server says without your shell's variables (Linux, macOS). On Windows
open a new terminal, take the variable away with \`Remove-Item Env:NAME\`, and start the command there.`,
  refs: [
    'https://modelcontextprotocol.io/docs/tools/debugging',
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle',
  ],
  examples() {
    const missing = (name: string, state: 'unset' | 'empty' | 'placeholder' = 'unset', inShell = false): EnvironmentEvidence => ({
      missing: [{ name, state, inShell }],
      line: `Error: ${name} environment variable is required`,
    });
    const at = (environment: EnvironmentEvidence) =>
      stdioEvidence(stdioTarget('node server.js'), {
        spawn: ended('missing-variable', environment.line),
        handshake: stdioFailed({ kind: 'ended' }),
        environment,
      });
    return {
      fires: [
        { title: 'a token is missing', evidence: at(missing('GITHUB_TOKEN')) },
        { title: 'the shell has it, the client does not pass it on', evidence: at(missing('DATABASE_URL', 'unset', true)) },
        { title: 'a placeholder arrived as it was written', evidence: at(missing('API_KEY', 'placeholder')) },
        {
          title: 'the tool list fails for want of it',
          evidence: stdioEvidence(stdioTarget('node server.js'), {
            spawn: running(),
            handshake: stdioToolsFailed({ kind: 'error', error: { code: -32603, message: 'API_KEY environment variable is required' } }),
            environment: missing('API_KEY'),
          }),
        },
        {
          title: 'it says so and keeps silent',
          evidence: stdioEvidence(stdioTarget('node server.js'), { ...STDIO_SILENT, environment: missing('API_KEY') }),
        },
      ],
      quiet: [
        { title: 'it works', evidence: stdioEvidence(stdioTarget(), { ...STDIO_WORKS, environment: null }) },
        {
          title: 'the server works without it',
          evidence: stdioEvidence(stdioTarget(), { ...STDIO_WORKS, environment: missing('OPTIONAL_KEY') }),
        },
      ],
    };
  },
});
