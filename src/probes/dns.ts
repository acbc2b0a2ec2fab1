import { DNS_LOOKUP_MS, DNS_QUERY_MS } from '../facts/budgets.ts';
import type { DnsEvidence, Evidence, ResolverEvidence } from '../model/evidence.ts';
import { askResolvers, lookupAll } from '../system/dns.ts';
import { hostsLines } from '../system/hosts-file.ts';
import type { ProbeContext } from './context.ts';

/** What the name means to this process, and what the hosts file says about it. */
export function probeDns(context: ProbeContext, { target }: Evidence): Promise<DnsEvidence> {
  return context.shared.once(`dns ${target.host}`, async () => {
    const [found, hostsFile] = await Promise.all([lookupAll(target.host, DNS_LOOKUP_MS, context.signal), hostsLines(target.host)]);
    return { ...found, hostsFile };
  });
}

/** What the configured name servers say by themselves. */
export function probeResolver(context: ProbeContext, { target }: Evidence): Promise<ResolverEvidence> {
  return context.shared.once(`resolver ${target.host}`, () => askResolvers(target.host, DNS_QUERY_MS));
}
