import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import type { Remedy } from '../../model/remedy.ts';
import { ended, STDIO_WORKS, stdioEvidence, stdioFailed, stdioTarget } from '../../model/stdio-examples.ts';
import { endedEarly, exitWords } from '../../model/stdio-view.ts';
import type { PackageEvidence } from '../../model/stdio.ts';

interface Args extends MatchBase {
  readonly package: PackageEvidence;
  readonly exit: string;
  readonly command: string;
}

const REGISTRIES: Readonly<Record<PackageEvidence['manager'], string>> = {
  npm: 'the npm registry',
  bun: 'the npm registry',
  deno: 'its registry',
  uv: 'the Python package index',
  pip: 'the Python package index',
  docker: 'the image registry',
  python: 'this Python',
};

/** The package, version or image that the command asks for does not exist. */
export const cause = defineStdioCause({
  id: 'package-not-found',
  group: 'stdio',
  title: 'The package or image does not exist',
  layer: 'process',
  severity: 'error',
  needs: ['spawn', 'package'],
  hiddenBy: ['runtime-too-old'],
  match(evidence): Args | undefined {
    const { package: asked, spawn, target } = evidence;
    if (asked === null || !endedEarly(evidence)) return undefined;
    return { certainty: 'proved', package: asked, exit: exitWords(spawn), command: target.display };
  },
  explain({ package: { manager, name, why, line }, exit, command }) {
    const what = name ?? 'the package';
    const place = REGISTRIES[manager];
    const summaries: Record<PackageEvidence['why'], string> = {
      'not-found': `${place.replace(/^./, (first) => first.toUpperCase())} has no ${manager === 'docker' ? 'image' : 'package'} ${name ?? 'of the name in the command'} for you.`,
      'no-such-version': `The version asked for in ${what} does not exist in ${place}.`,
      'no-executable': `The package${name === null ? '' : ` ${name}`} exists, but brings no command by the name that is asked for.`,
      'not-installed': `The Python module ${what} is not installed for the Python that the command starts.`,
    };
    return { summary: summaries[why], evidence: [`it said: ${line}`, `it ended with ${exit}`, `started with: ${command}`] };
  },
  remedies({ package: { manager, name, why } }): readonly Remedy[] {
    const look: Partial<Record<PackageEvidence['manager'], string>> = {
      npm: `npm view ${name ?? 'NAME'}`,
      bun: `npm view ${name ?? 'NAME'}`,
      uv: `uvx pip index versions ${name ?? 'NAME'}`,
      pip: `pip index versions ${name ?? 'NAME'}`,
      docker: `docker manifest inspect ${name ?? 'IMAGE'}`,
    };
    const command = look[manager];
    const see: readonly Remedy[] = command === undefined ? [] : [{ kind: 'run', title: 'See what the registry has:', command }];
    if (why === 'not-installed')
      return [
        { kind: 'run', title: 'Install it for that Python:', command: `python3 -m pip install ${(name ?? 'NAME').replaceAll('_', '-')}` },
        {
          kind: 'tell',
          title: `Or start it with uvx ${(name ?? 'NAME').replaceAll('_', '-')}, which installs it by itself, or name the Python of its virtual environment by its full path.`,
        },
      ];
    if (why === 'no-executable')
      return [
        { kind: 'tell', title: 'Name the command with the package: npx -y -p PACKAGE COMMAND, or uvx --from PACKAGE COMMAND.' },
        ...see,
      ];
    return [
      {
        kind: 'tell',
        title:
          why === 'no-such-version'
            ? 'Ask for a version that exists, or leave it out.'
            : "Correct the name from the server's own documentation; a private one also needs its registry and a login.",
      },
      ...see,
    ];
  },
  about: `\`npx\`, \`uvx\`, \`docker run\` and the like fetch the server by its name before they start it. The registry has no such name or version, or
hides a private one from who is not logged in; or the package has no command by that name; or \`python -m\` is asked for a module that
this Python does not have. npm says E404 or ETARGET.
mcpreach runs the command and reads the package manager's own code.
By hand, on every system: \`npm view NAME\`, \`pip index versions NAME\`, \`docker manifest inspect IMAGE\`.`,
  refs: [
    'https://docs.npmjs.com/cli/commands/npx',
    'https://docs.astral.sh/uv/guides/tools/',
    'https://modelcontextprotocol.io/docs/tools/debugging',
  ],
  examples() {
    const at = (line: string, asked: PackageEvidence) =>
      stdioEvidence(stdioTarget(line), { spawn: ended('error', asked.line), handshake: stdioFailed({ kind: 'ended' }), package: asked });
    return {
      fires: [
        {
          title: 'a typing error in an npm name',
          evidence: at('npx -y @acme/sever', { manager: 'npm', why: 'not-found', name: '@acme/sever', line: 'npm error code E404' }),
        },
        {
          title: 'a version that was never published',
          evidence: at('npx -y some-server@99', {
            manager: 'npm',
            why: 'no-such-version',
            name: 'some-server@99',
            line: 'npm error code ETARGET',
          }),
        },
        {
          title: 'a library, not a program',
          evidence: at('npx -y lodash', {
            manager: 'npm',
            why: 'no-executable',
            name: null,
            line: 'npm error could not determine executable to run',
          }),
        },
        {
          title: 'a module that is not installed',
          evidence: at('python3 -m mcp_server_x', {
            manager: 'python',
            why: 'not-installed',
            name: 'mcp_server_x',
            line: '/usr/bin/python3: No module named mcp_server_x',
          }),
        },
        {
          title: 'an image that needs a login',
          evidence: at('docker run -i --rm acme/mcp', {
            manager: 'docker',
            why: 'not-found',
            name: 'acme/mcp',
            line: 'pull access denied for acme/mcp',
          }),
        },
      ],
      quiet: [
        { title: 'it works', evidence: stdioEvidence(stdioTarget(), { ...STDIO_WORKS, package: null }) },
        {
          title: 'a module of the server itself is missing',
          evidence: stdioEvidence(stdioTarget('node server.js'), {
            spawn: ended('module-not-found', "Error: Cannot find module 'express'"),
            handshake: stdioFailed({ kind: 'ended' }),
            package: null,
          }),
        },
      ],
    };
  },
});
