import { defineCause, type MatchBase } from '../model/cause.ts';
import { attempt, evidence, names, ready, target, tcp } from '../model/examples.ts';
import { effective, isLocalhostName, urlWith, works } from '../model/view.ts';

interface Args extends MatchBase {
  readonly host: string;
  readonly addresses: readonly string[];
  /** The same URL with the address that answered; null while none did. */
  readonly url: string | null;
}

/** The URL says localhost, which is not the same address everywhere. */
export const cause = defineCause({
  id: 'localhost-in-url',
  group: 'advice',
  title: 'localhost is not the same address for every client',
  layer: 'dns',
  severity: 'advice',
  needs: ['dns'],
  hiddenBy: ['ipv6-localhost'],
  match(found): Args | undefined {
    const { target, dns } = found;
    if (!isLocalhostName(target.host) || dns.addresses.length === 0) return undefined;
    const route = works(found) ? effective(found)?.route : undefined;
    return {
      certainty: 'proved',
      host: target.host,
      addresses: dns.addresses.map(({ address }) => address),
      url: route?.kind === 'direct' ? urlWith(found, { host: route.address }) : null,
    };
  },
  explain({ host, addresses }) {
    return {
      summary: `${host} is ${addresses.join(', then ')} on this machine; another client or system may take it for another address.`,
      evidence: [`getaddrinfo for ${host}: ${addresses.join(', ')}`],
    };
  },
  remedies({ url }) {
    return url === null
      ? [{ kind: 'tell', title: 'Write the address at which the server listens (127.0.0.1 or [::1]) instead of the name.' }]
      : [{ kind: 'edit', title: 'Write the address at which the server answers instead of the name:', field: 'url', value: url }];
  },
  about: `\`localhost\` may be \`::1\`, \`127.0.0.1\` or both, in either order; that depends on the system, its hosts file and the runtime. A literal
address leaves no choice, and saves clients the attempt at the wrong one.
mcpreach shows what the name means to a process on this machine.
By hand: \`getent ahosts localhost\` (Linux), \`dscacheutil -q host -a name localhost\` (macOS), \`Resolve-DnsName localhost\` (Windows).`,
  refs: ['https://www.rfc-editor.org/rfc/rfc6761#section-6.3', 'https://nodejs.org/api/dns.html#dnslookuphostname-options-callback'],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')), direct: ready() };
    return {
      fires: [
        { title: 'localhost is both families', evidence: evidence(target(), { ...open, dns: names('127.0.0.1', '::1') }) },
        { title: 'localhost is one address', evidence: evidence(target(), { ...open, dns: names('127.0.0.1') }) },
      ],
      quiet: [
        { title: 'a literal address', evidence: evidence(target('http://127.0.0.1:3000/mcp'), open) },
        { title: 'another name', evidence: evidence(target('http://devbox:3000/mcp'), { ...open, dns: names('127.0.0.1') }) },
      ],
    };
  },
});
