import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence } from '../model/evidence.ts';
import { attempt, evidence, failed, names, proxy, ready, target, tcp, unfinished } from '../model/examples.ts';
import { type ProxyWay, proxyWay } from '../model/proxy-way.ts';
import type { Remedy } from '../model/remedy.ts';
import { directReaders, endpoint, isReady, lastExchange, works } from '../model/view.ts';

interface Args extends MatchBase, ProxyWay {
  readonly variant: 'unresolved' | 'unreachable' | 'silent';
  /** What its addresses did, or the resolver's code, or how the request ended. */
  readonly seen: string;
  readonly targetShown: string;
  readonly directWorks: boolean;
  readonly direct: readonly string[];
}

export const cause = defineCause({
  id: 'proxy-down',
  group: 'network',
  title: 'The proxy does not answer',
  layer: 'proxy',
  severity: 'error',
  needs: ['proxy'],
  hiddenBy: [],
  match(found): Args | undefined {
    const way = proxyWay(found);
    const down = way === null || works(found) ? null : downAs(found);
    if (way === null || down === null) return undefined;
    const directWorks = isReady(found.direct);
    return {
      ...way,
      ...down,
      certainty: directWorks ? 'proved' : 'likely',
      targetShown: endpoint(found.target.host, found.target.port),
      directWorks,
      direct: directReaders(found),
    };
  },
  explain({ proxy, named, variable, facts, variant, seen, targetShown, directWorks, direct }) {
    const how = {
      unresolved: 'has a name that does not resolve',
      unreachable: 'cannot be connected to',
      silent: 'accepts connections and does not answer',
    };
    return {
      summary: `The proxy ${proxy} from ${named} ${how[variant]}; the request never got to ${targetShown}.`,
      evidence: [
        seen,
        directWorks
          ? `without the proxy the target completes the MCP handshake`
          : 'without the proxy the target was not seen working either',
        ...facts,
        ...(direct.length === 0
          ? []
          : [`under the same ${variable === null ? 'settings' : 'variables'} these go direct: ${direct.join(', ')}`]),
      ],
    };
  },
  remedies({ proxy, variable, exempt, place, directWorks }) {
    const exempts: readonly Remedy[] = exempt === null ? [] : [exempt];
    const mend: Remedy = { kind: 'tell', title: `Start the proxy ${proxy}, or correct its address in ${variable ?? place}.` };
    const drop: Remedy = { kind: 'tell', title: `If no proxy is needed here any more: remove ${variable ?? 'it'} from ${place}.` };
    return directWorks ? [...exempts, drop, mend] : [mend, drop, ...exempts];
  },
  about: `A proxy variable sends every request to the proxy first. When that does not answer, the error names the proxy's address
and not the server's, which makes a healthy server look dead: \`ECONNREFUSED\` with a port nobody configured, or \`ENOTFOUND\` for a
name that is not in the URL. Typical is a VPN's or a debugging proxy that has been closed. mcpreach connects to the proxy by itself, and
makes the same handshake without it. By hand: \`env | grep -i _proxy\` (Windows: \`set | findstr /i proxy\`), then \`curl -v --noproxy '*' URL\`.`,
  refs: [
    'https://nodejs.org/api/http.html#built-in-proxy-support',
    'https://undici.nodejs.org/#/docs/api/EnvHttpProxyAgent',
    'https://everything.curl.dev/usingcurl/proxies/env.html',
  ],
  examples() {
    const open = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'open')) };
    const choice = {
      reader: 'undici' as const,
      proxy: 'http://127.0.0.1:3128',
      variable: 'HTTP_PROXY',
      why: 'HTTP_PROXY is set',
      bypass: { variable: 'NO_PROXY', value: 'localhost' },
    };
    const refused = proxy(choice, { error: null, attempts: [attempt('127.0.0.1', 'refused', 3128)] });
    const up = proxy(choice, { error: null, attempts: [attempt('127.0.0.1', 'open', 3128)] });
    const silent = unfinished([failed('server/discover', { stage: 'head', reason: 'timed-out' })]);
    const tunnel = unfinished([failed('server/discover', { stage: 'proxy', reason: 'timed-out' })]);
    return {
      fires: [
        { title: 'the proxy refuses', evidence: evidence(target(), { ...open, direct: ready(), proxy: refused }) },
        {
          title: "the proxy's name does not resolve",
          evidence: evidence(target(), { ...open, direct: ready(), proxy: proxy(choice, { error: 'ENOTFOUND', attempts: [] }) }),
        },
        { title: 'the proxy is silent', evidence: evidence(target(), { ...open, direct: ready(), proxy: up, proxied: silent }) },
        {
          title: 'the proxy is silent about a tunnel, and nothing else leads there',
          evidence: evidence(target('https://mcp.example.com/mcp'), { proxy: up, proxied: tunnel }),
        },
      ],
      quiet: [
        { title: 'the proxy works', evidence: evidence(target(), { ...open, direct: ready(), proxy: up, proxied: ready() }) },
        { title: 'no proxy is used', evidence: evidence(target(), { ...open, direct: ready() }) },
        {
          title: 'the target is silent with and without it',
          evidence: evidence(target(), { ...open, direct: silent, proxy: up, proxied: silent }),
        },
      ],
    };
  },
});

/** How the proxy shows that nobody is there; null when it answers. */
function downAs({ proxy, proxied, direct }: Evidence): Pick<Args, 'variant' | 'seen'> | null {
  const reach = proxy?.reach ?? null;
  if (reach !== null && reach.error !== null)
    return { variant: 'unresolved', seen: `the resolver says ${reach.error} for the proxy's name` };
  if (reach !== null && !reach.attempts.some(({ outcome }) => outcome === 'open')) {
    return {
      variant: 'unreachable',
      seen: reach.attempts
        .map(({ address, port, outcome, code }) => `${endpoint(address, port)} ${outcome}${code === null ? '' : ` (${code})`}`)
        .join('; '),
    };
  }
  const failure = lastExchange(proxied)?.failure;
  if (!failure || failure.status !== null || failure.head !== null || failure.stage === 'tls' || failure.reason === 'cancelled')
    return null;
  // Beyond the proxy's own stage the silence may be the target's, unless that answers by itself.
  if (failure.stage !== 'proxy' && failure.stage !== 'connect' && !isReady(direct)) return null;
  const ended =
    failure.reason === 'timed-out'
      ? `nothing came back for ${(failure.ms / 1000).toFixed(1)} s`
      : `the connection ended without an answer (${failure.code ?? failure.reason})`;
  return { variant: 'silent', seen: `the request was sent to the proxy: ${ended}` };
}
