import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence } from '../model/evidence.ts';
import { attempt, evidence, names, ready, target, tcp } from '../model/examples.ts';
import { addressesOf, isLocal, openAttempts, works } from '../model/view.ts';

interface Args extends MatchBase {
  readonly host: string;
  readonly port: number;
  readonly sendsCredentials: boolean;
  readonly addresses: readonly string[];
}

/** Plain HTTP to another machine: everybody on the way reads along. */
export const cause = defineCause({
  id: 'plaintext-remote',
  group: 'advice',
  title: 'Plain HTTP to another machine',
  layer: 'tls',
  severity: 'advice',
  needs: [],
  hiddenBy: ['wrong-scheme', 'wrong-host'],
  match(found): Args | undefined {
    const { target } = found;
    if (target.scheme !== 'http' || isLocal(found) || staysHere(found)) return undefined;
    if (openAttempts(found).length === 0 && !works(found)) return undefined;
    const addresses = addressesOf(found).map(({ address }) => address);
    return { certainty: 'proved', host: target.host, port: target.port, sendsCredentials: target.sendsCredentials, addresses };
  },
  explain({ host, sendsCredentials, addresses }) {
    return {
      summary: sendsCredentials
        ? `Credentials go to ${host} over plain HTTP: everybody on the way can read them and use them.`
        : `Everything sent to ${host} goes over plain HTTP: everybody on the way can read and change it.`,
      evidence: [
        'the URL begins with http://',
        `${host} is not this machine${addresses.length > 0 && addresses[0] !== host ? ` (${addresses.join(', ')})` : ''}`,
      ],
    };
  },
  remedies({ host, port, sendsCredentials }) {
    const steps = [
      {
        kind: 'tell',
        title: `Serve it over https (a reverse proxy such as Caddy or nginx with a certificate), and change the URL to https://${host}.`,
      } as const,
      { kind: 'tell', title: `Or use an encrypted tunnel, for example: ssh -N -L ${port}:127.0.0.1:${port} USER@${host}` } as const,
    ];
    return sendsCredentials
      ? [...steps, { kind: 'tell', title: 'Replace the credential afterwards: it has been sent in the clear.' }]
      : steps;
  },
  about: `Over \`http://\` neither requests nor answers are encrypted. On any network between the client and the server they can be read and
changed, tokens and tool results included. The MCP specification asks for HTTPS wherever authorization is used.
mcpreach notes the scheme and that the address is none of this machine's own.
By hand: the URL in the client's config.`,
  refs: [
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#communication-security',
    'https://www.rfc-editor.org/rfc/rfc9110#section-17',
  ],
  examples() {
    const open = { tcp: tcp(attempt('203.0.113.9', 'open')), direct: ready() };
    const about = 'http://203.0.113.9:3000/mcp';
    return {
      fires: [
        { title: 'without credentials', evidence: evidence(target(about), open) },
        { title: 'with credentials', evidence: evidence(target(about, { sendsCredentials: true }), open) },
      ],
      quiet: [
        {
          title: 'this machine',
          evidence: evidence(target(), { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'open')), direct: ready() }),
        },
        { title: 'nobody there', evidence: evidence(target(about), { tcp: tcp(attempt('203.0.113.9', 'refused')) }) },
        {
          title: 'the host of this container',
          evidence: evidence(
            target('http://host.docker.internal:3000/mcp'),
            { dns: names('192.168.65.2'), tcp: tcp(attempt('192.168.65.2', 'open')), direct: ready() },
            { container: 'docker' },
          ),
        },
      ],
    };
  },
});

/** Traffic between containers of one machine, or to the machine itself, does not leave it. */
function staysHere({ target, host }: Evidence): boolean {
  return host.container !== null && (!target.host.includes('.') || target.host.endsWith('.internal'));
}
