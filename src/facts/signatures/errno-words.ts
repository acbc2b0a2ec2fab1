/**
 * Failed system calls by number and by wording. Numbers come first where a text has them: Windows, Python, Rust and .NET translate
 * the sentence, never the number. English wordings are those of POSIX' strerror, of Winsock, and of the languages' own libraries.
 * https://learn.microsoft.com/en-us/windows/win32/winsock/windows-sockets-error-codes-2 · https://man7.org/linux/man-pages/man3/errno.3.html
 */
export interface ErrnoWords {
  readonly errno: string;
  /** Numbers of Linux, macOS and getaddrinfo(3), as `[Errno N]` and `os error N` give them. */
  readonly posix: readonly number[];
  /** Numbers of Winsock and Win32, as `WinError N`, `SocketException (N)` and `os error N` give them. */
  readonly windows: readonly number[];
  readonly wording: RegExp;
}

export const ERRNO_WORDS: readonly ErrnoWords[] = [
  {
    errno: 'EADDRINUSE',
    posix: [98, 48],
    windows: [10048],
    wording:
      /\bEADDRINUSE\b|address already in use|Only one usage of each socket address|\bport \d{1,9} (?:is )?(?:still |already |currently ){0,2}(?:in use|taken|occupied|allocated)|port is already allocated|java\.net\.BindException: Address/i,
  },
  {
    errno: 'ECONNREFUSED',
    posix: [111, 61],
    windows: [10061],
    wording:
      /\bECONNREFUSED\b|connection (?:was )?refused|https?:\/\/\S{1,200} (?:was |is )?refused|ConnectionRefused(?:Error)?\b|actively refused|curl: \(7\)|ERR_CONNECTION_REFUSED|Connect call failed \(|All connection attempts failed/i,
  },
  {
    errno: 'ECONNRESET',
    posix: [104, 54],
    windows: [10054, 10053],
    wording:
      /\bECONNRESET\b|\bECONNABORTED\b|connection (?:was |has been )?(?:reset|aborted)|socket hang up|forcibly closed|curl: \((?:52|56)\)|Empty reply from server|RemoteProtocolError|ServerDisconnectedError|RemoteDisconnected|UND_ERR_SOCKET|other side closed|ERR_EMPTY_RESPONSE|ERR_CONNECTION_(?:RESET|CLOSED)|IncompleteMessage|connection closed before message completed|: unexpected EOF\b|\bread tcp [^\n]{0,80}: EOF/i,
  },
  { errno: 'EPIPE', posix: [32], windows: [], wording: /\bEPIPE\b|broken pipe/i },
  {
    errno: 'ETIMEDOUT',
    posix: [110, 60],
    windows: [10060],
    wording:
      /\bETIMEDOUT\b|\bconnect(?:ion)? timed out(?! after \d{1,9} ?m?s)|UND_ERR_CONNECT_TIMEOUT|ConnectTimeout|i\/o timeout|curl: \(28\)|ERR_CONNECTION_TIMED_OUT|did not properly respond after a period of time/i,
  },
  {
    errno: 'EHOSTUNREACH',
    posix: [113, 65],
    windows: [10065],
    wording:
      /\bEHOSTUNREACH\b|no route to host|host is (?:unreachable|down)|unreachable host|NoRouteToHostException|ERR_ADDRESS_UNREACHABLE/i,
  },
  {
    errno: 'ENETUNREACH',
    posix: [101, 51],
    windows: [10051],
    wording: /\bENETUNREACH\b|network is unreachable|ERR_INTERNET_DISCONNECTED/i,
  },
  {
    errno: 'ENOTFOUND',
    posix: [-2, -5],
    windows: [11001, 11004],
    wording:
      /\bENOTFOUND\b|no such host|Name or service not known|nodename nor servname|getaddrinfo failed|curl: \(6\)|(?:could ?n[o']t|cannot|failed to) resolve (?:host|'|hostname)|NXDOMAIN|No address associated with hostname|ERR_NAME_NOT_RESOLVED|UnknownHostException|NameResolutionError|failed to lookup address information/i,
  },
  { errno: 'EAI_AGAIN', posix: [-3], windows: [11002], wording: /\bEAI_AGAIN\b|Temporary failure in name resolution|server misbehaving/i },
  {
    errno: 'EADDRNOTAVAIL',
    posix: [99, 49],
    windows: [10049],
    wording: /\bEADDRNOTAVAIL\b|cannot assign requested address|not valid in its context/i,
  },
  { errno: 'EPROTO', posix: [71], windows: [], wording: /\bEPROTO\b/ },
  {
    errno: 'EACCES',
    posix: [13],
    windows: [5, 10013],
    wording: /\bEACCES\b|permission denied|access (?:is )?denied|AccessDeniedException|access a socket in a way forbidden/i,
  },
  { errno: 'EPERM', posix: [1], windows: [], wording: /\bEPERM\b|operation not permitted/i },
  {
    errno: 'ENOENT',
    posix: [2],
    windows: [2, 3],
    wording:
      /\bENOENT\b|no such file or directory|command not found|executable (?:file )?not found|is not recognized as (?:an internal or external command|the name of a cmdlet|a name of a cmdlet)|program not found|cannot find the (?:file|path)|error=2\b/i,
  },
  { errno: 'EINVAL', posix: [], windows: [], wording: /\bspawn (?:\S{1,200} )?EINVAL\b/ },
  { errno: 'EMFILE', posix: [24], windows: [], wording: /\bEMFILE\b|\bENFILE\b|too many open files/i },
];
