import type { Signature } from './signature.ts';

/** Commands that did not start, ended, or said something else than MCP. */
export const STDIO: readonly Signature[] = [
  {
    says: 'names a command that was not found',
    pattern:
      /spawn \S+ ENOENT|command not found|executable file not found|is not recognized as an internal or external command|FileNotFoundError|WinError 2\]|program not found|Failed to spawn/i,
    causes: { 'command-not-found': 6, 'env-path-missing': 4, 'cwd-missing': 0.7 },
  },
  {
    says: 'names npx or a script that Windows starts through a shell only',
    pattern: /spawn (?:npx|npm|uvx|pnpm|yarn|bunx?)(?:\.cmd)? (?:ENOENT|EINVAL)/i,
    when: { system: ['windows'] },
    causes: { 'windows-npx-cmd': 9 },
  },
  {
    says: 'names npx or uv, which a program without the PATH of a shell does not find',
    pattern: /spawn (?:npx|npm|node|uvx?|pnpm|yarn|bunx?|python3?|docker) ENOENT/i,
    when: { system: ['linux', 'macos', 'wsl'] },
    causes: { 'env-path-missing': 4 },
  },
  {
    says: 'tells of a .cmd file that was started without a shell',
    pattern: /spawn (?:\S+\.cmd )?EINVAL/i,
    causes: { 'windows-npx-cmd': 10 },
  },
  {
    says: 'tells of a file that may not be executed or read',
    pattern: /\bEACCES\b|permission denied|exited with code 126|\bEPERM\b|operation not permitted|WinError 5\]|Access is denied/i,
    causes: { 'permission-denied': 8 },
  },
  {
    says: 'names the socket of the Docker daemon as forbidden',
    pattern: /permission denied[^\n]*docker[^\n]*sock/i,
    causes: { 'permission-denied': 6 },
  },
  {
    says: 'tells of a Docker daemon that does not answer',
    pattern: /Cannot connect to the Docker daemon|docker daemon is not running|dockerDesktopLinuxEngine/i,
    causes: { 'server-not-running': 4, 'backend-unreachable': 4, 'crash-on-boot': 3 },
  },
  {
    says: 'names a package that the registry does not have',
    pattern:
      /\bE404\b|ERR_PNPM_FETCH_404|npm (?:ERR!|error) 404|No matching distribution found|was not found in the package registry|not found in the npm registry|\bETARGET\b|could not determine executable to run|manifest unknown|pull access denied/i,
    causes: { 'package-not-found': 11, 'wrong-path': -6 },
  },
  {
    says: 'names a module that is not there',
    pattern: /ModuleNotFoundError|ImportError|No module named|ERR_MODULE_NOT_FOUND|Cannot find (?:module|package)|MODULE_NOT_FOUND/i,
    causes: { 'crash-on-boot': 9, 'runtime-too-old': 1, 'package-not-found': 1 },
  },
  {
    says: 'is how an old Node trips over newer code',
    pattern:
      /SyntaxError: Unexpected (?:token|string|identifier)|(?:performance|fetch|ReadableStream|crypto|structuredClone|File|CustomEvent|Headers) is not defined|internal\/modules\/(?:esm|cjs)|ERR_UNSUPPORTED_ESM|ERR_REQUIRE_ESM|import statement outside a module|does not provide an export named/i,
    not: /is not valid JSON|in JSON/,
    causes: { 'runtime-too-old': 9, 'crash-on-boot': 2 },
  },
  {
    says: 'names a version that is too old or not supported',
    pattern:
      /EBADENGINE|Unsupported engine|requires (?:a )?(?:Node|Python)|Requires-Python|\/node\/v(?:[0-9]|1[0-7])\.\d|Node\.js v(?:[0-9]|1[0-7])\.\d|npx: installed \d+ in/i,
    causes: { 'runtime-too-old': 8 },
  },
  {
    says: 'tells of a required variable that is not set',
    pattern:
      /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b[^\n]{0,40}\b(?:not set|(?:is )?(?:required|missing|undefined|not defined|unset)|must be set)|(?:missing|required|set) (?:the )?(?:required )?environment variables?|KeyError: '[A-Z_]+'|Please (?:set|provide)[^\n]{0,30}[A-Z]+_[A-Z_]+/,
    causes: { 'missing-env': 10 },
  },
  {
    says: 'read a line on stdout that is no JSON',
    pattern:
      /Unexpected token .{1,12}, "[^\n]*is not valid JSON|Unexpected token \S+ in JSON|invalid character '.' looking for|Failed to parse JSONRPC|Invalid JSON: expected value|JSONDecodeError|is not valid JSON/i,
    causes: { 'stdout-pollution': 7, 'crash-on-boot': 2, 'config-syntax': 1.5 },
  },
  {
    says: 'shows the beginning of an error or a stack trace where JSON belongs',
    pattern: /Unexpected token '?\S+'?, "(?:Error|Traceback|Usage|\s*at |Caused|Exception)/i,
    causes: { 'crash-on-boot': 6, 'stdout-pollution': 2 },
  },
  {
    says: 'tells of a connection that the server closed by itself',
    pattern:
      /-32000\b[^\n]*(?:Connection closed|closed)|Connection closed|connection closed: initialize response|Server transport closed unexpectedly|Server disconnected|exited (?:early|with (?:code|error|status))|process exited|McpError: MCP error -1\b/i,
    causes: {
      'crash-on-boot': 4,
      'missing-env': 1,
      'package-not-found': 0.7,
      'stdout-pollution': 0.7,
      'runtime-too-old': 0.7,
      'command-not-found': 0.5,
    },
  },
  {
    says: 'tells of a local command that ended at once, on Windows',
    pattern: /-32000\b[^\n]*Connection closed/i,
    when: { system: ['windows'] },
    causes: { 'windows-npx-cmd': 4, 'config-syntax': 0.6 },
  },
  {
    says: 'tells of a start that the client did not wait for',
    pattern:
      /connection closed: initialize response|handshaking with MCP server failed|startup (?:timed out|timeout)|signal: killed|context canceled/i,
    causes: { 'timeout-slow-start': 3, 'crash-on-boot': 1 },
  },
  {
    says: 'tells of an answer that did not come in time',
    pattern:
      /-32001\b[^\n]*(?:timed? ?out)|Request timed out|timed out after|Connection timeout|TimeoutError|deadline exceeded|after \d+ seconds/i,
    causes: { 'timeout-slow-start': 4, 'timeout-hang': 4, 'backend-unreachable': 0.5 },
  },
  {
    says: 'tells of a file that is missing or half written in a package cache',
    pattern: /ENOTEMPTY|\bEPERM\b[^\n]*node_modules|npm (?:error|ERR!) code E(?:PERM|BUSY|NOTEMPTY|EXIST)/i,
    causes: { 'startup-race': 5, 'permission-denied': 2 },
  },
  {
    says: 'is the output of a program that crashed',
    pattern: /Traceback \(most recent call last\)|Uncaught|Unhandled|panic: |throw err;|Segmentation fault|core dumped/i,
    causes: { 'crash-on-boot': 4 },
  },
  {
    says: 'tells of a folder that does not exist',
    pattern: /\b(?:cwd|working directory|chdir)\b[^\n]*(?:ENOENT|not exist|No such file)/i,
    causes: { 'cwd-missing': 9 },
  },
  {
    says: 'is of a server that runs and does not get to what stands behind it',
    pattern:
      /Network error connecting to|(?:Failed|Could not|Unable|Not) (?:to )?connect(?:ed)? to (?!(?:the )?MCP|server\b|localhost)\w+|Max retries exceeded/i,
    causes: { 'backend-unreachable': 3, 'container-network': 0.5 },
  },
];
