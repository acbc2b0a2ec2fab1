import {
  type CertificateFault,
  certificateFault,
  isDateCode,
  isSelfSignedLeaf,
  organisationOf,
  rootOf,
  serverWords,
  shortName,
  showCertificates,
} from '../model/certificates.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import type { TrustResult } from '../model/evidence.ts';
import { attempt, certificate, evidence, failed, names, proxy, ready, target, tcp, tls, unfinished } from '../model/examples.ts';
import type { Remedy } from '../model/remedy.ts';

type Variant =
  /** The server leaves out the certificate between its own and a root. */
  | 'missing-intermediate'
  /** The system's roots vouch for it, Node's do not. */
  | 'system-only'
  | 'private-root'
  /** The root is known, and the chain is refused for something else. */
  | 'rejected';

interface Args extends MatchBase {
  readonly variant: Variant;
  readonly server: string;
  /** Who issued the last certificate that was sent. */
  readonly issuer: string | null;
  readonly organisation: string | null;
  /** The proxy through which the certificate came: it may be its own. */
  readonly tunnel: string | null;
  readonly code: string;
  readonly sent: readonly string[];
  readonly issuerUrl: string | null;
  readonly relative: string | null;
  readonly systemFile: string | null;
  readonly unreadable: readonly string[];
  readonly show: string;
}

export const cause = defineCause({
  id: 'tls-unknown-ca',
  group: 'tls',
  title: 'The certificate comes from an authority that is not trusted',
  layer: 'tls',
  severity: 'error',
  needs: [],
  hiddenBy: [],
  match(found): Args | undefined {
    const fault = certificateFault(found);
    if (fault === undefined || fault.code === null || isSelfSignedLeaf(fault)) return undefined;
    const { code, chain, stores } = fault;
    // An expired certificate hides whether its root is known: only the look at the roots themselves tells.
    if (isDateCode(code) && rootOf(stores, 'node') !== null) return undefined;
    const last = chain.at(-1);
    const issuer = last?.issuer ?? fault.issuer;
    return {
      variant: variantOf(fault),
      certainty: 'proved',
      ...(fault.foretold ? { severity: 'warning' } : {}),
      server: serverWords(found),
      issuer: issuer === undefined ? null : shortName(issuer),
      organisation: issuer === undefined ? null : organisationOf(issuer),
      tunnel: fault.proxy ?? null,
      code,
      sent: chain.map(({ subject, issuer }) => `"${shortName(subject)}" issued by "${shortName(issuer)}"`),
      issuerUrl: last?.issuerUrls.find((url) => url.startsWith('http')) ?? null,
      relative: stores.flatMap(({ relatives }) => relatives ?? [])[0] ?? null,
      systemFile: stores.find(({ store }) => store === 'system')?.file ?? null,
      unreadable: stores.flatMap(({ file, code }) => (code === 'UNREADABLE' && file !== null ? [file] : [])),
      show: showCertificates(found, found.host.platform),
    };
  },
  explain({ variant, server, issuer, tunnel, code, sent, issuerUrl, relative, systemFile, unreadable }) {
    const by = issuer === null ? 'an authority' : `"${issuer}"`;
    const summary: Record<Variant, string> = {
      'missing-intermediate': `${server} does not send the intermediate certificate ${by}, so its chain ends before a trusted root.`,
      'system-only': `The certificate of ${server} comes from ${by}, which this system trusts and Node does not.`,
      'private-root': `The certificate of ${server} comes from ${by}, ${issuer === null ? 'which' : 'an authority that'} is not among the trusted roots.`,
      rejected: `The certificate chain of ${server} is refused (${code}) although its root is known.`,
    };
    return {
      summary: summary[variant],
      evidence: [
        `verification ends with ${code}`,
        ...(tunnel === null
          ? []
          : [
              `it was met inside the tunnel of the proxy ${tunnel}: a proxy that opens TLS signs such certificates itself${issuer === null ? '' : `, as "${issuer}"`}`,
            ]),
        ...sent.map((line, index) => `${index === 0 ? 'sent' : 'and'}: ${line}`),
        ...(variant === 'missing-intermediate' && issuerUrl !== null
          ? [`the certificate itself names where its issuer can be had: ${issuerUrl}`]
          : []),
        ...(variant === 'missing-intermediate' && relative !== null
          ? [`the trusted roots hold one of the same organisation: ${relative}`]
          : []),
        ...(variant === 'system-only'
          ? [`trusted with ${systemFile ?? 'the system store'}: curl and Go accept it; Node has roots of its own`]
          : []),
        ...unreadable.map((file) => `${file} holds no certificate that can be read`),
      ],
    };
  },
  remedies({ variant, issuer, organisation, issuerUrl, systemFile, show }) {
    const look: Remedy = { kind: 'run', title: 'See the chain as it is sent:', command: show };
    const python = (title: string, value: string): Remedy => ({ kind: 'set', title, variable: 'SSL_CERT_FILE', value });
    switch (variant) {
      case 'missing-intermediate':
        return [
          {
            kind: 'tell',
            title:
              'On the server: send the whole chain, leaf first (nginx: `ssl_certificate fullchain.pem;`, uvicorn: `--ssl-certfile fullchain.pem`), and reload.',
          },
          look,
          {
            kind: 'set',
            title: `Until then, for clients on Node: a PEM file with the missing certificate${issuerUrl === null ? '' : ` (from ${issuerUrl})`} and its root.`,
            variable: 'NODE_EXTRA_CA_CERTS',
            value: '/path/to/intermediate-and-root.pem',
          },
        ];
      case 'system-only':
        return [
          {
            kind: 'set',
            title: 'Let Node use the roots of this system, and restart the client:',
            variable: 'NODE_EXTRA_CA_CERTS',
            value: systemFile ?? '/path/to/ca.pem',
          },
          { kind: 'set', title: 'Or, with Node 22.15 or later:', variable: 'NODE_OPTIONS', value: '--use-system-ca' },
          python('For clients on Python (httpx; REQUESTS_CA_BUNDLE for requests):', systemFile ?? '/path/to/ca.pem'),
        ];
      case 'private-root':
        return [
          {
            kind: 'set',
            title: `For clients on Node: the root certificate of the authority, as its operator gives it to you${hint(issuer, organisation)}; then restart the client.`,
            variable: 'NODE_EXTRA_CA_CERTS',
            value: '/path/to/ca.pem',
          },
          python(
            'For clients on Python (httpx; REQUESTS_CA_BUNDLE for requests): a file with the usual roots and this one.',
            '/path/to/roots-and-ca.pem',
          ),
          look,
        ];
      case 'rejected':
        return [
          look,
          {
            kind: 'tell',
            title:
              'On the server: have the certificate and its intermediates issued anew (key length, signature, purpose), and send them leaf first.',
          },
        ];
    }
  },
  about: `A certificate is trusted when a chain of issuers leads from it to a root the client holds. It breaks in two ways. The server
sends its own certificate without the intermediate above it: browsers fetch or remember the missing one, programs do not
(\`UNABLE_TO_VERIFY_LEAF_SIGNATURE\`). Or the root is private: a company's, a development authority's (mkcert, Caddy), or that of a
proxy that opens TLS (\`SELF_SIGNED_CERT_IN_CHAIN\`). mcpreach judges the chain as sent by Node's roots, the system's,
\`NODE_EXTRA_CA_CERTS\` and \`--ca\` separately. Node brings roots of its own and reads the system's only when told; \`NODE_EXTRA_CA_CERTS\`
is read at start and adds, while \`SSL_CERT_FILE\` replaces. By hand: \`openssl s_client -connect HOST:PORT -showcerts </dev/null\`;
on Windows the same with the OpenSSL of Git. \`curl -v URL\` succeeds where only the system's roots know the issuer.`,
  refs: [
    'https://nodejs.org/api/cli.html#node_extra_ca_certsfile',
    'https://nodejs.org/api/cli.html#--use-system-ca',
    'https://www.rfc-editor.org/rfc/rfc5280#section-4.2.2.1',
    'https://nginx.org/en/docs/http/configuring_https_servers.html#chains',
  ],
  examples() {
    const address = target('https://mcp.example.com/mcp');
    const open = { dns: names('203.0.113.7'), tcp: tcp(attempt('203.0.113.7', 'open', 443)) };
    const untrusted = (code: string, chain = [certificate()], stores: readonly TrustResult[] = []) => ({
      ...open,
      tls: tls({ trusted: false, verifyCode: code, chain, stores }),
    });
    const leaf = certificate({ issuer: 'CN=R11, O=Example Trust', issuerUrls: ['http://r11.example/'] });
    const root = certificate({ subject: 'CN=Example Root CA, O=Example', selfSigned: true });
    const node: TrustResult = {
      store: 'node',
      file: null,
      trusted: false,
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      anchor: null,
      relatives: [],
    };
    const system: TrustResult = {
      store: 'system',
      file: '/etc/ssl/certs/ca-certificates.crt',
      trusted: true,
      code: null,
      anchor: root.subject,
    };
    const behind = proxy({ reader: 'undici', proxy: 'http://proxy.example:3128', variable: 'HTTPS_PROXY', why: 'HTTPS_PROXY is set' });
    const inTunnel = unfinished([failed('server/discover', { stage: 'tls', reason: 'failed', code: 'SELF_SIGNED_CERT_IN_CHAIN' })]);
    return {
      fires: [
        {
          title: 'the intermediate is not sent',
          evidence: evidence(address, untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE', [leaf], [node])),
        },
        {
          title: 'the intermediate is not sent, and a root of its organisation is known',
          evidence: evidence(
            address,
            untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE', [certificate()], [{ ...node, relatives: [root.subject] }]),
          ),
        },
        {
          title: 'a private root in the chain',
          evidence: evidence(address, untrusted('SELF_SIGNED_CERT_IN_CHAIN', [certificate(), root], [node])),
        },
        {
          title: 'trusted by the system alone',
          evidence: evidence(address, untrusted('SELF_SIGNED_CERT_IN_CHAIN', [certificate(), root], [node, system])),
        },
        {
          title: 'a known root and a weak key',
          evidence: evidence(address, untrusted('CERT_REJECTED', [certificate()], [{ ...node, anchor: root.subject }])),
        },
        { title: 'a proxy that opens TLS', evidence: evidence(address, { proxy: behind, proxied: inTunnel }) },
      ],
      quiet: [
        { title: 'trusted', evidence: evidence(address, { ...open, tls: tls(), direct: ready() }) },
        {
          title: 'self-signed',
          evidence: evidence(address, untrusted('DEPTH_ZERO_SELF_SIGNED_CERT', [certificate({ selfSigned: true })], [node])),
        },
        {
          title: 'expired under a known root',
          evidence: evidence(address, untrusted('CERT_HAS_EXPIRED', [certificate()], [{ ...node, anchor: root.subject }])),
        },
      ],
    };
  },
});

function variantOf({ code, chain, stores }: CertificateFault): Variant {
  if (stores.some(({ store, trusted }) => store === 'system' && trusted)) return 'system-only';
  const last = chain.at(-1);
  if (last === undefined || last.selfSigned) return rootOf(stores, 'node') ? 'rejected' : 'private-root';
  if (rootOf(stores, 'node')) return 'rejected';
  const known = stores.some(({ anchor, relatives }) => Boolean(anchor) || (relatives?.length ?? 0) > 0);
  // Private authorities seldom publish their certificates over http; Windows domains do so in ldap.
  const published = last.issuerUrls.some((url) => url.startsWith('http'));
  return (code ?? '').startsWith('UNABLE_TO_') && (known || published) ? 'missing-intermediate' : 'private-root';
}

/** Where well-known development authorities keep their root. */
function hint(issuer: string | null, organisation: string | null): string {
  if (organisation === 'mkcert development CA') return ' (mkcert: `"$(mkcert -CAROOT)/rootCA.pem"` on the machine that made it)';
  if (issuer?.startsWith('Caddy Local Authority') === true) return ' (Caddy: `pki/authorities/local/root.crt` in its data folder)';
  return '';
}
