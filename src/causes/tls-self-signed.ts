import { certificateFault, isSelfSignedLeaf, serverWords, shortName, showCertificates } from '../model/certificates.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { attempt, certificate, evidence, failed, names, proxy, ready, target, tcp, tls, unfinished } from '../model/examples.ts';
import { isLocal } from '../model/view.ts';

interface Args extends MatchBase {
  readonly server: string;
  readonly name: string | null;
  readonly fingerprint: string | null;
  readonly code: string;
  readonly save: string;
  readonly local: boolean;
  readonly host: string;
}

export const cause = defineCause({
  id: 'tls-self-signed',
  group: 'tls',
  title: 'The certificate signed itself',
  layer: 'tls',
  severity: 'error',
  needs: [],
  hiddenBy: [],
  match(found): Args | undefined {
    const fault = certificateFault(found);
    if (fault === undefined || fault.code === null || !isSelfSignedLeaf(fault)) return undefined;
    const leaf = fault.chain[0];
    return {
      certainty: 'proved',
      ...(fault.foretold ? { severity: 'warning' } : {}),
      server: serverWords(found),
      name: leaf === undefined ? null : shortName(leaf.subject),
      fingerprint: leaf?.fingerprint ?? null,
      code: fault.code,
      save: `${showCertificates(found, found.host.platform, '')} | openssl x509 -out mcp-server.pem`,
      local: isLocal(found),
      host: found.target.host,
    };
  },
  explain({ server, name, fingerprint, code }) {
    return {
      summary: `The certificate of ${server} is self-signed${name === null ? '' : ` ("${name}")`}: no client trusts it by itself.`,
      evidence: [
        `verification ends with ${code}`,
        ...(name === null ? [] : ['subject and issuer are the same, its own key signed it, and it is not among the trusted roots']),
        ...(fingerprint === null ? [] : [`SHA-256 fingerprint ${fingerprint}`]),
      ],
    };
  },
  remedies({ save, local, host }) {
    return [
      { kind: 'run', title: 'Save the certificate, and compare its fingerprint with the one on the server:', command: save },
      {
        kind: 'set',
        title: 'Then trust exactly this certificate. For clients on Node:',
        variable: 'NODE_EXTRA_CA_CERTS',
        value: '/path/to/mcp-server.pem',
      },
      {
        kind: 'set',
        title: 'For clients on Python (httpx; REQUESTS_CA_BUNDLE for requests):',
        variable: 'SSL_CERT_FILE',
        value: '/path/to/mcp-server.pem',
      },
      {
        kind: 'tell',
        title: local
          ? `Or let mkcert make the certificate: \`mkcert -install && mkcert ${host}\`, and NODE_EXTRA_CA_CERTS="$(mkcert -CAROOT)/rootCA.pem".`
          : 'Or, on the server: have the certificate issued by a public authority, for example with certbot or Caddy; then nothing has to be set.',
      },
    ];
  },
  about: `A self-signed certificate is vouched for by nobody but itself, so every client refuses it (\`DEPTH_ZERO_SELF_SIGNED_CERT\`)
until it is put among the client's trusted roots. mcpreach reads the chain as the server sends it and looks for it in Node's roots,
the system's, \`NODE_EXTRA_CA_CERTS\` and \`--ca\`. Compare the fingerprint before you trust it: anybody can make such a certificate.
\`NODE_EXTRA_CA_CERTS\` is read once, when Node starts: restart the client. \`SSL_CERT_FILE\` replaces the usual roots, so for other
servers append it to a copy of the bundle. By hand: \`openssl s_client -connect HOST:PORT </dev/null\`; on Windows the same
with the OpenSSL of Git, or \`curl.exe -v URL\`, which checks against Windows' own roots.`,
  refs: [
    'https://nodejs.org/api/cli.html#node_extra_ca_certsfile',
    'https://docs.openssl.org/3.0/man1/openssl-verification-options/',
    'https://github.com/FiloSottile/mkcert',
  ],
  examples() {
    const address = target('https://mcp.example.com/mcp');
    const open = { dns: names('203.0.113.7'), tcp: tcp(attempt('203.0.113.7', 'open', 443)) };
    const own = certificate({ issuer: 'CN=mcp.example.com', selfSigned: true });
    const unknown = [{ store: 'node' as const, file: null, trusted: false, code: 'CERT_HAS_EXPIRED', anchor: null, relatives: [] }];
    const behind = proxy({ reader: 'undici', proxy: 'http://proxy.example:3128', variable: 'HTTPS_PROXY', why: 'HTTPS_PROXY is set' });
    const inTunnel = unfinished([failed('server/discover', { stage: 'tls', reason: 'failed', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })]);
    const untrusted = tls({ trusted: false, verifyCode: 'DEPTH_ZERO_SELF_SIGNED_CERT', chain: [own] });
    return {
      fires: [
        { title: 'a certificate that signed itself', evidence: evidence(address, { ...open, tls: untrusted }) },
        { title: 'for another name as well', evidence: evidence(address, { ...open, tls: { ...untrusted, nameMatches: false } }) },
        { title: 'seen through a proxy only', evidence: evidence(address, { proxy: behind, proxied: inTunnel }) },
      ],
      quiet: [
        {
          title: 'a self-signed certificate that is trusted',
          evidence: evidence(address, { ...open, tls: tls({ chain: [own] }), direct: ready() }),
        },
        {
          title: 'a private root above the certificate',
          evidence: evidence(address, {
            ...open,
            tls: tls({
              trusted: false,
              verifyCode: 'SELF_SIGNED_CERT_IN_CHAIN',
              chain: [certificate(), certificate({ selfSigned: true })],
            }),
          }),
        },
        {
          title: 'one that is trusted and has expired',
          evidence: evidence(address, {
            ...open,
            tls: tls({
              trusted: false,
              verifyCode: 'CERT_HAS_EXPIRED',
              chain: [own],
              stores: unknown.map((one) => ({ ...one, anchor: own.subject })),
            }),
          }),
        },
      ],
    };
  },
});
