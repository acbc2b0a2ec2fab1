/** What gives away the language or tool that wrote a message, most telling first. */
export const RUNTIMES = ['node', 'python', 'go', 'rust', 'java', 'dotnet', 'docker', 'npm', 'uv', 'curl', 'browser'] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** Wordings that only one runtime has; sources are the runtimes' own libraries. */
export const RUNTIME_WORDS: readonly { readonly runtime: Runtime; readonly pattern: RegExp }[] = [
  { runtime: 'npm', pattern: /^npm (?:ERR!|error)|\bERR_PNPM_|\bnpm warn EBADENGINE/im },
  {
    runtime: 'uv',
    pattern:
      /^(?:error|warning): Failed to (?:spawn|fetch|resolve)|\buvx?\b[^\n]{0,40}(?:error|×)|package registry|No solution found when resolving/im,
  },
  { runtime: 'curl', pattern: /\bcurl: \(\d+\)/ },
  { runtime: 'docker', pattern: /\bError response from daemon\b|\bdocker: |OCI runtime|Docker daemon/i },
  {
    runtime: 'python',
    pattern:
      /Traceback \(most recent|\[Errno -?\d+\]|\[WinError \d+\]|\bhttpx?\.|\bhttpcore\.|\baiohttp\.|\burllib3\b|HTTPS?ConnectionPool|requests\.exceptions|ConnectionRefusedError|_ssl\.c:|ExceptionGroup|ModuleNotFoundError|\bFile "[^"\n]{1,200}", line \d+/,
  },
  {
    runtime: 'rust',
    pattern: /\bos error \d+|\breqwest\b|\bhyper\b|thread '[^'\n]{1,60}' panicked|error sending request for url|client error \(Connect\)/,
  },
  {
    runtime: 'java',
    pattern:
      /\bjava\.(?:net|io|lang|util)\.|\bjavax\.|\bio\.(?:netty|modelcontextprotocol)\.|^\s+at [\w$.]+\([\w$]+\.java:\d+\)|PKIX path/m,
  },
  {
    runtime: 'dotnet',
    pattern:
      /\bSystem\.(?:Net|IO|Threading|Exception|Security|ComponentModel)\b|SocketException \(|HttpRequestException|^\s+at [\w.<>]+\([^)\n]{0,200}\) in [^\n]{1,200}:line \d+/m,
  },
  {
    runtime: 'go',
    pattern:
      /\bdial (?:tcp|unix|udp)\b|\bconnectex:|\bgoroutine \d+ \[|executable file not found in (?:\$PATH|%PATH%)|\bx509: |context deadline exceeded|\bnet\/http: /,
  },
  { runtime: 'browser', pattern: /\bnet::ERR_|NetworkError when attempting|TypeError: Failed to fetch|blocked by CORS/ },
  {
    runtime: 'node',
    pattern:
      /\bE(?:CONN\w+|NOTFOUND|AI_AGAIN|ADDRINUSE|HOSTUNREACH|PIPE|TIMEDOUT)\b|\bspawn \S+ E[A-Z]+|TypeError: fetch failed|node:internal|\bUND_ERR_|\bundici\b|\bat [^\n]{1,200}\.(?:m?js|ts):\d+:\d+|\bSseError\b|\bMcpError\b|is not valid JSON|ERR_[A-Z]{3,}_/,
  },
];
