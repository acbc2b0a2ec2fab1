import type { Signature } from './signature.ts';

/** Pages and texts of web servers, gateways and frameworks that came where MCP was expected. */
export const HTTP_PAGES: readonly Signature[] = [
  {
    id: 'html-where-json',
    says: 'got a web page where MCP was expected',
    source: 'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server',
    pattern: /Unexpected token '?<'?|invalid character '<'|<!DOCTYPE html|<html[\s>]|Expecting value: line 1 column 1/i,
    not: /\b(?:40[1357]|5\d\d)\b/,
    causes: { 'not-mcp': 6, 'wrong-path': 4, 'wrong-transport': 2, 'auth-required': 1 },
  },
  {
    id: 'content-type',
    says: 'got an answer that is no event stream, or no MCP',
    source: 'https://github.com/modelcontextprotocol/typescript-sdk/blob/main/packages/client/src/client/streamableHttp.ts',
    pattern:
      /Invalid content type, expected "text\/event-stream"|Unexpected content[- ]type|Expected response header Content-Type|EventSource's response has a MIME type/i,
    causes: { 'not-mcp': 6, 'wrong-path': 3, 'wrong-transport': 3, 'sse-legacy': 1 },
  },
  {
    id: 'gateway-page',
    says: 'is the page of a gateway',
    source: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html',
    pattern:
      /Bad Gateway|Gateway Time-?out|Service (?:Temporarily )?Unavailable|upstream connect error|no healthy upstream|connect\(\) failed \(\d{1,9}: [^\n]{1,60}\) while connecting to upstream|no live upstreams/i,
    causes: { 'upstream-down': 4 },
  },
  {
    id: 'cloudflare-host-error',
    says: 'is a page of Cloudflare about a server behind it',
    source: 'https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/',
    pattern:
      /Web server is down|Connection timed out[^\n]{0,40}Error code 522|Origin (?:is unreachable|DNS error)|Argo Tunnel error|Cloudflare Tunnel error|\bHost[\s:|]{1,10}Error\b/i,
    causes: { 'upstream-down': 6 },
  },
  {
    id: 'edge-blocks',
    says: 'tells of a request that something before the server denied',
    source: 'https://developers.cloudflare.com/waf/',
    pattern:
      /Attention Required! \| Cloudflare|Sorry, you have been blocked|Just a moment\.\.\.|cf-mitigated|Access Denied[^\n]{0,80}Reference #|\bdenied access\b|Request blocked/i,
    causes: { 'proxy-intercepts': 6, 'auth-rejected': 2, 'client-policy': 1 },
  },
  {
    id: 'framework-not-found',
    says: "is a web framework's own answer to a path that it does not have",
    source: 'https://expressjs.com/en/starter/faq.html',
    pattern:
      /Cannot (?:GET|POST) \/|404 page not found|\{"detail":"Not Found"\}|Whitelabel Error Page|HTTP Error 404\.0|The requested URL was not found on (?:this|the) server|No static resource/i,
    causes: { 'wrong-path': 5, 'sse-legacy': 1 },
  },
  {
    id: 'iis-page',
    says: 'is an error page of IIS',
    source: 'https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/health-diagnostic-performance/http-status-code',
    pattern: /Internet Information Services|Microsoft-IIS|Microsoft-HTTPAPI|HTTP Error \d{3}\.\d/i,
    causes: { 'not-mcp': 3, 'wrong-path': 2, 'port-in-use': 2 },
  },
  {
    id: 'apache-page',
    says: 'is an error page of Apache or nginx itself',
    source: 'https://httpd.apache.org/docs/current/custom-error.html',
    pattern: /Apache\/[\d.]{1,80} \([^)\n]{1,60}\) Server at|<hr><center>nginx/i,
    causes: { 'not-mcp': 2, 'wrong-path': 2, 'upstream-down': 1 },
  },
];
