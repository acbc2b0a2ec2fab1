/** Where a way to another machine ends, when that is on this side of it. Pure. */
import type { Evidence } from './evidence.ts';
import type { Way } from './routes.ts';
import { interfaceOf, isMachineOnTap, isNextHopMissing, isTunnel } from './routes-view.ts';
import { interfaceWords } from './routes-words.ts';

/** Why no packet gets beyond this machine's own network. */
export interface EndOfWay {
  readonly kind: 'no-route' | 'refusing-route' | 'no-carrier' | 'no-gateway' | 'no-host';
  /** The entry, the interface or the next hop that it is about; empty without a route. */
  readonly where: string;
}

/** Where the way ends on this side of the next hop, as far as the routes tell. */
export function endOfWay(found: Evidence, way: Way | undefined): EndOfWay | undefined {
  if (way === undefined || way.route.kind !== 'measured') return undefined;
  const { kind, prefix, table, gateway } = way.route.value;
  if (kind === 'none') return { kind: 'no-route', where: '' };
  if (kind === 'blackhole' || kind === 'unreachable' || kind === 'prohibit') {
    const entry = table?.startsWith('rule ') === true ? `The policy ${table}` : `The route ${prefix ?? way.address}`;
    return { kind: 'refusing-route', where: `${entry} (${kind})` };
  }
  const by = interfaceOf(found, way);
  if (by === undefined || (isTunnel(by) && !isMachineOnTap(by, way))) return undefined;
  if (!by.up || by.carrier === false) return { kind: 'no-carrier', where: interfaceWords(by) };
  if (!isNextHopMissing(way)) return undefined;
  return gateway === null ? { kind: 'no-host', where: interfaceWords(by) } : { kind: 'no-gateway', where: gateway };
}
