import { serverWords, showCertificates } from '../model/certificates.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { attempt, evidence, names, ready, target, tcp, tls } from '../model/examples.ts';
import type { TlsEvidence } from '../model/evidence.ts';
import { works } from '../model/view.ts';

type Variant = 'old-version' | 'weak-cipher' | 'nothing-common' | 'unreadable';

interface Args extends MatchBase {
  readonly variant: Variant;
  readonly server: string;
  readonly code: string;
  readonly alert: string | null;
  readonly fallback: TlsEvidence['fallback'];
  readonly show: string;
}

/** Versions that OpenSSL 3 and Node no longer offer by themselves (RFC 8996). */
const OLD: ReadonlySet<string> = new Set(['SSLv3', 'TLSv1', 'TLSv1.1']);

/** OpenSSL's codes for "no version, cipher or key that both sides accept", as far as it names them. */
const NO_COMMON =
  /PROTOCOL|HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY|CIPHER|TOO_SMALL|TOO_WEAK|SIGALG|SIGNATURE_ALG|LEGACY|CURVE|GROUP|VERSION/;

/** Alerts about a certificate name, which are not about versions. */
const ABOUT_NAMES: ReadonlySet<string> = new Set(['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR']);

export const cause = defineCause({
  id: 'tls-protocol',
  group: 'tls',
  title: 'No common TLS version or cipher',
  layer: 'tls',
  severity: 'error',
  needs: ['tls'],
  hiddenBy: ['tls-client-cert'],
  match(found): Args | undefined {
    const { outcome, fallback } = found.tls;
    const broken = outcome.kind === 'refused' || (outcome.kind === 'closed' && fallback !== null);
    if (works(found) || !broken || found.clientCertificate?.requested === true) return undefined;
    if (fallback === null && ABOUT_NAMES.has(outcome.code)) return undefined;
    const alert = outcome.kind === 'refused' ? outcome.alert : null;
    const common = NO_COMMON.test(outcome.code);
    return {
      variant:
        fallback !== null
          ? OLD.has(fallback.protocol)
            ? 'old-version'
            : 'weak-cipher'
          : alert === null && !common
            ? 'unreadable'
            : 'nothing-common',
      certainty: fallback !== null ? 'proved' : common ? 'likely' : 'possible',
      server: serverWords(found),
      code: outcome.code,
      alert,
      fallback,
      show: showCertificates(
        found,
        found.host.platform,
        fallback !== null && OLD.has(fallback.protocol) ? `${FLAGS[fallback.protocol] ?? ''} -cipher ALL:@SECLEVEL=0` : '',
      ),
    };
  },
  explain({ variant, server, code, alert, fallback }) {
    const accepted = fallback === null ? '' : `${fallback.protocol} with ${fallback.cipher}`;
    const summary: Record<Variant, string> = {
      'old-version': `${server} speaks only ${fallback?.protocol ?? 'old versions'}, which current clients no longer offer.`,
      'weak-cipher': `${server} accepts only ciphers or keys too weak for current clients (${accepted}).`,
      'nothing-common':
        alert === null
          ? `The TLS handshake with ${server} breaks off: the two sides find nothing they both accept (${code}).`
          : `${server} refuses the TLS handshake: no version or cipher in common (${alert}).`,
      unreadable: `The TLS handshake with ${server} breaks off: what it sends, for example its certificate, cannot be read (${code}).`,
    };
    return {
      summary: summary[variant],
      evidence: [
        alert === null ? `the handshake ended with ${code}` : `the server ended the handshake with the alert "${alert}" (${code})`,
        'offered were TLS 1.2 and 1.3 with the ciphers of Node',
        fallback === null
          ? 'it is no different with everything offered that OpenSSL still knows'
          : `with everything offered it accepts ${accepted}`,
      ],
    };
  },
  remedies({ variant, show }) {
    const look = { kind: 'run', title: 'See what the server says to a handshake:', command: show } as const;
    if (variant === 'unreadable')
      return [
        look,
        {
          kind: 'tell',
          title: 'On the server: have the certificate made anew with a current tool, and check that the port belongs to a TLS server.',
        },
      ];
    return [
      {
        kind: 'tell',
        title:
          'On the server: allow TLS 1.2 and 1.3 (nginx: `ssl_protocols TLSv1.2 TLSv1.3;` with the default ciphers), update its TLS library if it has neither, and reload.',
      },
      {
        kind: 'tell',
        title: 'If the server cannot be updated: put a current proxy (nginx, Caddy) before it on its own machine, and use that address.',
      },
      look,
    ];
  },
  about: `Client and server must share a TLS version, a cipher and a signature algorithm. Servers of old runtimes end at TLS 1.1, which clients
dropped with RFC 8996, or offer keys and ciphers that today's OpenSSL rejects (\`ERR_SSL_UNSUPPORTED_PROTOCOL\`,
\`ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE\`, \`EPROTO\`). mcpreach repeats the handshake with everything offered that OpenSSL still knows, only to
see what the server would accept; nothing is sent over that connection. A certificate that cannot be parsed ends the handshake
as well. By hand: \`openssl s_client -connect HOST:PORT </dev/null\`, then the same with \`-tls1_1 -cipher ALL:@SECLEVEL=0\`.`,
  refs: [
    'https://www.rfc-editor.org/rfc/rfc8996',
    'https://www.rfc-editor.org/rfc/rfc8446#section-6.2',
    'https://nodejs.org/api/tls.html#tlsdefault_min_version',
  ],
  examples() {
    const address = target('https://mcp.example.com/mcp');
    const open = { dns: names('203.0.113.7'), tcp: tcp(attempt('203.0.113.7', 'open', 443)) };
    const refused = (code: string, alert: string | null, fallback: TlsEvidence['fallback'] = null) => ({
      ...open,
      tls: tls({ outcome: { kind: 'refused', code, alert }, chain: [], trusted: null, nameMatches: null, fallback }),
      clientCertificate: { requested: null, ms: 2 },
    });
    const handshakeFailure = refused('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'sslv3 alert handshake failure');
    return {
      fires: [
        {
          title: 'a server of TLS 1.1',
          evidence: evidence(
            address,
            refused('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tlsv1 alert protocol version', {
              protocol: 'TLSv1.1',
              cipher: 'ECDHE-RSA-AES128-SHA',
            }),
          ),
        },
        {
          title: 'a server with weak keys',
          evidence: evidence(address, refused('ERR_SSL_DH_KEY_TOO_SMALL', null, { protocol: 'TLSv1.2', cipher: 'DHE-RSA-AES128-SHA' })),
        },
        { title: 'nothing in common', evidence: evidence(address, handshakeFailure) },
        { title: 'a certificate that cannot be parsed', evidence: evidence(address, refused('ERR_OSSL_ASN1_WRONG_TAG', null)) },
        {
          title: 'an old server that just closes',
          evidence: evidence(address, {
            ...open,
            tls: tls({
              outcome: { kind: 'closed', code: 'ECONNRESET' },
              chain: [],
              trusted: null,
              nameMatches: null,
              fallback: { protocol: 'TLSv1', cipher: 'AES128-SHA' },
            }),
          }),
        },
      ],
      quiet: [
        { title: 'TLS 1.3', evidence: evidence(address, { ...open, tls: tls(), direct: ready() }) },
        {
          title: 'a server that wants a client certificate',
          evidence: evidence(address, { ...handshakeFailure, clientCertificate: { requested: true, ms: 2 } }),
        },
        {
          title: 'a port that does not speak TLS',
          evidence: evidence(address, {
            ...open,
            tls: tls({ outcome: { kind: 'not-tls', code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, chain: [], trusted: null }),
          }),
        },
      ],
    };
  },
});

const FLAGS: Readonly<Record<string, string>> = { SSLv3: '-ssl3', TLSv1: '-tls1', 'TLSv1.1': '-tls1_1' };
