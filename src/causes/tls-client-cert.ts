import { serverWords, showCertificates } from '../model/certificates.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence } from '../model/evidence.ts';
import { answer, answered, attempt, evidence, failed, names, ready, target, tcp, tls, unfinished } from '../model/examples.ts';
import { effective, isReady, lastExchange, works } from '../model/view.ts';

interface Args extends MatchBase {
  readonly server: string;
  readonly seen: string;
  readonly requested: boolean;
  readonly show: string;
}

/** TLS 1.3 has an alert of its own for it (RFC 8446, section 6.2); older servers used a general one. */
const CERTIFICATE_REQUIRED = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED';

export const cause = defineCause({
  id: 'tls-client-cert',
  group: 'tls',
  title: 'The server wants a client certificate',
  layer: 'tls',
  severity: 'error',
  needs: [],
  hiddenBy: [],
  match(found): Args | undefined {
    if (found.target.scheme !== 'https' || works(found)) return undefined;
    const requested = found.clientCertificate?.requested === true;
    const refusal = refusalOf(found);
    if (refusal === null || (!requested && !refusal.saysSo)) return undefined;
    return {
      certainty: refusal.certainty,
      seen: refusal.seen,
      requested,
      server: serverWords(found),
      show: showCertificates(found, found.host.platform, '-cert client.pem -key client-key.pem'),
    };
  },
  explain({ server, seen, requested }) {
    return {
      summary: `${server} accepts only clients with a certificate of their own (mutual TLS), and none was presented.`,
      evidence: [seen, ...(requested ? ['its TLS handshake asks for a client certificate (CertificateRequest)'] : [])],
    };
  },
  remedies({ show }) {
    return [
      {
        kind: 'tell',
        title: "Get a client certificate and its key from the server's operator, and give both to the client if it can use them.",
      },
      { kind: 'run', title: 'Check that the certificate is accepted:', command: show },
      {
        kind: 'tell',
        title:
          'Clients that cannot present one: run a proxy on this machine that does (nginx: `proxy_ssl_certificate` and `proxy_ssl_certificate_key`), bound to 127.0.0.1, and use its URL.',
      },
      {
        kind: 'tell',
        title:
          'Or, on the server: leave the MCP path open to tokens instead (nginx: `ssl_verify_client optional;` with a check of your own).',
      },
    ];
  },
  about: `With mutual TLS the server asks for a certificate of the client's and refuses whoever has none. Under TLS 1.3 the handshake first looks
complete, and the refusal follows as an alert (\`ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED\`), a closed connection, or nginx's
\`400 No required SSL certificate was sent\`; under TLS 1.2 the handshake itself fails. mcpreach looks for the request
in the server's own handshake messages. Hardly any MCP client can present a certificate, so a local proxy is the usual way.
By hand: \`openssl s_client -connect HOST:PORT </dev/null\` lists "Acceptable client certificate CA names".`,
  refs: [
    'https://www.rfc-editor.org/rfc/rfc8446#section-4.3.2',
    'https://www.rfc-editor.org/rfc/rfc5246#section-7.4.4',
    'https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_verify_client',
  ],
  examples() {
    const address = target('https://mcp.example.com/mcp');
    const open = { dns: names('203.0.113.7'), tcp: tcp(attempt('203.0.113.7', 'open', 443)) };
    const asked = { requested: true, ms: 2 };
    const refused = tls({
      outcome: { kind: 'refused', code: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', alert: 'sslv3 alert handshake failure' },
      chain: [],
      trusted: null,
      nameMatches: null,
    });
    const afterwards = unfinished([failed('server/discover', { stage: 'head', reason: 'failed', code: CERTIFICATE_REQUIRED })]);
    const closed = unfinished([failed('server/discover', { stage: 'head', reason: 'closed', code: 'ECONNRESET' })]);
    const page = unfinished([
      answered('initialize', 'bad-request', answer(400, { headers: { server: 'nginx/1.22.1' }, body: { kind: 'html', bytes: 237 } })),
    ]);
    return {
      fires: [
        { title: 'refused in the TLS 1.2 handshake', evidence: evidence(address, { ...open, tls: refused, clientCertificate: asked }) },
        {
          title: 'refused by the alert of TLS 1.3',
          evidence: evidence(address, { ...open, tls: tls(), direct: afterwards, clientCertificate: { requested: null, ms: 2 } }),
        },
        { title: 'asked for, then closed', evidence: evidence(address, { ...open, tls: tls(), direct: closed, clientCertificate: asked }) },
        {
          title: 'asked for, then 400 by nginx',
          evidence: evidence(address, { ...open, tls: tls(), direct: page, clientCertificate: asked }),
        },
      ],
      quiet: [
        {
          title: 'asked for and not needed',
          evidence: evidence(address, { ...open, tls: tls(), direct: ready(), clientCertificate: asked }),
        },
        {
          title: 'closed, and never asked for',
          evidence: evidence(address, { ...open, tls: tls(), direct: closed, clientCertificate: { requested: false, ms: 2 } }),
        },
        {
          title: 'asked for, and then asked for a token',
          evidence: evidence(address, {
            ...open,
            tls: tls(),
            direct: unfinished([answered('server/discover', 'auth-required', answer(401))]),
            clientCertificate: asked,
          }),
        },
      ],
    };
  },
});

/** How the client was turned away, when that is a way in which servers do it for want of a certificate. */
function refusalOf(found: Evidence): (Pick<Args, 'seen' | 'certainty'> & { readonly saysSo?: true }) | null {
  const outcome = found.tls?.outcome;
  const way = effective(found);
  const last = lastExchange(way);
  const code = last?.failure?.code ?? null;
  if (code === CERTIFICATE_REQUIRED)
    return { certainty: 'proved', saysSo: true, seen: `after the handshake the server sent the alert "certificate required" (${code})` };
  if (outcome?.kind === 'refused' && outcome.alert !== null)
    return { certainty: 'proved', seen: `without one the server ends the handshake with the alert "${outcome.alert}"` };
  if (outcome?.kind === 'refused' || outcome?.kind === 'closed')
    return { certainty: 'likely', seen: `without one the handshake ends with ${outcome.code}` };
  if (way === undefined || isReady(way)) return null;
  if (last?.failure?.reason === 'closed' || last?.failure?.reason === 'reset')
    return {
      certainty: 'likely',
      seen: `after the handshake the server closed the connection without an answer (${code ?? last.failure.reason})`,
    };
  // nginx answers 400 by itself; a 400 from MCP is JSON.
  if (last?.answer?.status === 400 && last.answer.rpc === null && last.answer.body.kind === 'html') {
    return {
      certainty: 'likely',
      seen: `the answer is an HTML page with status 400${last.answer.headers['server'] === undefined ? '' : ` from ${last.answer.headers['server']}`}`,
    };
  }
  return null;
}
