import type { DocumentPath } from '../../model/document.ts';
import { interpolate } from './interpolate.ts';
import type { PublishedPort } from './service.ts';

/** More ports than this in one range are no server's. */
const LONGEST_RANGE = 200;
const SHORT = /^(?:(\[[^\]]*\]|[\d.]*|[a-z][\w.-]*):)?(?:(\d+(?:-\d+)?)?:)?(\d+(?:-\d+)?)(?:\/(\w+))?$/i;

/** Ports of one entry of `ports`, short (`127.0.0.1:8080:3000/tcp`) or long; none when it cannot be told. */
export function readPort(entry: unknown, path: DocumentPath): readonly PublishedPort[] {
  if (typeof entry === 'number') return expand({ address: null, host: null, inner: String(entry), protocol: 'tcp', path, short: true });
  if (typeof entry === 'string') {
    const text = interpolate(entry);
    const [, address, host, inner = '', protocol = 'tcp'] = SHORT.exec(text ?? '') ?? [];
    if (inner === '') return [];
    // `8080:3000` has no address: what stands before the only colon is a port.
    const isPort = host === undefined && address !== undefined && /^\d+$/.test(address);
    const own = isPort || address === undefined || address === '' ? null : address.replace(/^\[|\]$/g, '');
    return expand({ address: own, host: isPort ? address : (host ?? null), inner, protocol, path, short: true });
  }
  if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) return [];
  const { target, published, host_ip: address, protocol } = entry as Readonly<Record<string, unknown>>;
  const inner = plain(target);
  return inner === null
    ? []
    : expand({ address: plain(address), host: plain(published), inner, protocol: plain(protocol) ?? 'tcp', path, short: false });
}

/** Ports of one entry of `expose`. */
export function readExposed(entry: unknown): readonly number[] {
  const [, first, protocol = 'tcp'] = /^(\d+)(?:\/(\w+))?$/.exec(plain(entry) ?? '') ?? [];
  return first === undefined || protocol !== 'tcp' ? [] : [Number(first)];
}

function plain(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? interpolate(value) : null;
}

interface Ranges extends Omit<PublishedPort, 'host' | 'inner'> {
  readonly host: string | null;
  readonly inner: string;
}

function expand({ host, inner, address, ...rest }: Ranges): readonly PublishedPort[] {
  const inners = rangeOf(inner);
  const hosts = host === null ? [] : rangeOf(host);
  const everywhere = address === null || address === '' || /^(?:0\.0\.0\.0|::)$/.test(address);
  // A range of host ports for one inner port means: any of them.
  const isFixed = hosts.length === inners.length;
  return inners.map((port, index) => ({
    ...rest,
    address: everywhere ? null : address,
    host: isFixed ? (hosts[index] ?? null) : null,
    inner: port,
  }));
}

function rangeOf(text: string): readonly number[] {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const length = Number(last) - Number(first) + 1;
  return length >= 1 && length <= LONGEST_RANGE ? Array.from({ length }, (_, index) => Number(first) + index) : [];
}
