import { busyness } from '../system/busyness.ts';
import { SAME_SERVER_MS } from '../facts/budgets.ts';
import type { Evidence, HostGuardEvidence } from '../model/evidence.ts';
import { isReady } from '../model/view.ts';
import type { ProbeContext } from './context.ts';
import { handshakeAgain } from './route.ts';

/** The handshake once more with Host values that guards usually allow, and without Origin: what is then accepted was what was refused. */
export async function probeHostGuard(context: ProbeContext, evidence: Evidence): Promise<HostGuardEvidence> {
  const { url, headers } = context.request;
  const sentHost = headers['host'] ?? url.host;
  const sentOrigin = headers['origin'] ?? null;
  const { origin: _origin, host: _host, ...others } = headers;
  const suffix = url.port === '' ? '' : `:${url.port}`;
  const hosts = [`localhost${suffix}`, `127.0.0.1${suffix}`, `[::1]${suffix}`].filter((host) => host !== sentHost);
  const accepted = async (changed: Readonly<Record<string, string>>) => {
    const again = handshakeAgain(context, evidence, { headers: changed, limitMs: SAME_SERVER_MS * busyness(), tools: false });
    return again !== null && isReady(await again);
  };
  const [withoutOrigin, ...byHost] = await Promise.all([
    sentOrigin === null ? false : accepted({ ...others, host: sentHost }),
    ...hosts.map((host) => accepted({ ...others, host })),
  ]);
  return { sentHost, sentOrigin, acceptedHost: hosts[byHost.indexOf(true)] ?? null, acceptedWithoutOrigin: withoutOrigin };
}
