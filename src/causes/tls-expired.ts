import { certificateFault, isDateCode, serverWords, shortName, showCertificates } from '../model/certificates.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import type { CertificateFacts } from '../model/evidence.ts';
import { attempt, certificate, evidence, failed, names, proxy, ready, target, tcp, tls, unfinished } from '../model/examples.ts';
import type { Remedy } from '../model/remedy.ts';

interface Args extends MatchBase {
  readonly server: string;
  readonly early: boolean;
  /** The certificate that is out of its dates; null when it was not seen. */
  readonly culprit: {
    readonly name: string;
    readonly leaf: boolean;
    readonly from: string;
    readonly to: string;
    readonly off: string;
  } | null;
  readonly code: string;
  readonly look: string;
  readonly at: string | null;
}

export const cause = defineCause({
  id: 'tls-expired',
  group: 'tls',
  title: 'The certificate is outside its dates',
  layer: 'tls',
  severity: 'error',
  needs: [],
  hiddenBy: [],
  match(found): Args | undefined {
    const fault = certificateFault(found);
    if (fault === undefined || fault.code === null || !isDateCode(fault.code)) return undefined;
    const { code, chain, at } = fault;
    const early = code === 'CERT_NOT_YET_VALID';
    const wrong = at === null ? -1 : chain.findIndex((one) => isOff(one, at, early));
    const one = chain[wrong];
    return {
      certainty: 'proved',
      ...(fault.foretold ? { severity: 'warning' } : {}),
      server: serverWords(found),
      early,
      culprit:
        one === undefined || at === null
          ? null
          : {
              name: shortName(one.subject),
              leaf: wrong === 0,
              from: day(one.validFrom),
              to: day(one.validTo),
              off: span(early ? one.validFrom : one.validTo, at),
            },
      code,
      look:
        wrong > 0
          ? showCertificates(found, found.host.platform)
          : `${showCertificates(found, found.host.platform, '')} | openssl x509 -noout -subject -dates`,
      at,
    };
  },
  explain({ server, early, culprit, code, at }) {
    if (culprit === null) {
      const what = early ? 'is not valid yet' : 'has expired';
      return {
        summary: `A certificate that ${server} depends on ${what}.`,
        evidence: [
          `verification ends with ${code}`,
          ...(at === null ? [] : ['none of the certificates the server sends is outside its dates: it is the trusted root']),
        ],
      };
    }
    const { name, leaf, from, to, off } = culprit;
    const which = leaf ? `The certificate of ${server}` : `The issuer certificate "${name}" in the chain of ${server}`;
    return {
      summary: early
        ? `${which} is valid only from ${from} on, ${off} from now by this machine's clock.`
        : `${which} expired on ${to}, ${off} ago.`,
      evidence: [
        `"${name}" is valid from ${from} to ${to}`,
        `this machine's clock says ${at === null ? 'nothing' : `${at.slice(0, 16).replace('T', ' ')} UTC`}`,
        `verification ends with ${code}`,
      ],
    };
  },
  remedies({ early, look, culprit }, { platform }) {
    const clock: Remedy = { kind: 'run', title: "Compare this machine's clock with a good one:", command: CLOCK[platform] ?? 'date -u' };
    const renew: readonly Remedy[] = [
      {
        kind: 'tell',
        title:
          culprit?.leaf === false
            ? 'On the server: put the current issuer certificate into the chain file (nginx: `ssl_certificate fullchain.pem;`) and reload.'
            : 'On the server: renew the certificate and reload what serves it, for example `certbot renew && nginx -s reload`; with mkcert: `mkcert HOST` again.',
      },
      { kind: 'run', title: 'See what is served now, with its dates:', command: look },
    ];
    return early
      ? [clock, { kind: 'tell', title: 'If the clock is right: wait until then, or have the certificate issued with an earlier start.' }]
      : [...renew, clock];
  },
  about: `Each certificate of a chain carries two dates, and every TLS client refuses it outside them (\`CERT_HAS_EXPIRED\`,
\`CERT_NOT_YET_VALID\`), the issuers' certificates included. mcpreach reads the dates of the chain as the server sends it and compares
them with this machine's clock. A certificate from the future is more often a clock in the past: virtual machines and containers
that slept, boards without a battery. By hand: \`openssl s_client -connect HOST:PORT -showcerts </dev/null | openssl x509 -noout -dates\`, and the clock with
\`date -u\` (Linux, macOS) or \`Get-Date\` (Windows). Git for Windows brings OpenSSL; without it \`curl.exe -v URL\` names the reason.
Only the server's side can mend it; a client has no safe way around it.`,
  refs: [
    'https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5',
    'https://docs.openssl.org/3.0/man1/openssl-verification-options/',
    'https://eff-certbot.readthedocs.io/en/stable/using.html#renewing-certificates',
  ],
  examples() {
    const address = target('https://mcp.example.com/mcp');
    const open = { dns: names('203.0.113.7'), tcp: tcp(attempt('203.0.113.7', 'open', 443)) };
    const at = '2026-11-20T12:00:00.000Z';
    const bad = (code: string, ...chain: CertificateFacts[]) => ({ ...open, tls: tls({ trusted: false, verifyCode: code, at, chain }) });
    const old = certificate({ validTo: '2026-10-01T00:00:00.000Z' });
    const issuer = certificate({ subject: 'CN=Example Issuing CA, O=Example', issuer: 'CN=Example Root CA, O=Example' });
    const behind = proxy({ reader: 'undici', proxy: 'http://proxy.example:3128', variable: 'HTTPS_PROXY', why: 'HTTPS_PROXY is set' });
    const inTunnel = unfinished([failed('server/discover', { stage: 'tls', reason: 'failed', code: 'CERT_HAS_EXPIRED' })]);
    return {
      fires: [
        { title: 'the server certificate expired', evidence: evidence(address, bad('CERT_HAS_EXPIRED', old)) },
        {
          title: 'an issuer in the chain expired',
          evidence: evidence(address, bad('CERT_HAS_EXPIRED', certificate(), { ...issuer, validTo: '2026-11-20T11:00:00.000Z' })),
        },
        {
          title: 'not valid yet',
          evidence: evidence(address, bad('CERT_NOT_YET_VALID', certificate({ validFrom: '2026-11-23T12:00:00.000Z' }))),
        },
        { title: 'the root expired', evidence: evidence(address, bad('CERT_HAS_EXPIRED', certificate())) },
        {
          title: 'expired and for another name',
          evidence: evidence(address, {
            ...open,
            tls: tls({ trusted: false, nameMatches: false, verifyCode: 'CERT_HAS_EXPIRED', at, chain: [old] }),
          }),
        },
        { title: 'seen through a proxy only', evidence: evidence(address, { proxy: behind, proxied: inTunnel }) },
      ],
      quiet: [
        { title: 'within its dates', evidence: evidence(address, { ...open, tls: tls({ at }), direct: ready() }) },
        { title: 'only the name is wrong', evidence: evidence(address, { ...open, tls: tls({ at, trusted: false, nameMatches: false }) }) },
        {
          title: 'the proxy still accepts it',
          evidence: evidence(address, { ...bad('CERT_HAS_EXPIRED', old), proxy: behind, proxied: ready() }),
        },
      ],
    };
  },
});

const CLOCK: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'date -u; timedatectl status',
  darwin: 'date -u; sntp time.apple.com',
  win32: 'w32tm /query /status',
};

function isOff({ validFrom, validTo }: CertificateFacts, at: string, early: boolean): boolean {
  return early ? Date.parse(validFrom) > Date.parse(at) : Date.parse(validTo) < Date.parse(at);
}

function day(iso: string): string {
  return iso === '' ? 'an unreadable date' : iso.slice(0, 10);
}

/** The time between two instants in its largest whole unit. */
function span(one: string, other: string): string {
  const minutes = Math.round(Math.abs(Date.parse(one) - Date.parse(other)) / 60_000);
  const [count, unit] =
    minutes < 120 ? [minutes, 'minute'] : minutes < 48 * 60 ? [Math.floor(minutes / 60), 'hour'] : [Math.floor(minutes / 1440), 'day'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
