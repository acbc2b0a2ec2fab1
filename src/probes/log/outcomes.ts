/** What one entry of a log says became of a server. Pure. */

export type Outcome =
  /** A new attempt begins. */
  | { readonly kind: 'start' }
  /** It answered: what went wrong before is over. */
  | { readonly kind: 'success' }
  /** `weight`: 3 names the reason, 2 says that something failed, 1 is what follows of a failure. */
  | { readonly kind: 'failure'; readonly weight: 1 | 2 | 3 };

const START =
  /\bInitializing server\b|\bStarting (?:new stdio process|connection|server|(?:remote )?MCP client)\b|\bAttempting to connect\b|\bConnection state: Starting\b|\b(?:starting|launching) context server\b|\bHandling (?:Reload|Create)Client action\b|\bConnecting to (?:MCP )?server\b/i;

/** A reply of the server, or the client's word that it has one. "Server started and connected successfully" comes before any reply. */
const SUCCESS =
  /\bMessage from server: \{.*"result"|\bSuccessfully connected\b|\bConnection established\b|\bConnected to (?:MCP |stdio |streamableHttp |SSE )?server\b|\b(?:Discovered|Found|Loaded|Registered) [1-9]\d* tools?\b|\bstatus[=:]\s*"?connected\b|\binitialized successfully\b|\bConnection state: connected\b|✓ (?:Initialized|\S+ loaded in)|\bMCP client (?:for \S+ )?(?:connected|initialized)\b|\bcontext server (?:is )?(?:running|initialized)\b/i;

/** Traffic that is no failure of the server, whatever words it carries. */
const TRAFFIC = /\bMessage from (?:server|client): \{(?!.*"notifications\/cancelled")/i;

/** The answer to `initialize`, which Claude Desktop numbers 0, is an error. */
const REFUSED_START = /\bMessage from server: \{(?=.*"id":0\b)(?=.*"error":)/;

/** Said by clients about a server that has gone, without the reason. */
const AFTERMATH =
  /\b(?:Server|Client) (?:transport )?(?:disconnected|closed)\b|\bNo server info found\b|\bClient closed for command\b|-32000\b.*\bclosed\b|\bConnection closed\b|\btransport closed\b|\bCould not attach\b|\bServer exited before responding\b/i;

const REASON =
  /\bspawn\b.*\bE[A-Z]{4,}\b|\bE(?:CONN[A-Z]+|NOENT|NOTFOUND|ACCES|PERM|TIMEDOUT|ADDRINUSE|HOSTUNREACH|NETUNREACH|PIPE|AI_AGAIN|404|TARGET|PROTO|BADENGINE|INVAL)\b|-3260[0-3]\b|-32001\b|\b(?:Error|Exception): \S|\b(?:HTTP|status|code)\W{0,3}(?:code\W{0,2})?[45]\d\d\b|\b[45]\d\d (?:status\b|Unauthorized|Forbidden|Not Found|Method Not|Internal|Bad |Service|Gateway|Too Many)|\btimed? ?out\b|\b(?:Connection)?Refused\b|\bnot found in \$PATH\b|\bModuleNotFoundError\b|\bcommand not found\b|\bis not recognized as\b|\bNo module named\b|\bCannot find (?:module|package)\b|\bcertificate\b|\bSSL\b|\bpermission denied\b|\bexit(?:ed)?(?: with)? (?:code|status)\W*[1-9]/i;

/** Words for failure in the languages that systems and their errors speak. */
const WORDS =
  /(?<![\p{L}\p{N}_])(?:error|err|fail(?:ed|ure|s)?|fatal|panic|exception|traceback|unable to|cannot|can't|could ?n[o']t|denied|unauthori[sz]ed|forbidden|unavailable|abort(?:ed)?|crash(?:ed)?|fehler|fehlgeschlagen|verweigert|erreur|échec|refusée?|erro|falhou|recusada|errore|fallito|rifiutata|falló|rechazada|ошибка|отказано|fout|mislukt)(?![\p{L}\p{N}_-])|错误|失败|拒绝|超时|錯誤|失敗|エラー|拒否|タイムアウト|오류|실패|거부/iu;

/** What looks like failure and is none: counts of nothing, switches, and remarks. */
const HARMLESS =
  /\b(?:0|no) (?:errors?|failures?)\b|"?error"?\s*[:=]\s*(?:null|none|undefined|false|"")|\berror_?(?:handler|log|level|count)\b|\bDeprecationWarning\b|\b(?:resources|prompts|logging|completion|roots)\/\w+\b.*(?:-3260[13]|\bnot (?:found|supported))|\bset MCP server log level\b|\bnpm (?:warn|notice)\b/i;

/** Before what the server itself printed: some clients log all of that as errors or warnings, greetings too. */
const QUOTED = /^.*?\[?\b(?:server )?stderr\b\]?:? /i;

/** What the entry says; null when it says nothing of the kind. */
export function outcomeOf(whole: string): Outcome | null {
  const text = whole.replace(QUOTED, '');
  if (REFUSED_START.test(text)) return { kind: 'failure', weight: 3 };
  if (SUCCESS.test(text) && !/\b(?:not|failed|error)\b[^{]*$/i.test(text.split('{')[0] ?? '')) return { kind: 'success' };
  if (TRAFFIC.test(text)) return null;
  if (AFTERMATH.test(text) && !/\bspawn\b/.test(text)) return { kind: 'failure', weight: 1 };
  if (START.test(text) && !/\b(?:fail|error)/i.test(text)) return { kind: 'start' };
  if (!HARMLESS.test(text)) {
    // Undici's words for every failed request: the reason stands beside it, or elsewhere.
    if (REASON.test(text.replace('TypeError: fetch failed', ''))) return { kind: 'failure', weight: 3 };
    if (WORDS.test(text)) return { kind: 'failure', weight: 2 };
  }
  return null;
}
