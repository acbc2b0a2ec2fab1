/** Which version of its runtime a server runs on, and which one its package asks for. */
import { resolve } from 'node:path';
import type { RuntimeEvidence, StdioEvidence } from '../../model/stdio.ts';
import { lookUp } from '../../system/executables.ts';
import { readNearest } from '../../system/near-file.ts';
import { runTool } from '../../system/processes/run-tool.ts';
import { isRecord, parseJson } from '../../wire/json-rpc.ts';
import { runtimeOf, scriptOf } from './command-words.ts';
import { type StdioContext, variable } from './context.ts';
import { satisfies } from './versions.ts';

/** Asked only of servers that failed: it starts the runtime once. Null where no known runtime is at work. */
export async function readRuntime(
  context: StdioContext,
  evidence: StdioEvidence,
  said: RuntimeEvidence['said'],
): Promise<RuntimeEvidence | null> {
  const { launch, signal } = context;
  const found = evidence.executable?.resolution;
  const interpreter = found?.kind === 'found' ? found.shebang?.interpreter : undefined;
  const name = runtimeIn(said) ?? runtimeOf(launch.file) ?? (interpreter === undefined ? null : runtimeOf(interpreter));
  if (name === null) return null;
  const path = runtimePath(context, name, found?.kind === 'found' ? found.path : null);
  const version = said?.found ?? (path === null ? null : await askVersion(path, signal));
  // A version that an installer found is the one of a runtime it chose itself.
  const shown = said?.found == null ? path : null;
  const script = scriptOf(launch.args);
  const start = script === null ? (found?.kind === 'found' && interpreter !== undefined ? found.path : null) : resolve(launch.cwd, script);
  const required =
    said?.required != null ? { range: rangeOf(said.required), source: "the server's output" } : requirementAbove(start, name);
  const range = required?.range ?? null;
  return { name, path: shown, version, required, satisfied: version === null || range === null ? null : satisfies(version, range), said };
}

/** The runtime that the words are about: uv speaks of Python, npm of Node. */
function runtimeIn(said: RuntimeEvidence['said']): RuntimeEvidence['name'] | null {
  if (said === null) return null;
  if (/\bpython/i.test(said.line)) return 'python';
  return /\bnode\b|\bnode(?:\.js|:)/i.test(said.line) ? 'node' : null;
}

/** A bare number in somebody's words means "at least". */
function rangeOf(words: string): string {
  return /^\d/.test(words) ? `>=${words}` : words;
}

/** The runtime itself: `npx` and scripts are run by the `node` of the same PATH. */
function runtimePath({ launch }: StdioContext, name: RuntimeEvidence['name'], command: string | null): string | null {
  if (name !== 'node' && command !== null && runtimeOf(command) === name) return command;
  if (command !== null && /(?:^|[\\/])node(?:js)?(?:\.exe)?$/.test(command)) return command;
  const lookup = { path: variable(launch.environment, 'PATH'), pathExtensions: variable(launch.environment, 'PATHEXT'), cwd: launch.cwd };
  for (const candidate of name === 'python' ? ['python3', 'python'] : [name]) {
    const found = lookUp(candidate, lookup);
    if (found.kind === 'found') return found.path;
  }
  return null;
}

/** `node --version` prints `v20.20.2`, Python `Python 3.11.7`, uv and deno their name first. */
async function askVersion(path: string, signal: AbortSignal): Promise<string | null> {
  const result = await runTool(path, ['--version'], signal);
  if (result.kind !== 'done' || result.code !== 0) return null;
  return /\d+\.\d+(?:\.\d+)?/.exec(result.stdout.toString('utf8'))?.[0] ?? null;
}

/** What the nearest package.json or pyproject.toml above a file asks for; the nearest one decides. */
function requirementAbove(file: string | null, name: RuntimeEvidence['name']): RuntimeEvidence['required'] {
  if (file === null) return null;
  const manifest = readNearest(file, name === 'python' ? 'pyproject.toml' : 'package.json');
  if (manifest === null) return null;
  const range = name === 'python' ? requiresPython(manifest.text) : engine(manifest.text, name);
  return range === null ? null : { range, source: manifest.path };
}

function engine(text: string, name: string): string | null {
  const value = parseJson(text);
  const engines = isRecord(value) ? value['engines'] : undefined;
  const range = isRecord(engines) ? engines[name] : undefined;
  return typeof range === 'string' ? range : null;
}

function requiresPython(text: string): string | null {
  return /^\s*requires-python\s*=\s*["']([^"']+)["']/m.exec(text)?.[1] ?? null;
}
