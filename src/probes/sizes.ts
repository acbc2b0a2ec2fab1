import { SIZE_TRIAL_MS } from '../facts/budgets.ts';
import type { Address, Evidence } from '../model/evidence.ts';
import type { SizeTrial } from '../model/routes.ts';
import { now } from '../system/clock.ts';
import { listen } from '../system/peek.ts';
import type { ProbeContext } from './context.ts';

/**
 * Lengths of the first packet's content. The shortest fits every link (RFC 791 asks for 576 bytes, headers included); with headers
 * of 40 to 72 bytes the others lie around IPv6's least (1280), what tunnels leave (1300 to 1420) and Ethernet (1500). The last
 * fills whole packets.
 */
const SIZES = [200, 1000, 1160, 1240, 1320, 1380, 1420, 4000] as const;

/**
 * The same open port asked with requests of several lengths, all at once. Whatever comes back counts, a refusal too: servers of
 * HTTP and of TLS say something to a HEAD request, and only a network tells its lengths apart.
 */
export function probeSizes({ signal }: ProbeContext, { target }: Evidence, { address }: Address): Promise<readonly SizeTrial[]> {
  return Promise.all(
    SIZES.map(async (bytes) => {
      const started = now();
      const heard = await listen(address, target.port, requestOf(target.host, bytes), SIZE_TRIAL_MS, signal);
      return { bytes, answered: heard.bytes.length > 0 || heard.closed, ms: now() - started };
    }),
  );
}

function requestOf(host: string, bytes: number): string {
  const start = `HEAD / HTTP/1.1\r\nHost: ${host.includes(':') ? `[${host}]` : host}\r\nConnection: close\r\nX-Filler: `;
  const end = '\r\n\r\n';
  return `${start}${'x'.repeat(Math.max(1, bytes - start.length - end.length))}${end}`;
}
