import type { Signature } from './signature.ts';

/** Package managers, images, and runtimes that are too old for what they are given. */
export const PACKAGES: readonly Signature[] = [
  {
    id: 'package-missing',
    says: 'names a package that the registry does not have',
    source: 'https://docs.npmjs.com/common-errors',
    pattern:
      /\bE404\b|ERR_PNPM_FETCH_404|npm (?:ERR!|error) 404|No matching distribution found|Could not find a version that satisfies|was not found in the package registry|not found in the npm registry|\bETARGET\b|could not determine executable to run|manifest (?:for [^\n]{1,80} not found|unknown)|pull access denied|No solution found when resolving|repository does not exist|An executable named `[^`\n]{1,60}` is not provided/i,
    causes: { 'package-not-found': 11, 'wrong-path': -6 },
  },
  {
    id: 'registry-unreachable',
    says: 'is of a package manager that does not get to its registry',
    source: 'https://docs.npmjs.com/common-errors',
    pattern:
      /(?:npm (?:ERR!|error)[^\n]{0,60}(?:network|FetchError|registry\.npmjs\.org[^\n]{0,60}failed))|Failed to fetch: `https|request to https:\/\/registry\.[^\n]{1,80} failed|ERR_PNPM_META_FETCH_FAIL/i,
    causes: { 'backend-unreachable': 3, 'proxy-intercepts': 3, 'dns-failure': 2, 'crash-on-boot': 2 },
  },
  {
    id: 'old-node',
    says: 'is how an old Node trips over newer code',
    source: 'https://nodejs.org/en/blog/announcements/v18-release-announce',
    pattern:
      /SyntaxError: Unexpected (?:token|string|identifier|reserved word)|(?:performance|fetch|ReadableStream|crypto|structuredClone|File|CustomEvent|Headers|WebSocket|AbortSignal) is not defined|internal\/modules\/(?:esm|cjs)|ERR_UNSUPPORTED_ESM|ERR_REQUIRE_ESM|ERR_UNKNOWN_BUILTIN_MODULE|import statement outside a module|does not provide an export named|No such built-in module|\.(?:toSorted|at|findLast|replaceAll|hasOwn|withResolvers) is not a function/i,
    not: /is not valid JSON|in JSON|\.json\b[^\n]{0,60}Unexpected/,
    causes: { 'runtime-too-old': 9, 'crash-on-boot': 2 },
  },
  {
    id: 'version-unsupported',
    says: 'names a version that is too old or not supported',
    source: 'https://docs.npmjs.com/cli/v11/configuring-npm/package-json#engines',
    pattern:
      /EBADENGINE|Unsupported engine|requires (?:a )?(?:Node|Python)|Requires-Python|requires-python|\/node\/v(?:[0-9]|1[0-7])\.\d|Node\.js v(?:[0-9]|1[0-7])\.\d|npx: installed \d{1,9} in|ERROR: You must supply a command|UnsupportedClassVersionError|You must install or update \.NET|requires a different Python/i,
    causes: { 'runtime-too-old': 8 },
  },
  {
    id: 'old-python',
    says: 'is how an old Python trips over newer code',
    source: 'https://docs.python.org/3/whatsnew/3.10.html',
    pattern:
      /unsupported operand type\(s\) for \|: 'type'|cannot import name '(?:Self|TypeAlias|ParamSpec|StrEnum|override)'|SyntaxError: invalid syntax[^\n]{0,40}$|No module named 'tomllib'/im,
    causes: { 'runtime-too-old': 7, 'crash-on-boot': 3 },
  },
  {
    id: 'module-missing',
    says: 'names a module that is not there',
    source: 'https://nodejs.org/api/errors.html#module_not_found',
    pattern:
      /ModuleNotFoundError|ImportError|No module named|ERR_MODULE_NOT_FOUND|Cannot find (?:module|package)|MODULE_NOT_FOUND|NoClassDefFoundError|ClassNotFoundException|Could not load file or assembly|can't open file '|Unable to access jarfile|error while loading shared libraries/i,
    causes: { 'crash-on-boot': 9, 'runtime-too-old': 1, 'package-not-found': 1 },
  },
];
