import { seeAddresses, seeResolver } from '../facts/commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence, ResolverEvidence } from '../model/evidence.ts';
import { attempt, evidence, names, ready, target, tcp } from '../model/examples.ts';
import { unusedProxy } from '../model/proxy-way.ts';
import { failsDirectly } from '../model/view.ts';
import type { Remedy } from '../model/remedy.ts';

/** Which part of name resolution failed. */
type Fault = 'no-such-name' | 'no-address' | 'resolver' | 'system-only';

interface Args extends MatchBase {
  readonly host: string;
  readonly fault: Fault;
  readonly code: string;
  readonly facts: readonly string[];
  /** Steps that the system's proxy settings suggest. */
  readonly proxied: readonly Remedy[];
}

/** c-ares and getaddrinfo codes that speak of the resolver, not of the name. */
const RESOLVER_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'EAI_FAIL',
  'ETIMEOUT',
  'ETIMEDOUT',
  'ESERVFAIL',
  'EREFUSED',
  'ECONNREFUSED',
  'ENOTIMP',
  'EBADRESP',
]);

/** The name leads to no address. */
export const cause = defineCause({
  id: 'dns-failure',
  group: 'address',
  title: 'The name does not resolve',
  layer: 'dns',
  severity: 'error',
  needs: ['dns'],
  hiddenBy: ['wrong-host', 'client-policy', 'container-network', 'container-not-running', 'vpn'],
  match(found): Args | undefined {
    const { target, dns, resolver } = found;
    if (!failsDirectly(found) || dns.addresses.length > 0) return undefined;
    const code = dns.error ?? 'ENODATA';
    // A proxy looks names up by itself: behind one, this machine need not know them.
    const unused = unusedProxy(found);
    const facts = [...factsOf(found, code), ...unused.facts];
    return { certainty: 'proved', host: target.host, fault: faultOf(code, resolver), code, facts, proxied: unused.remedies };
  },
  explain({ host, fault, code, facts }) {
    const summaries: Readonly<Record<Fault, string>> = {
      'no-such-name': `The name ${host} was not found (${code}): no name server and no hosts file knows it.`,
      'no-address': `The name ${host} exists, but it has no IPv4 or IPv6 address (ENODATA).`,
      resolver: `${host} could not be looked up (${code}): this machine's name resolution is out of order, not the name.`,
      'system-only': `The name servers know ${host}, but this machine's own lookup does not find it (${code}).`,
    };
    return { summary: summaries[fault], evidence: facts };
  },
  remedies({ host, fault, proxied }, { platform }): readonly Remedy[] {
    const look: Remedy = { kind: 'run', title: 'See what this machine makes of the name:', command: seeAddresses(platform, host) };
    const servers: Remedy = {
      kind: 'run',
      title: 'See which name servers are asked, and what they say:',
      command: seeResolver(platform, host),
    };
    switch (fault) {
      case 'resolver':
        return [
          ...proxied,
          servers,
          { kind: 'tell', title: 'Check the network connection and the VPN: their name servers must be reachable. Then try again.' },
        ];
      case 'system-only':
        return [
          look,
          {
            kind: 'tell',
            title: 'Check the "hosts" line of /etc/nsswitch.conf and any DNS filter, VPN or profile that is active on this machine.',
          },
        ];
      case 'no-address':
        return [look, { kind: 'tell', title: `Add an A or AAAA record for ${host}, or use the name that has one.` }];
      case 'no-such-name':
        return [
          ...proxied,
          {
            kind: 'tell',
            title: host.includes('.')
              ? `Check the spelling of ${host}, and whether the name is known only inside a VPN or company network.`
              : `Check the spelling of ${host}. Names without a dot are often those of containers, known only inside their network: from outside use 127.0.0.1 and the published port.`,
          },
          look,
          servers,
        ];
    }
  },
  about: `Before anything is dialled, the name has to become an address. The name may not exist (NXDOMAIN, \`ENOTFOUND\`), it may exist without
an address (\`ENODATA\`), or the name servers may not answer or refuse (\`EAI_AGAIN\`, SERVFAIL, REFUSED, a timeout).
mcpreach asks getaddrinfo as every client does, and after a failure the configured name servers themselves, so that these can be told apart.
By hand: \`getent ahosts NAME\` and \`resolvectl query NAME\` (Linux), \`dscacheutil -q host -a name NAME\` and \`scutil --dns\` (macOS),
\`Resolve-DnsName NAME\` (Windows).`,
  refs: [
    'https://man7.org/linux/man-pages/man3/getaddrinfo.3.html',
    'https://nodejs.org/api/dns.html#error-codes',
    'https://www.rfc-editor.org/rfc/rfc1035#section-4.1.1',
  ],
  examples() {
    const about = target('https://mcp.corp.test/mcp');
    const unknown = { dns: { ...names(), error: 'ENOTFOUND' } };
    const asked = (error: string | null, addresses: readonly string[] = []): ResolverEvidence => ({
      servers: ['192.168.1.1'],
      answers: [
        { record: 'A', addresses, error },
        { record: 'AAAA', addresses: [], error: error ?? 'ENODATA' },
      ],
      ms: 20,
    });
    return {
      fires: [
        { title: 'no such name', evidence: evidence(about, { ...unknown, resolver: asked('ENOTFOUND') }) },
        { title: 'the name has no address', evidence: evidence(about, { ...unknown, resolver: asked('ENODATA') }) },
        {
          title: 'the name server fails',
          evidence: evidence(about, { dns: { ...names(), error: 'EAI_AGAIN' }, resolver: asked('ESERVFAIL') }),
        },
        {
          title: 'no name server answers',
          evidence: evidence(about, { dns: { ...names(), error: 'EAI_AGAIN' }, resolver: asked('ETIMEOUT') }),
        },
        { title: 'only the own lookup fails', evidence: evidence(about, { ...unknown, resolver: asked(null, ['203.0.113.9']) }) },
      ],
      quiet: [
        {
          title: 'the name resolves and works',
          evidence: evidence(target(), { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'open')), direct: ready() }),
        },
        {
          title: 'the name resolves, the port is closed',
          evidence: evidence(about, { dns: names('203.0.113.9'), tcp: tcp(attempt('203.0.113.9', 'refused', 443)) }),
        },
        {
          title: 'a proxy looks the name up',
          evidence: evidence(about, {
            ...unknown,
            proxy: {
              choices: [],
              effective: { reader: 'undici', proxy: 'http://127.0.0.1:3128', variable: 'HTTPS_PROXY', why: 'HTTPS_PROXY is set' },
              reach: { error: null, attempts: [attempt('127.0.0.1', 'open', 3128)] },
            },
            proxied: ready({ route: { kind: 'proxy', proxy: 'http://127.0.0.1:3128' } }),
          }),
        },
      ],
    };
  },
});

/** The name servers' own answers decide; getaddrinfo gives one code for several faults. */
function faultOf(code: string, resolver: ResolverEvidence | undefined): Fault {
  const answers = resolver?.answers ?? [];
  if (answers.some(({ addresses }) => addresses.length > 0)) return 'system-only';
  if (answers.some(({ error }) => error === 'ENOTFOUND')) return 'no-such-name';
  if (answers.length > 0 && answers.every(({ error }) => error === 'ENODATA')) return 'no-address';
  if (RESOLVER_CODES.has(code) || answers.some(({ error }) => error !== null && RESOLVER_CODES.has(error))) return 'resolver';
  return code === 'ENODATA' ? 'no-address' : 'no-such-name';
}

function factsOf({ dns, resolver, target }: Evidence, code: string): readonly string[] {
  const facts = [`getaddrinfo for ${target.host}: ${code}`];
  for (const { record, addresses, error } of resolver?.answers ?? []) {
    facts.push(`name server, ${record} record: ${addresses.length > 0 ? addresses.join(', ') : (error ?? 'no address')}`);
  }
  if (resolver !== undefined) {
    facts.push(resolver.servers.length === 0 ? 'no name server is configured' : `name servers asked: ${resolver.servers.join(', ')}`);
  }
  if (dns?.hostsFile.kind === 'measured' && dns.hostsFile.value.length === 0) facts.push('the hosts file does not name it');
  return facts;
}
