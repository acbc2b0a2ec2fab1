/** Wordings of the same failure in the languages that MCP clients and servers are written in, in the order in which they are tried. */
export const ERRNO_WORDS: readonly { readonly errno: string; readonly pattern: RegExp }[] = [
  // A listening error says more than a failed connection in the same text.
  {
    errno: 'EADDRINUSE',
    pattern:
      /\bEADDRINUSE\b|address already in use|\[(?:Errno|WinError) (?:98|48|10048)\]|Only one usage of each socket address|port \d+ is (?:still |already )?(?:in use|taken|occupied|allocated)|port is already allocated/i,
  },
  {
    errno: 'ECONNREFUSED',
    pattern:
      /\bECONNREFUSED\b|connection refused|ConnectionRefused(?:Error)?|\[Errno (?:111|61)\]|WinError 10061|actively refused|os error (?:111|61|10061)|curl: \(7\)|net::ERR_CONNECTION_REFUSED/i,
  },
  {
    errno: 'ECONNRESET',
    pattern:
      /\bECONNRESET\b|connection reset|socket hang up|\[Errno (?:104|54)\]|WinError 10054|forcibly closed|curl: \((?:52|56)\)|Empty reply from server|RemoteProtocolError|UND_ERR_SOCKET|other side closed|ERR_EMPTY_RESPONSE/i,
  },
  { errno: 'EPIPE', pattern: /\bEPIPE\b|broken pipe|\[Errno 32\]/i },
  {
    errno: 'ETIMEDOUT',
    pattern:
      /\bETIMEDOUT\b|\[Errno (?:110|60)\]|WinError 10060|connection timed out|UND_ERR_CONNECT_TIMEOUT|ConnectTimeout|i\/o timeout|curl: \(28\)/i,
  },
  { errno: 'EHOSTUNREACH', pattern: /\bEHOSTUNREACH\b|no route to host|\[Errno 113\]|WinError 10065|host is unreachable/i },
  { errno: 'ENETUNREACH', pattern: /\bENETUNREACH\b|network is unreachable|\[Errno (?:101|51)\]|WinError 10051/i },
  {
    errno: 'ENOTFOUND',
    pattern:
      /\bENOTFOUND\b|no such host|Name or service not known|nodename nor servname|getaddrinfo failed|\[Errno 11001\]|curl: \(6\)|Could not resolve host|NXDOMAIN|No address associated with hostname|net::ERR_NAME_NOT_RESOLVED/i,
  },
  { errno: 'EAI_AGAIN', pattern: /\bEAI_AGAIN\b|Temporary failure in name resolution|\[Errno -3\]|server misbehaving/i },
  { errno: 'EADDRNOTAVAIL', pattern: /\bEADDRNOTAVAIL\b|cannot assign requested address|\[Errno 99\]|WinError 10049/i },
  { errno: 'EPROTO', pattern: /\bEPROTO\b/ },
  { errno: 'EACCES', pattern: /\bEACCES\b|permission denied|WinError (?:5|10013)\b|access is denied|\[Errno 13\]/i },
  { errno: 'EPERM', pattern: /\bEPERM\b|operation not permitted/i },
  {
    errno: 'ENOENT',
    pattern:
      /\bENOENT\b|no such file or directory|command not found|executable file not found|WinError 2\]|\[Errno 2\]|is not recognized as an internal or external command|program not found|cannot find the (?:file|path)|os error 2\b/i,
  },
  { errno: 'EINVAL', pattern: /\bspawn EINVAL\b/ },
];
