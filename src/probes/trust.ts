import { rootCertificates } from 'node:tls';
import { readPem } from '../system/files.ts';
import type { ProbeContext } from './context.ts';

export interface Trust {
  /** Roots to verify with; undefined for Node's own (which include NODE_EXTRA_CA_CERTS of this process). */
  readonly roots: readonly string[] | undefined;
  readonly extraFile: string | null;
}

/** The roots that count as the client's: Node's, NODE_EXTRA_CA_CERTS of its environment, and the file given with `--ca`. */
export function trustedRoots(context: ProbeContext): Promise<Trust> {
  const { caFile, environment } = context.request;
  const extraFile = environment['NODE_EXTRA_CA_CERTS'] || null;
  return context.shared.once(`trust ${caFile ?? ''} ${extraFile ?? ''}`, async () => {
    if (caFile === null && extraFile === (process.env['NODE_EXTRA_CA_CERTS'] || null)) return { roots: undefined, extraFile };
    const files = [extraFile, caFile].filter((file) => file !== null);
    const pems = await Promise.all(files.map(readPem));
    return { roots: [...rootCertificates, ...pems.filter((pem) => pem !== null)], extraFile };
  });
}
