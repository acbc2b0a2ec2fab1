import { rootCertificates } from 'node:tls';
import type { TrustResult } from '../model/evidence.ts';
import { readRoots, systemRoots } from '../system/trusted-roots.ts';
import type { ProbeContext } from './context.ts';

export interface Trust {
  /** Roots to verify with, in PEM; undefined for Node's own (which include NODE_EXTRA_CA_CERTS of this process). */
  readonly roots: readonly string[] | undefined;
}

/** One collection of trusted roots, in PEM; `roots` is null when the file has none that can be read. */
export interface Store {
  readonly store: TrustResult['store'];
  readonly file: string | null;
  readonly roots: readonly string[] | null;
}

/** The roots that count as the client's: Node's, NODE_EXTRA_CA_CERTS of its environment, and the file given with `--ca`. */
export function trustedRoots(context: Pick<ProbeContext, 'request' | 'shared'>): Promise<Trust> {
  const { caFile, environment } = context.request;
  const extraFile = environment['NODE_EXTRA_CA_CERTS'] || null;
  return context.shared.once(`trust ${caFile ?? ''} ${extraFile ?? ''}`, async () => {
    if (caFile === null && extraFile === (process.env['NODE_EXTRA_CA_CERTS'] || null)) return { roots: undefined };
    const added = await Promise.all([extraFile, caFile].filter((file) => file !== null).map(readRoots));
    return { roots: [...rootCertificates, ...added.flatMap((roots) => roots ?? [])] };
  });
}

/** Every collection that could vouch for a server: first what the client uses taken together, then each source by itself. */
export function trustStores(context: ProbeContext): Promise<readonly Store[]> {
  const { caFile, environment } = context.request;
  const extraFile = environment['NODE_EXTRA_CA_CERTS'] || null;
  return context.shared.once(`stores ${caFile ?? ''} ${extraFile ?? ''}`, async () => {
    const read = async (file: string | null) => (file === null ? null : readRoots(file));
    const [system, extra, option] = await Promise.all([systemRoots(), read(extraFile), read(caFile)]);
    return [
      { store: 'node', file: null, roots: [...rootCertificates, ...(extra ?? []), ...(option ?? [])] },
      ...(system === null ? [] : [{ store: 'system' as const, ...system }]),
      ...(extraFile === null ? [] : [{ store: 'node-extra-ca-certs' as const, file: extraFile, roots: extra }]),
      ...(caFile === null ? [] : [{ store: 'option-ca' as const, file: caFile, roots: option }]),
    ];
  });
}
