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
  { runtime: 'curl', pattern: /\bcurl: \(\d{1,9}\)/ },
  { runtime: 'docker', pattern: /\bError response from daemon\b|\bdocker: |OCI runtime|Docker daemon/i },
  {
    runtime: 'python',
    pattern:
      /Traceback \(most recent|\[Errno -?\d{1,9}\]|\[WinError \d{1,9}\]|\bhttpx?\.|\bhttpcore\.|\baiohttp\.|\burllib3\b|HTTPS?ConnectionPool|requests\.exceptions|ConnectionRefusedError|_ssl\.c:|ExceptionGroup|ModuleNotFoundError|\bFile "[^"\n]{1,200}", line \d{1,9}/,
  },
  {
    runtime: 'rust',
    pattern:
      /\bos error \d{1,9}|\breqwest\b|\bhyper\b|thread '[^'\n]{1,60}' panicked|error sending request for url|client error \(Connect\)/,
  },
  {
    runtime: 'java',
    pattern:
      /\bjava\.(?:net|io|lang|util)\.|\bjavax\.|\bio\.(?:netty|modelcontextprotocol)\.|^\s{1,9}at [\w$.]{1,80}\([\w$]{1,80}\.java:\d{1,9}\)|PKIX path/m,
  },
  {
    runtime: 'dotnet',
    pattern:
      /\bSystem\.(?:Net|IO|Threading|Exception|Security|ComponentModel)\b|SocketException \(|HttpRequestException|^\s{1,9}at [\w.<>]{1,80}\([^)\n]{0,200}\) in [^\n]{1,200}:line \d{1,9}/m,
  },
  {
    runtime: 'go',
    pattern:
      /\bdial (?:tcp|unix|udp)\b|\bconnectex:|\bgoroutine \d{1,9} \[|executable file not found in (?:\$PATH|%PATH%)|\bx509: |context deadline exceeded|\bnet\/http: /,
  },
  { runtime: 'browser', pattern: /\bnet::ERR_|NetworkError when attempting|TypeError: Failed to fetch|blocked by CORS/ },
  {
    runtime: 'node',
    pattern:
      /\bE(?:CONN\w{1,80}|NOTFOUND|AI_AGAIN|ADDRINUSE|HOSTUNREACH|PIPE|TIMEDOUT)\b|\bspawn \S{1,200} E[A-Z]{1,80}|TypeError: fetch failed|node:internal|\bUND_ERR_|\bundici\b|\bat [^\n]{1,200}\.(?:m?js|ts):\d{1,9}:\d{1,9}|\bSseError\b|\bMcpError\b|is not valid JSON|ERR_[A-Z]{3,20}_/,
  },
];
