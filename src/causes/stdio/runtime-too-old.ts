import { INSTALL_COMMANDS } from '../../facts/launch.ts';
import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import type { Remedy } from '../../model/remedy.ts';
import { ended, STDIO_WORKS, stdioEvidence, stdioFailed, stdioTarget } from '../../model/stdio-examples.ts';
import { endedEarly, exitWords } from '../../model/stdio-view.ts';
import type { RuntimeEvidence } from '../../model/stdio.ts';

interface Args extends MatchBase {
  readonly runtime: RuntimeEvidence;
  readonly exit: string;
  readonly detail: string | null;
}

const NAMES: Readonly<Record<RuntimeEvidence['name'], string>> = { node: 'Node.js', python: 'Python', deno: 'Deno', bun: 'Bun', uv: 'uv' };

/** The server needs another version of its runtime than the one it is started with. */
export const cause = defineStdioCause({
  id: 'runtime-too-old',
  group: 'stdio',
  title: 'The runtime is too old for the server',
  layer: 'process',
  severity: 'error',
  needs: ['spawn', 'runtime'],
  hiddenBy: ['cwd-missing'],
  match(evidence): Args | undefined {
    const { runtime, spawn } = evidence;
    if (!endedEarly(evidence) || spawn.startError !== null) return undefined;
    // An error that only a missing part of the runtime raises says more than a package that asks for too little.
    if (runtime.satisfied === true && runtime.said?.required !== null) return undefined;
    // A version that does not fit and a server that ends for a stated reason of its own are two things.
    const own = spawn.early === 'missing-variable' || spawn.early === 'address-in-use';
    if (runtime.said === null && (runtime.satisfied !== false || own)) return undefined;
    return {
      certainty: runtime.said !== null && runtime.satisfied === false ? 'proved' : 'likely',
      runtime,
      exit: exitWords(spawn),
      detail: spawn.detail,
    };
  },
  explain({ runtime: { name, version, path, required: asked, satisfied, said }, exit, detail }) {
    const required = satisfied === true ? null : asked;
    const needs = required === null ? `a later version of ${NAMES[name]}` : `${NAMES[name]} ${required.range}`;
    return {
      summary: `The server needs ${needs}, and is started with ${version ?? said?.found ?? 'another version'}.`,
      evidence: [
        ...(said === null ? [] : [`it said: ${said.line}`]),
        ...(required === null ? [] : [`${required.source} asks for ${required.range}`]),
        ...(version === null || path === null ? [] : [`${path} is version ${version}`]),
        `it ended with ${exit}${detail === null || said !== null ? '' : `: ${detail}`}`,
      ],
    };
  },
  remedies({ runtime: { name, required: asked, satisfied } }, { platform }): readonly Remedy[] {
    const required = satisfied === true ? null : asked;
    const major = required === null ? null : (/\d+(?:\.\d+)?/.exec(required.range)?.[0] ?? null);
    const system = platform === 'win32' ? 'win32' : 'posix';
    const by: Readonly<Record<RuntimeEvidence['name'], string | undefined>> = {
      node: system === 'posix' ? `nvm install ${major?.split('.')[0] ?? '--lts'}` : INSTALL_COMMANDS['node']?.win32,
      python: `uv python install ${major ?? '3.13'}`,
      deno: 'deno upgrade',
      bun: 'bun upgrade',
      uv: 'uv self update',
    };
    const command = by[name];
    return [
      ...(command === undefined ? [] : [{ kind: 'run' as const, title: `Install a fitting ${NAMES[name]}:`, command }]),
      {
        kind: 'tell',
        title: `Name that ${NAMES[name]} by its full path in the entry: the client does not follow the version that a shell has chosen.`,
      },
    ];
  },
  about: `The server, or a package it uses, needs a later version of its runtime than the one the client starts it with: often an old system
Node or Python that comes first on the client's PATH, while the shell uses a newer one of a version manager. It then ends with a syntax
error, a missing built-in module, or npm's EBADENGINE.
mcpreach compares the runtime's own version with \`engines\` in package.json or \`requires-python\`, and reads what the server says.
By hand: run the full path of the runtime with \`--version\`; \`which -a node\` (Linux, macOS) or \`where.exe node\` (Windows) lists all there are.`,
  refs: [
    'https://docs.npmjs.com/cli/configuring-npm/package-json#engines',
    'https://packaging.python.org/en/latest/specifications/pyproject-toml/#requires-python',
  ],
  examples() {
    const node: RuntimeEvidence = {
      name: 'node',
      path: '/usr/bin/node',
      version: '16.20.2',
      required: { range: '>=20', source: 'package.json' },
      satisfied: false,
      said: null,
    };
    const at = (runtime: RuntimeEvidence, detail: string) =>
      stdioEvidence(stdioTarget('node server.js'), { spawn: ended('error', detail), handshake: stdioFailed({ kind: 'ended' }), runtime });
    const said = { line: 'This server requires Node.js >=20', required: '>=20', found: null };
    return {
      fires: [
        { title: 'engines ask for more', evidence: at(node, 'SyntaxError: Unexpected token') },
        { title: 'the server says so itself', evidence: at({ ...node, said }, said.line) },
        {
          title: 'a built-in module is missing',
          evidence: at(
            {
              ...node,
              required: null,
              satisfied: null,
              said: { line: 'Error: No such built-in module: node:sqlite', required: null, found: null },
            },
            'Error: No such built-in module: node:sqlite',
          ),
        },
        {
          title: 'a built-in module is missing although the package asks for less',
          evidence: at(
            {
              ...node,
              version: '20.20.2',
              satisfied: true,
              said: { line: 'Error: No such built-in module: node:sqlite', required: null, found: null },
            },
            'Error: No such built-in module: node:sqlite',
          ),
        },
      ],
      quiet: [
        { title: 'it works all the same', evidence: stdioEvidence(stdioTarget('node server.js'), { ...STDIO_WORKS, runtime: node }) },
        { title: 'the version fits', evidence: at({ ...node, version: '22.3.0', satisfied: true }, 'Error: no') },
      ],
    };
  },
});
