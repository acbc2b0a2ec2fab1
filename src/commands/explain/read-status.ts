/** Numbers that stand where an HTTP status stands: status lines, access logs, and what clients make of them. */
const STATUSES =
  /\bHTTP(?:\/\d(?:\.\d)?)?[ "]{1,3}(?:error |status )?(?:status:? |code:? )?(?<line>[1-5]\d\d)\b|\bHTTP (?:error|status)[!:]{0,2}\s{0,2}(?:code:? |status:? )?(?<error>[1-5]\d\d)\b|\bstatus(?:[ _-]?code)?(?: of| is)?['"]?[ =:]{1,3}['"]?(?<field>[1-5]\d\d)\b|\bNon-200(?: status code)? \((?<stream>[1-5]\d\d)\)|\b(?<phrase>[345]\d\d)[: ]{1,2}(?:status|errors?\b|Bad |Unauthorized|Forbidden|Not Found|Method Not|Not Acceptable|Request Time|Conflict|Gone|Misdirected|Upgrade Required|Too Many|Internal|Service |Gateway|Invalid Host|Proxy Auth|Moved Perm|Found\b|See Other|Temporary Red|Permanent Red|Unsupported Media)|\bstatus=(?<query>[1-5]\d\d)\b|\[GIN\][^\n|]{0,60}\|?\s{0,4}(?<gin>[345]\d\d)\s{0,4}\||" (?<log>[345]\d\d) (?:\d{1,9}|-)(?: |$)|\bError code:? (?<page>5[23]\d)\b|\bcode: (?<code>4\d\d)\b|\((?<client>[45]\d\d) [A-Z][a-z]+[ )]|Response status code does not indicate success: (?<net>[345]\d\d)|Server returned HTTP response code: (?<java>[45]\d\d)|The requested URL returned error: (?<curl>[45]\d\d)/gim;

/** Every status that tells of a failure, in the order of the text. Pure. */
export function statusesIn(text: string): readonly number[] {
  const all = [...text.matchAll(STATUSES)].map(({ groups }) => Number(Object.values(groups ?? {}).find((value) => value !== undefined)));
  // What went well, and what only says "go on", is not what failed.
  return [...new Set(all.filter((status) => status >= 300))];
}
