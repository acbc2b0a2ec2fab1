import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence, PeekEvidence } from '../model/evidence.ts';
import { answer, answered, attempt, evidence, failed, names, ready, target, tcp, tls, unfinished } from '../model/examples.ts';
import type { Remedy } from '../model/remedy.ts';
import { endpoint, isLocal, isReady, lastExchange, openAttempts, otherSchemeSpoken, urlWith, works } from '../model/view.ts';

interface Args extends MatchBase {
  readonly where: string;
  readonly meant: 'http' | 'https';
  readonly spoken: 'http' | 'https';
  /** How the scheme that was meant ended. */
  readonly seen: string;
  /** The URL that matches what the port speaks. */
  readonly url: string;
  /** What came of trying it. */
  readonly tried: 'works' | 'asks-for-credentials' | 'fails' | 'untried';
  readonly code: string | null;
  readonly local: boolean;
}

export const cause = defineCause({
  id: 'wrong-scheme',
  group: 'tls',
  title: 'http and https are mixed up',
  layer: 'tls',
  severity: 'error',
  needs: [],
  hiddenBy: [],
  match(found): Args | undefined {
    if (works(found)) return undefined;
    const { target, tls, otherScheme } = found;
    const spoken = otherSchemeSpoken(found);
    const tried = triedAs(found);
    // Without a look at the port itself only an answer in the other scheme tells.
    if (spoken === null || (tls === undefined && spoken === 'http' && lastExchange(otherScheme)?.answer == null)) return undefined;
    const open = openAttempts(found)[0];
    return {
      certainty: tried === 'works' ? 'proved' : 'likely',
      where: open === undefined ? endpoint(target.host, target.port) : endpoint(open.address, open.port),
      meant: target.scheme,
      spoken,
      seen: seenAs(found),
      url: urlWith(found, { scheme: spoken }),
      tried,
      code: lastExchange(otherScheme)?.failure?.code ?? null,
      local: isLocal(found),
    };
  },
  explain({ where, meant, spoken, seen, url, tried, code }) {
    const outcome = {
      works: `${url} completes the MCP handshake`,
      'asks-for-credentials': `${url} answers, and asks for credentials (none were sent in the clear)`,
      fails: `${url} does not complete the handshake either${code === null ? '' : ` (${code})`}: that comes next`,
      untried: `${url} was not tried`,
    };
    return {
      summary:
        meant === 'https'
          ? `The URL says https, but ${where} speaks plain ${spoken}.`
          : `The URL says http, but ${where} speaks TLS: it is an ${spoken} port.`,
      evidence: [seen, outcome[tried]],
    };
  },
  remedies({ meant, url, tried, local }) {
    const change: Remedy =
      tried === 'works'
        ? { kind: 'edit', title: 'Use the scheme that the port speaks:', field: 'url', value: url }
        : { kind: 'tell', title: `Use the scheme that the port speaks: ${url}` };
    if (meant === 'http') return [change];
    const encrypt: Remedy = {
      kind: 'tell',
      title:
        'Or give the server a certificate, in itself or in a proxy before it (nginx: `listen 443 ssl;` with `proxy_pass` to this port).',
    };
    // Over a network plain http shows every token to whoever listens.
    return local ? [change, encrypt] : [{ ...encrypt, title: encrypt.title.replace(/^Or g/, 'G') }, change];
  },
  about: `A TLS client begins with a hello that a plain HTTP server cannot read; it answers \`400\` or closes, and OpenSSL says
\`wrong version number\` (\`EPROTO\`). The other way round a TLS server sees letters where a record should begin: nginx answers
\`400\`, others close the connection (\`socket hang up\`, \`ECONNRESET\`). mcpreach looks at what the port speaks and then makes the
same handshake with the other scheme on the same port; configured headers never go out in the clear where https was meant.
By hand: \`curl -sv http://HOST:PORT/\` and \`openssl s_client -connect HOST:PORT\`.`,
  refs: [
    'https://www.rfc-editor.org/rfc/rfc8446#section-5.1',
    'https://www.rfc-editor.org/rfc/rfc9110#section-4.2',
    'https://nginx.org/en/docs/http/ngx_http_ssl_module.html#errors',
  ],
  examples() {
    const open = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'open')) };
    const toHttps = target('https://localhost:3000/mcp');
    const noTls = tls({
      address: '127.0.0.1',
      outcome: { kind: 'not-tls', code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
      chain: [],
      trusted: null,
      nameMatches: null,
    });
    const plain = { ...open, tls: noTls, peek: [speaks('http', 'HTTP/1.1 404 Not Found')] };
    const hungUp = unfinished([failed('server/discover', { stage: 'head', reason: 'closed', code: 'ECONNRESET' })]);
    const complains = unfinished([answered('initialize', 'bad-request', answer(400, { body: { kind: 'html' } }))]);
    const distrusted = unfinished([failed('server/discover', { stage: 'tls', reason: 'failed', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })]);
    const denied = unfinished([answered('server/discover', 'auth-required', answer(401))]);
    return {
      fires: [
        { title: 'https to a plain port', evidence: evidence(toHttps, { ...plain, otherScheme: ready() }) },
        { title: 'https to a plain port that wants a token', evidence: evidence(toHttps, { ...plain, otherScheme: denied }) },
        {
          title: 'http to a TLS port that hangs up',
          evidence: evidence(target(), { ...open, direct: hungUp, peek: [speaks('tls')], otherScheme: ready() }),
        },
        {
          title: 'http to a TLS port of nginx',
          evidence: evidence(target(), { ...open, direct: complains, peek: [speaks('tls')], otherScheme: ready() }),
        },
        {
          title: 'http to a TLS port with a certificate of its own',
          evidence: evidence(target(), { ...open, direct: hungUp, peek: [speaks('tls')], otherScheme: distrusted }),
        },
      ],
      quiet: [
        {
          title: 'https to the port of an ssh server',
          evidence: evidence(toHttps, { ...open, tls: noTls, peek: [speaks('ssh', 'SSH-2.0-OpenSSH_9.2')] }),
        },
        { title: 'a plain server that hangs up', evidence: evidence(target(), { ...open, direct: hungUp, peek: [speaks('close')] }) },
        { title: 'https that works', evidence: evidence(toHttps, { ...open, tls: tls(), direct: ready() }) },
        {
          title: 'a TLS server that refuses old clients',
          evidence: evidence(toHttps, {
            ...open,
            tls: {
              ...noTls,
              outcome: { kind: 'refused', code: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', alert: 'sslv3 alert handshake failure' },
            },
            peek: [speaks('tls')],
          }),
        },
      ],
    };
  },
});

function triedAs({ otherScheme }: Evidence): Args['tried'] {
  if (otherScheme === undefined) return 'untried';
  if (isReady(otherScheme)) return 'works';
  return lastExchange(otherScheme)?.meaning === 'auth-required' ? 'asks-for-credentials' : 'fails';
}

/** What the scheme that was meant was told. */
function seenAs(found: Evidence): string {
  const { target, tls } = found;
  if (target.scheme === 'https') {
    const { outcome } = tls ?? {};
    const code = outcome !== undefined && 'code' in outcome ? outcome.code : (lastExchange(found.proxied)?.failure?.code ?? null);
    return `the TLS handshake was answered with something else${code === null ? '' : ` (${code})`}`;
  }
  const { answer, failure } = lastExchange(found.direct) ?? {};
  const ended = answer
    ? `answered ${answer.status}`
    : failure?.reason === 'timed-out'
      ? 'not answered'
      : `cut off (${failure?.code ?? failure?.reason ?? 'closed'})`;
  return `the plain HTTP request was ${ended}, while a TLS hello gets a TLS answer`;
}

function speaks(what: PeekEvidence['speaks'], banner: string | null = null): PeekEvidence {
  return { address: '127.0.0.1', port: 3000, speaks: what, banner, ms: 4 };
}
