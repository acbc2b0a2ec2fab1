import { defineCause, type MatchBase } from '../model/cause.ts';
import { answer, answered, attempt, evidence, ready, target, tcp, toolsFailed, unfinished } from '../model/examples.ts';
import { exchangeWords, readyWords } from '../model/exchange-words.ts';
import type { Remedy } from '../model/remedy.ts';
import { blamesUpstream, madeByForwardProxy, reverseProxyOf } from '../model/reverse-proxies.ts';
import { failedWay, isLocal } from '../model/view.ts';

interface Args extends MatchBase {
  readonly at: string;
  readonly status: number;
  /** The proxy's name, null when it did not sign. */
  readonly proxy: string | null;
  readonly local: boolean;
  readonly facts: readonly string[];
}

/** A proxy in front answers, the server behind it does not. */
export const cause = defineCause({
  id: 'upstream-down',
  group: 'http',
  title: 'The server behind the proxy does not answer',
  layer: 'http',
  severity: 'error',
  needs: [],
  hiddenBy: ['proxy-intercepts', 'ipv6-localhost'],
  match(found): Args | undefined {
    const way = failedWay(found);
    if (way === undefined || way.last.answer === null || madeByForwardProxy(found, way.last)) return undefined;
    if (!blamesUpstream(way.last.answer)) return undefined;
    const { status, headers } = way.last.answer;
    return {
      certainty: 'proved',
      layer: way.layer,
      at: way.last.url,
      status,
      proxy: reverseProxyOf(headers),
      local: isLocal(found),
      facts: [
        ...readyWords(way.handshake),
        exchangeWords(way.last),
        ...(headers['server'] === undefined ? [] : [`Server: ${headers['server']}`]),
      ],
    };
  },
  explain({ at, status, proxy, facts }) {
    const what = {
      502: 'cannot reach the MCP server behind it, or gets no valid answer from it',
      503: 'has no MCP server behind it that is up',
      504: 'waited for the MCP server behind it in vain',
    };
    return {
      summary: `${proxy === null ? 'A proxy' : upperFirst(proxy)} in front of ${at} ${what[status as keyof typeof what]} (HTTP ${status}).`,
      evidence: facts,
    };
  },
  remedies({ status, proxy, local }, { platform }) {
    const steps: Remedy[] = [
      status === 504
        ? {
            kind: 'tell',
            title:
              'Find out why the server behind the proxy is slow; if it needs that long, raise the limit of the proxy (nginx: proxy_read_timeout).',
          }
        : {
            kind: 'tell',
            title:
              "Start the server behind the proxy, and check that host and port in the proxy's configuration are its own (nginx: proxy_pass).",
          },
    ];
    if (local && proxy === 'nginx' && platform !== 'win32')
      steps.push({ kind: 'run', title: 'See what nginx says:', command: 'tail -n 20 /var/log/nginx/error.log' });
    if (!local)
      steps.push({ kind: 'tell', title: 'If the server is not yours, tell its operator; nothing can be mended on this machine.' });
    return steps;
  },
  about: `A reverse proxy, load balancer or tunnel answers 502, 503 or 504 for a server behind it: 502 means refused or garbled, 503 none available, 504 too slow.
The address in the entry is right as far as it goes; the fault is one hop further.
mcpreach counts a 503 as the proxy's only when a proxy signed it (\`Server\`, \`Via\`), and no JSON-RPC error as a proxy's.
By hand: on the proxy's machine, \`curl -i\` the address that stands in its configuration.`,
  refs: ['https://www.rfc-editor.org/rfc/rfc9110#section-15.6.3', 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass'],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')) };
    const say = (status: number, headers: Record<string, string> = {}, request: 'server/discover' | 'tools/list' = 'server/discover') =>
      answered(request, 'gateway-error', answer(status, { headers, body: { kind: 'html', bytes: 150, excerpt: `${status} error` } }));
    return {
      fires: [
        { title: '502 of nginx', evidence: evidence(target(), { ...open, direct: unfinished([say(502, { server: 'nginx/1.22.1' })]) }) },
        {
          title: '503 of a load balancer',
          evidence: evidence(target('https://mcp.example.com/mcp'), { ...open, direct: unfinished([say(503, { server: 'awselb/2.0' })]) }),
        },
        { title: '504 without a signature', evidence: evidence(target(), { ...open, direct: unfinished([say(504)]) }) },
        { title: 'only the tools', evidence: evidence(target(), { ...open, direct: toolsFailed(say(502, {}, 'tools/list')) }) },
      ],
      quiet: [
        { title: 'it answers', evidence: evidence(target(), { ...open, direct: ready() }) },
        { title: '503 that nobody signed', evidence: evidence(target(), { ...open, direct: unfinished([say(503)]) }) },
      ],
    };
  },
});

function upperFirst(text: string): string {
  return text.startsWith('a ') ? `A ${text.slice(2)}` : text;
}
