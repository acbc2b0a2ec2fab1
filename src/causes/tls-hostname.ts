import { certificateFault, serverWords } from '../model/certificates.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence } from '../model/evidence.ts';
import { attempt, certificate, evidence, failed, names, proxy, ready, target, tcp, tls, unfinished } from '../model/examples.ts';
import type { Remedy } from '../model/remedy.ts';
import { isLoopback, urlWith } from '../model/view.ts';

interface Args extends MatchBase {
  readonly server: string;
  readonly host: string;
  /** What the certificate is for; null when it was not seen. */
  readonly names: readonly string[] | null;
  /** The server said itself that it has no certificate for this name. */
  readonly alert: string | null;
  readonly alsoUntrusted: string | null;
  /** A URL for the same machine with a name that the certificate lists. */
  readonly sameMachine: string | null;
  readonly url: string | null;
}

const SHOWN_NAMES = 6;

/** Alerts with which servers say that they have no certificate for a name: unrecognized_name (RFC 6066), and Caddy's choice. */
const NAME_ALERTS: Readonly<Record<string, 'likely' | 'possible'>> = {
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'likely',
  ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR: 'possible',
};

export const cause = defineCause({
  id: 'tls-hostname',
  group: 'tls',
  title: 'The certificate is for another name',
  layer: 'tls',
  severity: 'error',
  needs: [],
  hiddenBy: [],
  match(found): Args | undefined {
    const { target, tls } = found;
    const base = { server: serverWords(found), host: target.host };
    const fault = certificateFault(found);
    if (fault?.nameMatches === false) {
      const leaf = fault.chain[0];
      const same = leaf === undefined ? null : sameMachine(found, leaf.names);
      return {
        ...base,
        // Mending the trust brings another certificate, and that one may be right.
        certainty: fault.code === null ? 'proved' : 'likely',
        ...(fault.foretold ? { severity: 'warning' } : {}),
        names: leaf === undefined ? null : leaf.names,
        alert: null,
        alsoUntrusted: fault.code,
        sameMachine: same,
        url: same ?? otherName(found, leaf?.names ?? []),
      };
    }
    const outcome = tls?.outcome;
    const certainty = outcome?.kind === 'refused' && tls?.fallback === null ? NAME_ALERTS[outcome.code] : undefined;
    if (certainty === undefined || outcome?.kind !== 'refused' || found.clientCertificate?.requested === true) return undefined;
    return { ...base, certainty, names: null, alert: outcome.alert ?? outcome.code, alsoUntrusted: null, sameMachine: null, url: null };
  },
  explain({ server, host, names, alert, alsoUntrusted }) {
    if (alert !== null) {
      return {
        summary: `${server} refuses the TLS handshake: it seems to have no certificate for "${host}".`,
        evidence: [`the server ended the handshake with the alert "${alert}"`],
      };
    }
    const listed = names === null ? null : listedWords(names, SHOWN_NAMES);
    return {
      summary: `The certificate of ${server} is not for "${host}"${names === null ? '' : ` but for ${listedWords(names, 2)}`}.`,
      evidence: [
        ...(listed === null ? [] : [`its subject alternative names are ${listed}`]),
        alsoUntrusted === null
          ? 'its chain is trusted, only the name does not match'
          : `its chain is not trusted either (${alsoUntrusted})`,
      ],
    };
  },
  remedies({ host, sameMachine, url, alert }) {
    const reissue: Remedy = {
      kind: 'tell',
      title: `Or, on the server: have the certificate issued for ${host} as well (subject alternative name), and serve it for that name.`,
    };
    if (alert !== null)
      return [
        {
          kind: 'tell',
          title: `On the server: add ${host} to the site's names, so that a certificate is served for it; or use the name that the site has.`,
        },
      ];
    if (sameMachine !== null)
      return [{ kind: 'tell', title: `Use a name that the certificate lists and that means this machine too: ${sameMachine}` }, reissue];
    if (url !== null)
      return [{ kind: 'tell', title: `If it is the same server: use a name that the certificate lists, as in ${url}` }, reissue];
    return [{ ...reissue, title: reissue.title.replace(/^Or, o/, 'O') }];
  },
  about: `A trusted certificate proves who the server is only if it lists the name, or the IP address, that the URL uses
(\`ERR_TLS_CERT_ALTNAME_INVALID\`). Clients look at the subject alternative names; an address needs an entry of its own, and \`*.example.com\`
covers one label only. Usual reasons: the URL names the machine by its IP address or short name, a virtual host without its own
certificate, or DNS that leads to another server.
mcpreach reads the names in the certificate as the server sends it and compares them with the URL's.
By hand: \`openssl s_client -connect HOST:PORT -servername HOST </dev/null | openssl x509 -noout -ext subjectAltName\`; without OpenSSL \`curl -v URL\` (on Windows \`curl.exe -v URL\`)
names the mismatch.`,
  refs: [
    'https://www.rfc-editor.org/rfc/rfc9525',
    'https://www.rfc-editor.org/rfc/rfc6066#section-3',
    'https://nodejs.org/api/tls.html#tlscheckserveridentityhostname-cert',
  ],
  examples() {
    const address = target('https://mcp.example.com/mcp');
    const open = { dns: names('203.0.113.7'), tcp: tcp(attempt('203.0.113.7', 'open', 443)) };
    const other = (...listed: string[]) => tls({ trusted: false, nameMatches: false, chain: [certificate({ names: listed })] });
    const refused = (code: string) =>
      tls({ outcome: { kind: 'refused', code, alert: 'tlsv1 unrecognized name' }, chain: [], trusted: null, nameMatches: null });
    const behind = proxy({ reader: 'undici', proxy: 'http://proxy.example:3128', variable: 'HTTPS_PROXY', why: 'HTTPS_PROXY is set' });
    const inTunnel = unfinished([failed('server/discover', { stage: 'tls', reason: 'failed', code: 'ERR_TLS_CERT_ALTNAME_INVALID' })]);
    const local = { tcp: tcp(attempt('127.0.0.1', 'open', 8443)) };
    return {
      fires: [
        { title: 'a certificate for another name', evidence: evidence(address, { ...open, tls: other('www.example.org', 'example.org') }) },
        { title: 'a certificate without names', evidence: evidence(address, { ...open, tls: other() }) },
        {
          title: 'an address where only the name is listed',
          evidence: evidence(target('https://127.0.0.1:8443/mcp'), { ...local, tls: other('localhost') }),
        },
        {
          title: 'the server knows no such name',
          evidence: evidence(address, {
            ...open,
            tls: refused('ERR_SSL_TLSV1_UNRECOGNIZED_NAME'),
            clientCertificate: { requested: null, ms: 2 },
          }),
        },
        { title: 'seen through a proxy only', evidence: evidence(address, { proxy: behind, proxied: inTunnel }) },
      ],
      quiet: [
        { title: 'a name that is listed', evidence: evidence(address, { ...open, tls: tls(), direct: ready() }) },
        {
          title: 'the right name, not trusted',
          evidence: evidence(address, { ...open, tls: tls({ trusted: false, verifyCode: 'SELF_SIGNED_CERT_IN_CHAIN' }) }),
        },
        {
          title: 'no common version',
          evidence: evidence(address, {
            ...open,
            tls: { ...refused('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'), fallback: { protocol: 'TLSv1.1', cipher: 'AES256-SHA' } },
          }),
        },
      ],
    };
  },
});

/** Loopback names and addresses mean one machine, so a listed one may stand for the other. */
function sameMachine(found: Evidence, listed: readonly string[]): string | null {
  const { host } = found.target;
  if (host !== 'localhost' && !isLoopback(host)) return null;
  const name = listed.find((one) => one === 'localhost' || isLoopback(one));
  return name === undefined ? null : urlWith(found, { host: name });
}

function otherName(found: Evidence, listed: readonly string[]): string | null {
  const name = listed.find((one) => !one.includes('*'));
  return name === undefined ? null : urlWith(found, { host: name.toLowerCase() });
}

function listedWords(names: readonly string[], most: number): string {
  if (names.length === 0) return 'no name or address at all';
  return `${names.slice(0, most).join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`;
}
