import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import type { Layer } from '../../model/layer.ts';
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
import { endedEarly, exitWords, layerOf, stdioWorks } from '../../model/stdio-view.ts';
import type { BackendEvidence, SpawnEvidence } from '../../model/stdio.ts';

interface Args extends MatchBase {
  readonly backend: BackendEvidence;
  readonly how: string;
  readonly inContainer: boolean;
}

/** Ends that a refused backend does not explain. */
const OWN_REASONS: ReadonlySet<SpawnEvidence['early']> = new Set([
  'module-not-found',
  'syntax',
  'address-in-use',
  'missing-variable',
  'command-not-found',
]);

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection',
  ENOTFOUND: 'does not resolve',
  ETIMEDOUT: 'does not answer',
  EHOSTUNREACH: 'cannot be reached',
  ECONNRESET: 'breaks the connection off',
};

/** What the server itself talks to is refused. */
export const cause = defineStdioCause({
  id: 'backend-unreachable',
  group: 'beyond',
  title: 'What the server itself talks to cannot be reached',
  layer: 'tools',
  severity: 'error',
  needs: ['spawn', 'backend'],
  hiddenBy: ['cwd-missing', 'package-not-found', 'missing-env'],
  match(evidence): Args | undefined {
    const { backend, spawn, target } = evidence;
    if (backend === null) return undefined;
    const inContainer = /\b(?:docker|podman)\b/.test(target.command);
    const base = { backend, inContainer };
    if (stdioWorks(evidence)) return { ...base, certainty: 'likely', severity: 'warning', how: 'MCP works all the same' };
    // An end with a reason of its own; what was refused before was got over.
    if (endedEarly(evidence) && OWN_REASONS.has(spawn.early)) return undefined;
    if (endedEarly(evidence)) return { ...base, certainty: 'likely', layer: 'process', how: `it ended with ${exitWords(spawn)}` };
    const layer: Layer = layerOf(evidence);
    return {
      ...base,
      certainty: backend.from === 'error' ? 'proved' : 'likely',
      layer,
      how: backend.from === 'error' ? 'it answers with that error' : 'it goes on running and does not answer',
    };
  },
  explain({ backend: { address, code, line, from }, how }) {
    return {
      summary: `The server starts, but its own backend ${address === null ? '' : `${address} `}${WORDS[code] ?? 'fails'} (${code}).`,
      evidence: [`${from === 'error' ? 'its answer' : 'stderr'}: ${line}`, how],
    };
  },
  remedies({ backend: { address, code }, inContainer }) {
    const isLocal = address !== null && /^(?:localhost|127\.|\[::1\])/.test(address);
    if (address === null)
      return [
        { kind: 'tell', title: "Start the service that the server connects to, or correct its address in the server's arguments or env." },
      ];
    return [
      ...(inContainer && isLocal
        ? [
            {
              kind: 'tell' as const,
              title: `Inside the container ${address} is the container itself: name the host as host.docker.internal (on Linux with --add-host=host.docker.internal:host-gateway).`,
            },
          ]
        : []),
      {
        kind: 'tell',
        title:
          code === 'ENOTFOUND'
            ? `Correct the name of ${address} in the server's settings.`
            : `Start the service at ${address}, or correct the address in the server's arguments or env.`,
      },
    ];
  },
  about: `The MCP server itself is fine; the database, API or application behind it is not reached. It then ends, keeps silent, or answers with
an error that names another address than its own.
mcpreach reads the address and the code from the server's standard error and from its answers; it does not connect there itself.
By hand: try that address from the same place, for example with \`curl\` or \`psql\`.`,
  refs: ['https://nodejs.org/api/errors.html#common-system-errors', 'https://modelcontextprotocol.io/docs/tools/debugging'],
  examples() {
    const backend: BackendEvidence = {
      address: '127.0.0.1:5432',
      code: 'ECONNREFUSED',
      from: 'stderr',
      line: 'Error: connect ECONNREFUSED 127.0.0.1:5432',
    };
    const error = { code: -32603, message: 'connect ECONNREFUSED 127.0.0.1:5432' };
    return {
      fires: [
        {
          title: 'it ends for want of its database',
          evidence: stdioEvidence(stdioTarget(), {
            spawn: ended('error', backend.line),
            handshake: stdioFailed({ kind: 'ended' }),
            backend,
          }),
        },
        {
          title: 'it ends for want of something that it does not name',
          evidence: stdioEvidence(stdioTarget('python server.py'), {
            spawn: ended('error', 'httpx.ConnectError: [Errno 111] Connection refused'),
            handshake: stdioFailed({ kind: 'ended' }),
            backend: { ...backend, address: null, line: 'httpx.ConnectError: [Errno 111] Connection refused' },
          }),
        },
        { title: 'it waits for its database', evidence: stdioEvidence(stdioTarget(), { ...STDIO_SILENT, backend }) },
        {
          title: 'the tool list names it',
          evidence: stdioEvidence(stdioTarget(), {
            spawn: running(),
            handshake: stdioToolsFailed({ kind: 'error', error }),
            backend: { ...backend, from: 'error' },
          }),
        },
        { title: 'it works and complains', evidence: stdioEvidence(stdioTarget('docker run -i image'), { ...STDIO_WORKS, backend }) },
      ],
      quiet: [{ title: 'it works', evidence: stdioEvidence(stdioTarget(), { ...STDIO_WORKS, backend: null }) }],
    };
  },
});
