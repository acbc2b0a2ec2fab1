const MCP_PATH = /\/(?:mcp|sse)\/?$/i;

/** Why a health check's command says little about MCP, as the rest of a sentence; null when nothing is known against it. */
export function weaknessOf(words: readonly string[]): string | null {
  const text = words.join(' ').trim();
  if (/\bmcpreach\b/.test(text)) return null;
  if (/^(?:(?:\/\S*\/)?(?:ba)?sh -c )?["']?(?:(?:\/bin\/)?true|:|exit 0)["']?$/.test(text)) return 'passes whatever the server does';
  if (/\|\|\s*(?:true|:|exit 0)\s*["']?$/.test(text)) return 'passes whatever its command says, since it ends in success';
  // An address with a variable in its port or host is left alone: nobody knows where it leads.
  const [url] = (text.match(/https?:\/\/[^\s"'|;&)]+/gi) ?? []).filter((one) => URL.canParse(one));
  if (/\b(?:curl|wget|http)\b/.test(text)) return url === undefined ? null : weaknessOfRequest(text, new URL(url));
  if (/\b(?:nc|ncat|netcat|ss|netstat|lsof|wait-for-it(?:\.sh)?)\b|\/dev\/tcp\/|tcp:\/\//.test(text))
    return 'looks at the port only, which is open before the server answers';
  if (/\b(?:pgrep|pidof|ps)\b/.test(text)) return 'looks for the process only, which is there before the server answers';
  return null;
}

function weaknessOfRequest(text: string, { pathname: path }: URL): string | null {
  // A body, or POST, is somebody's own handshake.
  if (/\s(?:-d|--data\S*|--json|--post-data\S*|-X\s*POST|--request\s+POST)\b/.test(text)) return null;
  const strict = !/\bcurl\b/.test(text) || /\s(?:-\w*f\w*|--fail\S*)\b/.test(text);
  if (MCP_PATH.test(path) && strict)
    return 'asks the MCP endpoint with a bare GET, which servers refuse with 400, 405 or 406: it may never pass';
  if (!strict) return 'passes on any HTTP answer, errors included, since curl is called without -f';
  return path === '/' ? 'asks for the front page, which says nothing about MCP' : null;
}
