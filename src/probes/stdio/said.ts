/** What a server's own output says about packages, versions, variables and backends. Codes first, wording where there is no code. Pure. */
import type { BackendEvidence, PackageEvidence, RuntimeEvidence } from '../../model/stdio.ts';
import { maskOutput } from '../../system/processes/early-end.ts';
import { readRefusal, refusalCode } from '../../wire/refusal.ts';

const LONGEST_LINE = 300;

function shown(line: string): string {
  return maskOutput(line.trim()).slice(0, LONGEST_LINE);
}

interface PackageRule {
  readonly manager: PackageEvidence['manager'];
  readonly why: PackageEvidence['why'];
  readonly pattern: RegExp;
  /** Another line that names the package; the pattern's own first group otherwise. */
  readonly name?: RegExp;
}

const NPM_NAME =
  /'((?:@[\w.~-]+\/)?[\w.~-]+)(?:@[^'\s]*)?'? (?:is not in (?:this|the npm) registry|could not be found)|GET https?:\/\/[^/\s]+\/(?:\S+\/)?((?:(?:@|%40)[\w.~-]+(?:\/|%2[fF]))?[\w.~-]+)(?: - Not found|$)/;

const PACKAGE_RULES: readonly PackageRule[] = [
  { manager: 'npm', why: 'not-found', pattern: /^npm (?:error|ERR!) code E404\b/, name: NPM_NAME },
  {
    manager: 'npm',
    why: 'no-such-version',
    pattern: /^npm (?:error|ERR!) code ETARGET\b/,
    name: /No matching version found for (\S+?)\.?$/,
  },
  { manager: 'npm', why: 'no-executable', pattern: /^npm (?:error|ERR!) could not determine executable to run/ },
  { manager: 'bun', why: 'not-found', pattern: /^error: GET \S+\/(\S+) - 404|^error: (\S+) failed to resolve/ },
  { manager: 'deno', why: 'not-found', pattern: /npm package '([^']+)' does not exist|JSR package not found: (\S+)/ },
  { manager: 'uv', why: 'no-such-version', pattern: /no version of (\S+?)(?:[=<>~!]\S*)?(?: is available| and you require)/ },
  { manager: 'uv', why: 'not-found', pattern: /[Bb]ecause (\S+) was not found in the (?:package registry|provided package locations)/ },
  {
    manager: 'uv',
    why: 'no-executable',
    pattern: /executable named [`']?[^`'\s]+[`']? is not provided by package [`']?([^`'\s]+?)[`']?\.?$|^An executable named/,
  },
  { manager: 'uv', why: 'no-executable', pattern: /^Package [`']?([^`'\s]+?)[`']? does not provide any executables/ },
  { manager: 'pip', why: 'not-found', pattern: /No matching distribution found for (\S+)/ },
  {
    manager: 'docker',
    why: 'not-found',
    pattern: /pull access denied for ([^\s,]+)|manifest for (\S+) not found|repository (\S+) not found/,
  },
  { manager: 'docker', why: 'no-such-version', pattern: /manifest unknown/, name: /Unable to find image '([^']+)' locally/ },
];

/** The package or image that could not be had; `asked` is the module of `python -m`, null for other commands. */
export function readPackage(lines: readonly string[], asked: string | null): PackageEvidence | null {
  for (const { manager, why, pattern, name } of PACKAGE_RULES) {
    const line = lines.find((one) => pattern.test(one));
    if (line === undefined) continue;
    const place = name ?? pattern;
    const match = lines.map((one) => place.exec(one)).find((one) => one?.slice(1).some(Boolean));
    const found = match?.slice(1).find(Boolean) ?? null;
    return { manager, why, name: found === null ? null : decodeURIComponent(found), line: shown(line) };
  }
  const root = asked?.split('.')[0];
  const missing = lines.find((one) => /No module named '?([\w.]+)'?$/.exec(one)?.[1]?.split('.')[0] === root);
  if (root === undefined || missing === undefined) return null;
  return { manager: 'python', why: 'not-installed', name: root, line: shown(missing) };
}

/** What runtimes and installers print about a version that does not do. The groups are what is required and what is found. */
const VERSION_RULES: readonly RegExp[] = [
  // npm: EBADENGINE prints an object over several lines, the old form one line.
  /required: \{ (?:node|npm): '([^']+)'/,
  /Unsupported engine.*wanted: \{"node":"([^"]+)"\} \(current: \{"node":"([^"]+)"/,
  /requires? a different Python: (?<found>[\d.]+) not in '([^']+)'/,
  /requested interpreter resolved to Python (?<found>[\d.]+), which is incompatible with the project's Python requirement: `([^`]+)`/,
  /current Python version \((?<found>[\d.]+)\) does not satisfy Python([<>=~!][^\s,]*)/,
  /[Rr]equires? (?:at least )?(?:Node(?:\.js|js)?|Python|Deno|Bun)(?: version)? ?v?((?:[<>=^~]+ ?)?\d[\w.]*)(?: or (?:later|higher|newer|above))?/,
  /(?:Node(?:\.js|js)?|Python|Deno|Bun)(?: version)? ?v?((?:[<>=^~]+ ?)\d[\w.]*) (?:is )?required/,
  /(?:Node(?:\.js|js)?|Python)(?: version)? ?v?(\d[\w.]*)(?:\+| or (?:later|higher|newer|above)) (?:is )?(?:required|needed)/,
  /(?:minimum|required) (?:Node(?:\.js|js)?|Python) version(?: is|:)? ?v?((?:[<>=^~]+ ?)?\d[\w.]*)/i,
];

/** Errors that a runtime throws for what a later version of it has. */
const TOO_NEW: readonly RegExp[] = [
  /\bERR_UNKNOWN_BUILTIN_MODULE\b|No such built-in module: node:/,
  /The requested module 'node:[\w/]+' does not provide an export named/,
  /^(?:Uncaught )?ReferenceError: (?:fetch|File|WebSocket|CustomEvent|Headers|FormData|ReadableStream|structuredClone|navigator|Iterator) is not defined/,
  /^TypeError: (?:Object\.groupBy|Promise\.withResolvers|Array\.fromAsync|import\.meta\.resolve|\S+\.(?:toSorted|toReversed|toSpliced|findLast|replaceAll)) is not a function/,
  /\bnode: bad option: --(?:env-file|experimental-strip-types|experimental-sqlite|import|watch|run)\b/,
  /^ImportError: cannot import name '\w+' from '(?:typing|collections|asyncio|enum|dataclasses|datetime)'/,
  /^ModuleNotFoundError: No module named '(?:tomllib|zoneinfo|graphlib)'/,
  /^AttributeError: module 'asyncio' has no attribute '(?:TaskGroup|timeout|run|Runner)'/,
];

/** The server's words about its runtime's version; null without any. */
export function readVersionWords(output: readonly string[]): RuntimeEvidence['said'] {
  // Node shows the line that threw above the error itself.
  const lines = output.filter((line) => !/^\s*throw\b/.test(line));
  for (const pattern of VERSION_RULES) {
    for (const line of lines) {
      const match = pattern.exec(line);
      if (match === null) continue;
      const found = match.groups?.['found'] ?? null;
      const others = match.slice(1).filter((one) => one !== undefined && one !== found);
      return { line: shown(line), required: others[0] ?? null, found: found ?? others[1] ?? null };
    }
  }
  const line = lines.find((one) => TOO_NEW.some((pattern) => pattern.test(one)));
  return line === undefined ? null : { line: shown(line), required: null, found: null };
}

const NAME = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g;
const WANTING =
  /\b(?:missing|required?s?|must|unset|undefined|not (?:set|defined|found|provided|configured)|please (?:set|provide|define|export)|need(?:s|ed)?)\b/i;

/** Names of variables that lines say are missing. `decided` is the line that explains the server's end, null when it lives. */
export function readMissingNames(lines: readonly string[], decided: string | null): readonly string[] {
  const names = new Set<string>();
  const add = (line: string) => {
    for (const name of line.match(NAME) ?? []) if (!/^(?:ERR|E)_|^E[A-Z]+$/.test(name)) names.add(name);
  };
  const key = /^KeyError: '(\w+)'$/.exec(decided?.trim() ?? '')?.[1];
  if (key !== undefined) names.add(key);
  for (const [index, line] of lines.entries()) {
    if (/\[type=missing\b|^\s*Field required/.test(line)) {
      const field = lines[index - 1]?.trim() ?? '';
      // pydantic-settings names the field, which is the variable in lower case.
      if (/^\w+$/.test(field)) names.add(field.toUpperCase());
    } else if (/^\s*"[A-Z][A-Z0-9_]*"$/.test(line)) {
      const quoted = line.replace(/[\s"]/g, '');
      if (quoted !== '') names.add(quoted);
    } else if (WANTING.test(line)) add(line);
  }
  if (decided !== null) add(decided);
  return [...names].slice(0, 10);
}

/** Lines of the installer are about its registry, not about the server's backend. */
const INSTALLER = /^(?:npm|yarn|pnpm|uv|pip|docker|error: Failed to fetch)\b/i;

/**
 * The backend that lines say is refused; the last one counts, as the one that was not got over. The line that explains the
 * server's end, null while it lives, counts without an address too: many runtimes print none.
 */
export function readBackend(
  lines: readonly string[],
  from: BackendEvidence['from'],
  decided: string | null = null,
): BackendEvidence | null {
  if (lines.some((line) => /^npm (?:error|ERR!)/.test(line))) return null;
  for (const line of lines.toReversed()) {
    if (INSTALLER.test(line)) continue;
    const refusal = readRefusal(line);
    if (refusal !== null) return { ...refusal, from, line: shown(line) };
  }
  const code = decided === null || INSTALLER.test(decided) ? null : refusalCode(decided);
  return decided === null || code === null ? null : { address: null, code, from, line: shown(decided) };
}

const SAYS_LISTENING = /\b(?:listen(?:ing)?|running|started|serving|available|ready|server)\b/i;
const LOCAL_URL = /\bhttps?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|\[?::\]?)(?::\d{1,5})?(?:\/[\w./-]*)?/;
const PORT_WORDS = /\b(?:on|at)? ?port:? (\d{2,5})\b|\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d{2,5})\b/i;

/** The line in which a program says that it listens, with the address; null when it does not say so. */
export function readBanner(lines: readonly string[]): { readonly line: string; readonly url: string } | null {
  for (const line of lines) {
    if (/\bstdio\b/i.test(line) || readRefusal(line) !== null || /EADDRINUSE|already in use/.test(line)) continue;
    const url = LOCAL_URL.exec(line)?.[0];
    const port = PORT_WORDS.exec(line);
    const number = port?.[1] ?? port?.[2];
    if (url === undefined && (number === undefined || !SAYS_LISTENING.test(line))) continue;
    return { line: shown(line), url: (url ?? `http://localhost:${number}`).replace(/0\.0\.0\.0|\[::\]/, 'localhost') };
  }
  return null;
}
