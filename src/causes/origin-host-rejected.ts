import { defineCause, type MatchBase } from '../model/cause.ts';
import { answered, attempt, evidence, ready, rpcError, target, tcp, unfinished } from '../model/examples.ts';
import { exchangeWords } from '../model/exchange-words.ts';
import type { Remedy } from '../model/remedy.ts';
import { failedWay, isLocal, urlWith } from '../model/view.ts';

interface Args extends MatchBase {
  readonly header: 'Host' | 'Origin';
  readonly sent: string;
  readonly status: number;
  /** The Host value that was accepted. */
  readonly accepted: string | null;
  /** The target's URL with the accepted host; only where that host is this machine. */
  readonly url: string | null;
  readonly facts: readonly string[];
}

/** The server lets in certain values of Host or Origin only. */
export const cause = defineCause({
  id: 'origin-host-rejected',
  group: 'http',
  title: 'The server does not accept this Host or Origin',
  layer: 'http',
  severity: 'error',
  needs: [],
  hiddenBy: ['proxy-intercepts'],
  match(found): Args | undefined {
    const { target, hostGuard } = found;
    const way = failedWay(found);
    if (way === undefined || way.last.answer === null) return undefined;
    const { last } = way;
    const withoutOrigin = hostGuard?.acceptedWithoutOrigin === true;
    const accepted = withoutOrigin ? null : (hostGuard?.acceptedHost ?? null);
    const clear = last.meaning === 'host-rejected' || last.meaning === 'origin-rejected';
    const tested = accepted !== null || withoutOrigin;
    if (!clear && !(last.meaning === 'forbidden' && tested)) return undefined;
    const isOrigin = withoutOrigin || (accepted === null && last.meaning === 'origin-rejected');
    const host = accepted?.replace(/:\d+$/, '').replace(/^\[|\]$/g, '') ?? null;
    return {
      certainty: tested ? 'proved' : 'likely',
      layer: way.layer,
      header: isOrigin ? 'Origin' : 'Host',
      sent: isOrigin ? (hostGuard?.sentOrigin ?? 'none') : (hostGuard?.sentHost ?? new URL(last.url).host),
      status: way.last.answer.status,
      accepted,
      url: host !== null && isLocal(found) && target.scheme === 'http' ? urlWith(found, { host }) : null,
      facts: [
        exchangeWords(last),
        ...(accepted === null ? [] : [`the same request with Host: ${accepted} completes the handshake`]),
        ...(withoutOrigin ? ['the same request without Origin completes the handshake'] : []),
      ],
    };
  },
  explain({ header, sent, status, accepted, facts }) {
    const other = accepted === null ? '' : `; it accepts ${accepted}`;
    return { summary: `The server refuses the ${header} header ${sent} (HTTP ${status})${other}.`, evidence: facts };
  },
  remedies({ header, sent, url }) {
    const name = sent.replace(/:\d+$/, '');
    if (header === 'Origin') {
      return [
        {
          kind: 'tell',
          title: `Remove the Origin header from the server's entry, or allow ${sent} in the server (TypeScript SDK: allowedOrigins, Python: TransportSecuritySettings(allowed_origins=[...])).`,
        },
      ];
    }
    const edit: Remedy[] =
      url === null ? [] : [{ kind: 'edit', title: 'Use the host name that the server accepts:', field: 'url', value: url }];
    return [
      ...edit,
      {
        kind: 'tell',
        title: `Or allow ${name} in the server: TypeScript SDK createMcpExpressApp({ allowedHosts: ['${name}'] }) or hostHeaderValidation(['${name}']), Python TransportSecuritySettings(allowed_hosts=['${name}', '${name}:*']).`,
      },
      {
        kind: 'tell',
        title:
          'If a tunnel or reverse proxy stands in between, it can send the accepted name instead (nginx: proxy_set_header Host localhost;).',
      },
    ];
  },
  about: `Servers on a developer's machine check the \`Host\` and \`Origin\` headers, so that a web page cannot reach them through DNS rebinding. A name that is not on
their list gets 403 or 421, whatever credential is sent. Typical behind tunnels, in containers (\`host.docker.internal\`) and with own host names.
mcpreach repeats the handshake with the host names that such lists contain, and without \`Origin\`: what is accepted then is the proof.
By hand: \`curl -i -X POST -H 'Host: localhost:3000' URL\`.`,
  refs: [
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning',
    'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.20',
    'https://github.com/modelcontextprotocol/python-sdk/blob/main/src/mcp/server/transport_security.py',
  ],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')) };
    const refused = (meaning: 'host-rejected' | 'origin-rejected' | 'forbidden', message: string) =>
      unfinished([answered('server/discover', meaning, rpcError(403, { code: -32000, message }))]);
    const guard = { sentHost: 'dev.test:3000', sentOrigin: null, acceptedHost: null, acceptedWithoutOrigin: false };
    const named = target('http://dev.test:3000/mcp');
    const dns = {
      addresses: [{ address: '127.0.0.1', family: 4 as const }],
      error: null,
      hostsFile: { kind: 'measured' as const, value: [] },
      ms: 1,
    };
    return {
      fires: [
        {
          title: 'another host name is accepted',
          evidence: evidence(named, {
            ...open,
            dns,
            direct: refused('host-rejected', 'Invalid Host: dev.test'),
            hostGuard: { ...guard, acceptedHost: 'localhost:3000' },
          }),
        },
        {
          title: 'the message is clear, no other name was accepted',
          evidence: evidence(named, { ...open, dns, direct: refused('host-rejected', 'Invalid Host: dev.test'), hostGuard: guard }),
        },
        {
          title: 'the Origin header is refused',
          evidence: evidence(target(undefined, { headerNames: ['origin'] }), {
            ...open,
            direct: refused('origin-rejected', 'Invalid Origin: http://evil.test'),
            hostGuard: { ...guard, sentOrigin: 'http://evil.test', acceptedWithoutOrigin: true },
          }),
        },
        {
          title: 'a bare 403 that another name mends',
          evidence: evidence(named, {
            ...open,
            dns,
            direct: refused('forbidden', 'Forbidden'),
            hostGuard: { ...guard, acceptedHost: '127.0.0.1:3000' },
          }),
        },
      ],
      quiet: [
        { title: 'accepted', evidence: evidence(named, { ...open, dns, direct: ready() }) },
        {
          title: 'a bare 403 that nothing mends',
          evidence: evidence(named, { ...open, dns, direct: refused('forbidden', 'Forbidden'), hostGuard: guard }),
        },
      ],
    };
  },
});
