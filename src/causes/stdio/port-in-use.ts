import { seePortOwner } from '../../facts/commands.ts';
import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import type { Remedy } from '../../model/remedy.ts';
import { ended, STDIO_WORKS, stdioEvidence, stdioFailed, stdioTarget } from '../../model/stdio-examples.ts';
import { endedEarly, exitWords } from '../../model/stdio-view.ts';

interface Args extends MatchBase {
  readonly port: number | null;
  readonly line: string | null;
  readonly exit: string;
}

/** The stdio server also wants a port, and another program has it. */
export const cause = defineStdioCause({
  id: 'port-in-use',
  group: 'process',
  title: 'Another program holds the port',
  layer: 'process',
  severity: 'error',
  needs: ['spawn'],
  hiddenBy: [],
  match(evidence): Args | undefined {
    const { spawn } = evidence;
    if (!endedEarly(evidence) || spawn.early !== 'address-in-use') return undefined;
    const words = [spawn.detail ?? '', ...spawn.stderr].join('\n');
    const port = /(?:in use[^\n]{0,40}?|\bport:? )(?:\S*:)?(\d{2,5})\b|:(\d{2,5})\b[^\n]*in use/.exec(words);
    const number = port?.[1] ?? port?.[2];
    return { certainty: 'proved', port: number === undefined ? null : Number(number), line: spawn.detail, exit: exitWords(spawn) };
  },
  explain({ port, line, exit }) {
    return {
      summary: `The server ends because ${port === null ? 'the port that it wants' : `port ${port}, which it wants,`} is held by another program.`,
      evidence: [...(line === null ? [] : [`it said: ${line}`]), `it ended with ${exit}`],
    };
  },
  remedies({ port }, { platform }): readonly Remedy[] {
    return [
      ...(port === null
        ? []
        : [
            {
              kind: 'run' as const,
              title: 'See who holds it; often it is the same server, started by another client:',
              command: seePortOwner(platform, port),
            },
          ]),
      {
        kind: 'tell',
        title: 'Give each client its own port by the option or variable that the server has for it, or switch that part of the server off.',
      },
    ];
  },
  about: `Some stdio servers open a port besides, for a dashboard, a debugger or a sign-in. Each client starts a copy of its own, and the second
copy finds the port taken and ends.
mcpreach reads EADDRINUSE in the server's last words.
By hand: \`ss -ltnp\` (Linux), \`lsof -nP -iTCP -sTCP:LISTEN\` (macOS) or \`Get-NetTCPConnection -State Listen\` (Windows) shows who holds the port.`,
  refs: ['https://man7.org/linux/man-pages/man2/bind.2.html', 'https://nodejs.org/api/errors.html#common-system-errors'],
  examples() {
    const line = 'Error: listen EADDRINUSE: address already in use 127.0.0.1:6277';
    return {
      fires: [
        {
          title: 'the dashboard port is taken',
          evidence: stdioEvidence(stdioTarget(), { spawn: ended('address-in-use', line), handshake: stdioFailed({ kind: 'ended' }) }),
        },
      ],
      quiet: [
        { title: 'it works', evidence: stdioEvidence(stdioTarget(), STDIO_WORKS) },
        {
          title: 'it ends for another reason',
          evidence: stdioEvidence(stdioTarget(), { spawn: ended('error', 'Error: no'), handshake: stdioFailed({ kind: 'ended' }) }),
        },
      ],
    };
  },
});
