import type { Signature } from './signature.ts';

const STDIO = 'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio';
const SDK = 'https://github.com/modelcontextprotocol/typescript-sdk/blob/main/packages/client/src/client/stdio.ts';

/** Servers that started and ended, or said something else than MCP. */
export const BOOT: readonly Signature[] = [
  {
    id: 'variable-missing',
    says: 'tells of a required variable that is not set',
    source: 'https://docs.python.org/3/library/os.html#os.environ',
    pattern:
      /\b[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,80}\b[^\n]{0,40}\b(?:not set|(?:is )?(?:required|missing|undefined|not defined|unset)|must be (?:set|provided))|(?:missing|required|set|provide) (?:the )?(?:required )?env(?:ironment)? var(?:iable)?s?|KeyError: '[A-Z_]{1,80}'|Please (?:set|provide)[^\n]{0,30}[A-Z]{1,80}_[A-Z_]{1,80}/,
    causes: { 'missing-env': 11 },
  },
  {
    id: 'stdout-no-json',
    says: 'read a line on stdout that is no JSON',
    source: STDIO,
    pattern:
      /Unexpected token .{1,12}, "[^\n]{0,60}is not valid JSON|Unexpected token \S{1,200} in JSON|invalid character '[^<]' (?:looking for|in literal|after)|Failed to parse JSON-?RPC|Invalid JSON: expected value|JSONDecodeError|is not valid JSON|expected value at line 1 column 1|Failed to parse message|Unrecognized token '/i,
    not: /Unexpected token '?<'?/,
    causes: { 'stdout-pollution': 8, 'crash-on-boot': 2, 'config-syntax': 1.5 },
  },
  {
    id: 'stdout-error',
    says: 'shows the beginning of an error or a usage text where JSON belongs',
    source: STDIO,
    pattern: /Unexpected token '?\S{1,200}'?, "(?:Error|Traceback|Usage|usage:)/i,
    causes: { 'crash-on-boot': 7, 'stdout-pollution': 2 },
  },
  {
    id: 'stdout-stack-trace',
    says: 'shows lines of a stack trace or a log where JSON belongs',
    source: STDIO,
    pattern: /Unexpected token '?\S{1,200}'?, "(?:\s{0,9}at |Caused|Exception|\[?(?:info|debug|warn|\d{4}-))/i,
    causes: { 'stdout-pollution': 5, 'crash-on-boot': 3 },
  },
  {
    id: 'server-closed',
    says: 'tells of a connection that the server closed by itself',
    source: SDK,
    summary: true,
    pattern:
      /-32000\b[^\n]{0,80}(?:Connection closed|closed)|\bConnection closed|Server transport closed unexpectedly|Server disconnected|exited (?:early|unexpectedly|with (?:code|error|status))|process exited|McpError: MCP error -1\b|Transport (?:channel )?closed|ClosedResourceError|BrokenResourceError|Client closed for command|stream (?:was )?closed unexpectedly/i,
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
    id: 'server-closed-windows',
    says: 'tells of a local command that ended at once, on Windows',
    source: 'https://nodejs.org/api/child_process.html#spawning-bat-and-cmd-files-on-windows',
    pattern: /Connection closed/i,
    not: /[Ee]rr(?:or|no)?:? (?!MCP|-?\d)[A-Z]\w{1,80}(?:Error|Found|Denied)|FileNotFound/,
    when: { system: ['windows'] },
    causes: { 'windows-npx-cmd': 4, 'config-syntax': 1.2 },
  },
  {
    id: 'crash',
    says: 'is the output of a program that crashed',
    source: 'https://docs.python.org/3/library/traceback.html',
    pattern:
      /Traceback \(most recent call last\)|\bUncaught\b|Unhandled (?:exception|promise|error|rejection)|^panic: |panicked at|throw err;|Segmentation fault|core dumped|Exception in thread "main"|Failed to (?:run|start) (?:the )?server|fatal error/im,
    causes: { 'crash-on-boot': 4 },
  },
  {
    id: 'container-exited',
    says: 'tells of a container that is not up',
    source: 'https://docs.docker.com/reference/cli/docker/container/ls/#status',
    pattern:
      /\bExited \(\d{1,9}\)|Restarting \(\d{1,9}\)|container [^\n]{1,80} is not running|No such container|CrashLoopBackOff|is unhealthy|dependency failed to start/i,
    causes: { 'container-not-running': 9, 'crash-on-boot': 3 },
  },
  {
    id: 'container-cannot-start',
    says: 'is of an engine that could not start the container',
    source: 'https://docs.docker.com/engine/daemon/troubleshoot/',
    pattern: /Error response from daemon|OCI runtime create failed|failed to create (?:shim|task)/i,
    causes: { 'crash-on-boot': 3, 'container-not-running': 3 },
  },
  {
    id: 'files-exhausted',
    says: 'tells of too many open files',
    source: 'https://man7.org/linux/man-pages/man2/getrlimit.2.html',
    errno: ['EMFILE'],
    causes: { 'crash-on-boot': 3, 'server-bug': 4, 'server-error': 2 },
  },
];
