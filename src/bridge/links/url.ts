import type { Envelope } from '../../wire/envelope.ts';
import { openHttpLink } from './http.ts';
import type { Link, OpenLink, Outcome } from './link.ts';
import type { WayOptions } from './route.ts';
import { openSseLink } from './sse.ts';

export interface UrlLinkOptions extends WayOptions {
  /** The configured transport; null: Streamable HTTP, and HTTP+SSE where the first answer leaves room for it. */
  readonly transport: 'http' | 'sse' | null;
}

/** Answers that an HTTP+SSE server gives to a POST on the address of its stream. */
const MAYBE_SSE: ReadonlySet<number> = new Set([400, 404, 405, 406, 410]);

/** Opens links to an address by whichever transport it speaks; what was found out holds for the next link. */
export function openUrlLink(options: UrlLinkOptions): OpenLink {
  const http = openHttpLink(options);
  const sse = openSseLink(options);
  let known = options.transport;
  return async (listener, signal) => {
    if (known !== null) return (known === 'http' ? http : sse)(listener, signal);
    const first = await http(listener, signal);
    if (first.kind === 'failed') return first;
    return {
      kind: 'open',
      link: undecided(first.link, async () => {
        const second = await sse(listener, signal);
        if (second.kind === 'open') known = 'sse';
        return second.kind === 'open' ? second.link : null;
      }),
    };
  };
}

/** A link that becomes another one when the server declines the first handshake as an HTTP+SSE server would. */
function undecided(first: Link, openOther: () => Promise<Link | null>): Link {
  let link = first;
  let isDecided = false;

  async function send(message: Envelope): Promise<Outcome> {
    const outcome = await link.send(message);
    if (isDecided || message.method !== 'initialize') return outcome;
    isDecided = true;
    if (outcome.kind !== 'not-sent' || !MAYBE_SSE.has(outcome.why.status ?? 0)) return outcome;
    const other = await openOther();
    if (other === null) return outcome;
    void link.close();
    link = other;
    return link.send(message);
  }

  return {
    send,
    abandon: (id) => link.abandon(id),
    pause: () => link.pause(),
    resume: () => link.resume(),
    close: () => link.close(),
  };
}
