import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence, Exchange, Handshake } from '../model/evidence.ts';
import { answer, answered, attempt, evidence, failed, names, proxy, ready, target, tcp, unfinished } from '../model/examples.ts';
import { type ProxyWay, proxyWay } from '../model/proxy-way.ts';
import type { Remedy } from '../model/remedy.ts';
import { shortName } from '../model/certificates.ts';
import { directReaders, isGatewayStatus, isReady, isRefusedToProxy, lastExchange, works } from '../model/view.ts';

interface Args extends MatchBase, ProxyWay {
  readonly address: string;
  /** What came back through the proxy. */
  readonly seen: string;
  /** Who signed the answer, by its headers; null when they do not tell. */
  readonly signature: string | null;
  readonly wantsLogin: boolean;
  readonly opensTls: string | null;
  /** Who issued the certificate inside the tunnel. */
  readonly issuer: string | null;
  readonly directWorks: boolean;
  readonly direct: readonly string[];
}

export const cause = defineCause({
  id: 'proxy-intercepts',
  group: 'network',
  title: 'A proxy stands in the way',
  layer: 'proxy',
  severity: 'error',
  needs: ['proxy', 'proxied'],
  hiddenBy: ['proxy-down'],
  match(found): Args | undefined {
    const way = proxyWay(found);
    const { proxied, direct, target } = found;
    const last = lastExchange(proxied);
    if (way === null || last === undefined || works(found) || isReady(proxied)) return undefined;
    const status = last.failure?.status ?? last.answer?.status ?? null;
    const directWorks = isReady(direct);
    const signature = signatureOf(last);
    const wantsLogin = status === 407;
    const own = wantsLogin || last.failure?.status != null || signature !== null;
    if (!directWorks && !wantsLogin && (!own || !differs(found, last, status))) return undefined;
    // A stream that began and then stalled came through: that is another fault.
    if (directWorks && last.failure?.head != null && last.failure.head.status < 300) return undefined;
    return {
      ...way,
      certainty: directWorks || wantsLogin ? 'proved' : 'likely',
      address: target.display,
      seen: seenAs(last, status),
      signature,
      wantsLogin,
      issuer: last.failure?.issuer === undefined ? null : shortName(last.failure.issuer),
      opensTls: last.failure?.stage === 'tls' ? (last.failure.code ?? last.failure.reason) : null,
      directWorks,
      direct: directReaders(found),
    };
  },
  explain({ proxy, sends: subject, variable, facts, address, seen, signature, wantsLogin, opensTls, issuer, directWorks, direct }) {
    const sends = `${subject} the request through the proxy ${proxy}`;
    return {
      summary: wantsLogin
        ? `${sends}, which asks for a login of its own (407).`
        : opensTls !== null
          ? `${sends}, ${issuer === null ? 'and TLS through it fails' : `which opens TLS with a certificate of its own, from "${issuer}"`} (${opensTls})${directWorks ? '; directly it works' : ''}.`
          : `${sends}, which does not let it through: ${seen}.`,
      evidence: [
        `through the proxy: ${seen}`,
        ...(signature === null ? [] : [`the answer is signed by the proxy: ${signature}`]),
        directWorks ? `directly ${address} completes the MCP handshake` : 'directly the target was not seen working',
        ...facts,
        ...(direct.length === 0
          ? []
          : [`under the same ${variable === null ? 'settings' : 'variables'} these go direct: ${direct.join(', ')}`]),
      ],
    };
  },
  remedies({ proxy, variable, place, exempt, wantsLogin, opensTls, directWorks, address }) {
    const exempts: Remedy = exempt ?? {
      kind: 'tell',
      title: `Take ${variable} out of this client's environment: no NO_PROXY entry exempts this address for it.`,
    };
    const login: Remedy = {
      kind: 'tell',
      title:
        variable === null
          ? `Sign in to the proxy where the client asks for it, or give it the login in ${place}.`
          : `Put the proxy's login into the variable, percent-encoded: ${variable}=${proxy.replace('://', '://USER:PASSWORD@')}`,
    };
    const roots: Remedy = {
      kind: 'set',
      title: 'If the proxy opens TLS on purpose: the root certificate its operator gives you.',
      variable: 'NODE_EXTRA_CA_CERTS',
      value: '/path/to/proxy-ca.pem',
    };
    const ask: Remedy = { kind: 'tell', title: `Ask whoever runs the proxy to let ${address} through.` };
    const through = [
      ...(wantsLogin ? [login] : []),
      ...(opensTls !== null ? [roots] : []),
      ...(wantsLogin || opensTls !== null ? [] : [ask]),
    ];
    return directWorks ? [exempts, ...through] : [...through, exempts];
  },
  about: `A proxy variable (\`HTTP_PROXY\`, \`HTTPS_PROXY\`, \`ALL_PROXY\`, upper or lower case) also takes requests to this machine and
this network unless \`NO_PROXY\` exempts them. To a proxy elsewhere \`localhost\` means itself; others deny private addresses or ask
for a login (\`407\`), and the client reports that answer as if the server had given it. mcpreach makes the same handshake through the proxy and
without it. Each program reads \`NO_PROXY\` in its own way (ports, leading dots, CIDR); the value shown is for the kind of client that is
named. Without a variable, programs built on Electron and some others follow the system's settings, a PAC file among them: mcpreach reads those for clients
that are known to follow them, and asks the PAC file about this very address (only one that lies on this machine, in an interpreter of its own).
By hand: \`env | grep -i _proxy\` (Windows: \`set | findstr /i proxy\`), \`scutil --proxy\` (macOS), \`gsettings list-recursively org.gnome.system.proxy\` (GNOME),
\`reg query "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings"\` (Windows), then \`curl -v URL\` and \`curl -v --noproxy '*' URL\`.`,
  refs: [
    'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.8',
    'https://everything.curl.dev/usingcurl/proxies/env.html',
    'https://nodejs.org/api/http.html#built-in-proxy-support',
    'https://chromium.googlesource.com/chromium/src/+/HEAD/net/docs/proxy.md',
    'https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/Proxy_servers_and_tunneling/Proxy_Auto-Configuration_PAC_file',
  ],
  examples() {
    const open = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'open')) };
    const choice = {
      reader: 'undici' as const,
      proxy: 'http://proxy.example:3128',
      variable: 'HTTP_PROXY',
      why: 'HTTP_PROXY is set',
      bypass: { variable: 'NO_PROXY', value: 'localhost' },
    };
    const curl = { reader: 'curl' as const, proxy: null, variable: 'no_proxy', why: 'no_proxy lists localhost' };
    const up = { ...proxy(choice, { error: null, attempts: [attempt('192.0.2.8', 'open', 3128)] }), choices: [choice, curl] };
    const ofSystem = {
      reader: 'system' as const,
      proxy: 'http://proxy.example:3128',
      variable: null,
      why: "the system's settings name it",
      source: { store: 'macos' as const, exceptions: ['*.local', '169.254/16'], script: null },
    };
    const line = { number: 3, text: 'return "PROXY proxy.example:3128";' };
    const script = { url: 'http://127.0.0.1:8090/proxy.pac', result: 'PROXY proxy.example:3128', line, notLookedUp: [] };
    const ofScript = { ...ofSystem, source: { ...ofSystem.source, script } };
    const page = (status: number, meaning: 'forbidden' | 'gateway-error' | 'proxy-auth', headers: Readonly<Record<string, string>>) =>
      unfinished([answered('server/discover', meaning, answer(status, { headers, body: { kind: 'html', bytes: 3000 } }))]);
    const denied = page(403, 'forbidden', { server: 'squid/5.7', 'x-squid-error': 'ERR_ACCESS_DENIED 0' });
    const unreachable = page(503, 'gateway-error', { server: 'squid/5.7', 'x-squid-error': 'ERR_CONNECT_FAIL 111' });
    const login = page(407, 'proxy-auth', { 'proxy-authenticate': 'Basic realm="office"' });
    const portal = unfinished([answered('server/discover', 'unusable', answer(200, { body: { kind: 'html', bytes: 900 } }))]);
    const tunnel = (stage: 'proxy' | 'tls', status: number | null, code: string | null) =>
      unfinished([failed('server/discover', { stage, reason: 'failed', status, code })]);
    const away = target('https://mcp.example.com/mcp');
    const openAway = { dns: names('203.0.113.7'), tcp: tcp(attempt('203.0.113.7', 'open', 443)) };
    return {
      fires: [
        { title: 'the proxy denies this machine', evidence: evidence(target(), { ...open, proxy: up, direct: ready(), proxied: denied }) },
        {
          title: "to the proxy, localhost is the proxy's own machine",
          evidence: evidence(target(), { ...open, proxy: up, direct: ready(), proxied: unreachable }),
        },
        { title: 'the proxy wants a login', evidence: evidence(target(), { ...open, proxy: up, direct: ready(), proxied: login }) },
        {
          title: 'the proxy wants a login, and nothing else leads there',
          evidence: evidence(away, { proxy: up, proxied: tunnel('proxy', 407, null) }),
        },
        {
          title: 'the proxy refuses the tunnel',
          evidence: evidence(away, { ...openAway, proxy: up, direct: ready(), proxied: tunnel('proxy', 403, null) }),
        },
        {
          title: 'the proxy presents a certificate of its own',
          evidence: evidence(away, { ...openAway, proxy: up, direct: ready(), proxied: tunnel('tls', null, 'SELF_SIGNED_CERT_IN_CHAIN') }),
        },
        {
          title: 'a page of its own instead of the server',
          evidence: evidence(target(), { ...open, proxy: up, direct: ready(), proxied: portal }),
        },
        {
          title: 'denied, and the target is not to be had directly',
          evidence: evidence(away, {
            dns: names('203.0.113.7'),
            tcp: tcp(attempt('203.0.113.7', 'timed-out', 443)),
            proxy: up,
            proxied: tunnel('proxy', 403, null),
          }),
        },
        {
          title: "the system's settings name the proxy",
          evidence: evidence(away, { ...openAway, proxy: proxy(ofSystem, up.reach), direct: ready(), proxied: tunnel('proxy', 403, null) }),
        },
        {
          title: 'a PAC file names the proxy',
          evidence: evidence(away, { ...openAway, proxy: proxy(ofScript, up.reach), direct: ready(), proxied: tunnel('proxy', 403, null) }),
        },
      ],
      quiet: [
        { title: 'it works through the proxy', evidence: evidence(target(), { ...open, proxy: up, direct: ready(), proxied: ready() }) },
        { title: 'the client goes direct', evidence: evidence(target(), { ...open, direct: ready() }) },
        {
          title: 'the server is down, with and without the proxy',
          evidence: evidence(target(), {
            dns: names('127.0.0.1'),
            tcp: tcp(attempt('127.0.0.1', 'refused')),
            proxy: up,
            proxied: unreachable,
          }),
        },
        {
          title: 'the server itself asks for a token, with and without the proxy',
          evidence: evidence(target(), { ...open, proxy: up, direct: guarded(), proxied: guarded({ via: '1.1 office (squid/5.7)' }) }),
        },
      ],
    };
  },
});

/** Whether the way through the proxy fails for a reason of its own, the direct way having failed or not been measured. */
function differs(found: Evidence, last: Exchange, status: number | null): boolean {
  const direct = lastExchange(found.direct);
  // A proxy that got no answer only reports what a direct attempt met as well.
  if (isGatewayStatus(status)) return direct === undefined && !isRefusedToProxy(found);
  return direct === undefined || direct.meaning !== last.meaning || direct.answer?.status !== status;
}

/** Headers that only a proxy writes into an answer of its own; `via` alone stands in answers it passes on as well. */
function signatureOf({ answer }: Exchange): string | null {
  const name = ['x-squid-error', 'proxy-authenticate'].find((header) => answer?.headers[header] !== undefined);
  if (name !== undefined) return `${name}: ${answer?.headers[name] ?? ''}`;
  const server = answer?.headers['server'];
  return server !== undefined && PROXY_PRODUCTS.test(server) ? `server: ${server}` : null;
}

/** Products that are forward proxies only, so that an answer in their name is theirs. */
const PROXY_PRODUCTS = /^(?:squid|tinyproxy|privoxy|mitmproxy|zscaler|bluecoat|fortiproxy|cisco-?wsa|mcafee web gateway)\b/i;

function seenAs({ answer, failure }: Exchange, status: number | null): string {
  if (failure?.stage === 'proxy')
    return status === null ? `CONNECT failed (${failure.code ?? failure.reason})` : `CONNECT was answered ${status}`;
  if (answer !== null) return `HTTP ${answer.status}${answer.body.kind === 'html' ? ' with a web page' : ''}`;
  return failure === null ? 'no answer' : `${failure.reason}${failure.code === null ? '' : ` (${failure.code})`}`;
}

function guarded(headers: Readonly<Record<string, string>> = {}): Handshake {
  return unfinished([answered('server/discover', 'auth-required', answer(401, { headers }))]);
}
