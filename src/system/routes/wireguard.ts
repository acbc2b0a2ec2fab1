import type { Address, Family, Measured } from '../../model/evidence.ts';
import type { WireguardPeer } from '../../model/routes.ts';
import { today } from '../clock.ts';
import { runTool } from '../processes/run-tool.ts';
import { parsePrefix, prefixCovers } from './prefix.ts';

/** What WireGuard's own tool says about the peer for an address. It may be asked by root only; keys are not part of the answer. */
export async function readWireguardPeer(device: string, address: Address, signal: AbortSignal): Promise<Measured<WireguardPeer>> {
  const ask = (what: string) => runTool('wg', ['show', device, what], signal);
  const [allowed, heard, endpoints] = await Promise.all([ask('allowed-ips'), ask('latest-handshakes'), ask('endpoints')]);
  if (allowed.kind === 'failed') return { kind: 'not-measured', why: allowed.why };
  if (allowed.code !== 0 || heard.kind === 'failed' || endpoints.kind === 'failed')
    return { kind: 'not-measured', why: `only root may ask WireGuard for its peers: sudo wg show ${device}` };
  const [allowedText, heardText, endpointText] = [allowed, heard, endpoints].map(({ stdout }) => stdout.toString());
  const value = peerFor(address, { allowed: allowedText ?? '', heard: heardText ?? '', endpoints: endpointText ?? '' }, today());
  return { kind: 'measured', value };
}

/** The three lists of `wg show NAME`, each with a peer's key, a tab and the answer on a line. */
export interface PeerLists {
  readonly allowed: string;
  readonly heard: string;
  readonly endpoints: string;
}

/** The peer with the longest allowed prefix for an address, which is how WireGuard itself chooses. Pure. */
export function peerFor({ address, family }: Address, lists: PeerLists, now: Date): WireguardPeer {
  const candidates = rowsOf(lists.allowed).flatMap(([key, text]) =>
    text.split(' ').flatMap((one) => {
      const prefix = parsePrefix(one, family satisfies Family);
      return prefix !== null && prefixCovers(prefix, address) ? [{ key, length: prefix.length }] : [];
    }),
  );
  const [best] = candidates.sort((a, b) => b.length - a.length);
  if (best === undefined) return { kind: 'none' };
  const find = (text: string) => rowsOf(text).find(([key]) => key === best.key)?.[1] ?? '';
  const seconds = Number(find(lists.heard));
  const endpoint = find(lists.endpoints);
  return {
    kind: 'peer',
    endpoint: endpoint === '' || endpoint === '(none)' ? null : endpoint,
    heardSecondsAgo: seconds > 0 ? Math.max(0, Math.round(now.getTime() / 1000 - seconds)) : null,
  };
}

function rowsOf(text: string): readonly (readonly [string, string])[] {
  return text.split('\n').flatMap((line) => {
    const [key = '', value] = line.split('\t');
    return value === undefined ? [] : [[key, value.trim()] as const];
  });
}
