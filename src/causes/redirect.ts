import { defineCause, type MatchBase } from '../model/cause.ts';
import { answer, answered, attempt, evidence, ready, target, tcp, unfinished } from '../model/examples.ts';
import { exchangeWords } from '../model/exchange-words.ts';
import { looksLikeLogin, redirectTarget } from '../model/redirects.ts';
import { failedWay } from '../model/view.ts';

interface Args extends MatchBase {
  readonly status: number;
  readonly from: string;
  readonly to: string;
  readonly kind: 'loses-post' | 'leaves-origin' | 'circle' | 'endpoint';
  /** The address that may be written into the entry; null where that needs a decision. */
  readonly url: string | null;
  readonly facts: readonly string[];
}

/** A redirect that clients do not follow. */
export const cause = defineCause({
  id: 'redirect',
  group: 'http',
  title: 'The server redirects elsewhere',
  layer: 'http',
  severity: 'error',
  needs: [],
  hiddenBy: ['proxy-intercepts', 'ipv6-localhost'],
  match(found): Args | undefined {
    const way = failedWay(found);
    if (way === undefined || way.last.meaning !== 'redirect' || way.last.answer === null) return undefined;
    const { last, handshake } = way;
    const to = redirectTarget(last);
    if (to === null || looksLikeLogin(last)) return undefined;
    const from = new URL(last.url);
    const { status } = way.last.answer;
    const sameOrigin = to.origin === from.origin;
    const upgrade = to.hostname === from.hostname && to.protocol === 'https:' && from.protocol === 'http:';
    return {
      certainty: 'proved',
      layer: way.layer,
      status,
      from: last.url,
      to: to.href,
      kind:
        last.request === 'sse' && status === 200
          ? 'endpoint'
          : handshake.redirects.includes(to.href) || (sameOrigin && status >= 307)
            ? 'circle'
            : sameOrigin || upgrade
              ? 'loses-post'
              : 'leaves-origin',
      url: (sameOrigin || upgrade) && !to.href.includes('***') && !handshake.redirects.includes(to.href) ? to.href : null,
      facts: [exchangeWords(last), ...(status === 200 ? [`the stream's first event names ${to.href}`] : [`Location: ${to.href}`])],
    };
  },
  explain({ status, from, to, kind, facts }) {
    const summaries = {
      'loses-post': `${from} redirects (HTTP ${status}) to ${to}; MCP clients do not follow that on a POST.`,
      'leaves-origin': `${from} redirects (HTTP ${status}) to another origin, ${to}; MCP clients do not follow it there.`,
      circle: `${from} redirects in a circle (HTTP ${status} to ${to}).`,
      endpoint: `The event stream at ${from} tells clients to post to another origin, ${to}, which they refuse.`,
    };
    return { summary: summaries[kind], evidence: facts };
  },
  remedies({ to, kind, url }) {
    if (kind === 'endpoint') {
      return [
        {
          kind: 'tell',
          title: "Tell the server its public address (base URL or root path), or let it send a path only, such as '/messages'.",
        },
      ];
    }
    if (kind === 'circle')
      return [{ kind: 'tell', title: 'Mend the redirect rules of the server or of the proxy in front of it: they contradict each other.' }];
    if (url !== null) return [{ kind: 'edit', title: 'Use the address it redirects to:', field: 'url', value: url }];
    return [{ kind: 'tell', title: `If you trust ${new URL(to).host}, put its MCP URL into the entry; your headers are sent there then.` }];
  },
  about: `On 301, 302 and 303 an HTTP client may turn the POST into a GET, so the MCP SDKs do not follow them; 307 and 308 keep the POST and are followed
on the same origin only, because headers with credentials must not go to another host. Typical: \`http://\` redirected to \`https://\`, a missing or extra slash, a moved host.
mcpreach follows what the official clients follow, and shows the \`Location\` of the rest.
By hand: \`curl -i -X POST URL\` and look at status and \`Location\`.`,
  refs: ['https://www.rfc-editor.org/rfc/rfc9110#section-15.4', 'https://fetch.spec.whatwg.org/#http-redirect-fetch'],
  examples() {
    const open = { tcp: tcp(attempt('192.0.2.9', 'open', 80)) };
    const to = (status: number, location: string) =>
      unfinished([answered('server/discover', 'redirect', answer(status, { headers: { location } }))]);
    const remote = target('http://mcp.example.com/mcp');
    const stream = answered(
      'sse',
      'redirect',
      answer(200, { headers: { location: 'http://10.0.0.5:8000/messages' }, body: { kind: 'event-stream' } }),
    );
    return {
      fires: [
        { title: 'http to https', evidence: evidence(remote, { ...open, direct: to(301, 'https://localhost:3000/mcp') }) },
        { title: 'a slash too few', evidence: evidence(remote, { ...open, direct: to(301, '/mcp/') }) },
        { title: 'another origin', evidence: evidence(remote, { ...open, direct: to(308, 'https://new.example.com/mcp') }) },
        { title: 'in a circle', evidence: evidence(remote, { ...open, direct: to(307, '/mcp') }) },
        {
          title: 'the event stream names another origin',
          evidence: evidence(remote, { ...open, direct: unfinished([stream], { transport: 'sse' }) }),
        },
      ],
      quiet: [
        {
          title: 'followed on the same origin',
          evidence: evidence(remote, { ...open, direct: ready({ redirects: ['http://mcp.example.com/mcp'] }) }),
        },
        { title: 'a login page', evidence: evidence(remote, { ...open, direct: to(302, '/login?next=***') }) },
      ],
    };
  },
});
