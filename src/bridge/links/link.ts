/**
 * A link is one living connection to a server: a session over Streamable HTTP, an event stream of the older HTTP+SSE, or a
 * child process. It carries messages unchanged and says of each what became of it; it never retries and never reconnects.
 * Whoever holds it does that, by opening the next link.
 */
import type { Envelope } from '../../wire/envelope.ts';

/** Why a link, or one message on it, failed. Facts, so that whoever words it can. */
export interface LinkFailure {
  readonly kind: /** Nothing accepts the connection (also: name not found, no route). */
    | 'unreachable'
    /** The connection broke or the event stream ended before the answer. */
    | 'broken'
    /** The server has no such session (any more). */
    | 'session-lost'
    /** Credentials are missing or were refused: 401, or 403 with a challenge. */
    | 'unauthorized'
    /** An HTTP answer that ends the exchange and is no JSON-RPC message. */
    | 'http'
    /** TLS could not be set up, the certificate included. */
    | 'tls'
    /** The child process ended, or could not be started. */
    | 'ended'
    /** What came back is not MCP. */
    | 'not-mcp'
    /** We closed the link. */
    | 'closed';
  /** errno, `HPE_…`, OpenSSL code or signal name; null without one. */
  readonly code: string | null;
  /** HTTP status, or the exit code of a child; null without one. */
  readonly status: number | null;
  /** One plain sentence part without secrets, for example `127.0.0.1:3000 refused the connection`. */
  readonly detail: string;
  /** Milliseconds after which the server asked to be asked again (`Retry-After`); null when it did not. */
  readonly retryAfterMs: number | null;
  /** The last lines of a child's standard error, secrets masked; empty elsewhere. */
  readonly lastLines: readonly string[];
}

/** What became of one message. */
export type Outcome =
  /** Requests: the response has been passed on. Notifications and responses: the server took it. */
  | { readonly kind: 'done' }
  /** The server never got it, or refused it unread: it may be sent again. */
  | { readonly kind: 'not-sent'; readonly why: LinkFailure }
  /** It was sent and no answer will come: it may have run. */
  | { readonly kind: 'unknown'; readonly why: LinkFailure };

export interface LinkListener {
  /**
   * A message of the server, in the order of its stream. `of` is the id (as {@link Envelope.id}) of the client's request on
   * whose stream it came, null for the link's own stream. A response comes here before its request is settled.
   */
  readonly onMessage: (message: Envelope, of: string | null) => void;
  /** The link as a whole is dead; told at most once, after everything sent on it has been settled. */
  readonly onLost: (why: LinkFailure) => void;
  /** The link's own stream was interrupted and is open again: what the server said in between nobody heard. */
  readonly onGap?: () => void;
}

export interface Link {
  /** Sends one message; resolves exactly once. Requests resolve when their response has been passed on. Never rejects. */
  send(message: Envelope): Promise<Outcome>;
  /**
   * The client takes no answer to this request any more. Over modern HTTP that closes the stream of the request, which is the
   * cancellation; everywhere else nothing happens, since `notifications/cancelled` is a message like any other.
   */
  abandon(id: string): void;
  /** Stops, and goes on, reading from the server: back-pressure. */
  pause(): void;
  resume(): void;
  /** Ends the session (DELETE) or the child with all its descendants; settles what is open; resolves within two seconds. */
  close(): Promise<void>;
}

/** Opens a link; never rejects. Aborting gives the attempt up. */
export type OpenLink = (listener: LinkListener, signal: AbortSignal) => Promise<OpenedLink>;

export type OpenedLink = { readonly kind: 'open'; readonly link: Link } | { readonly kind: 'failed'; readonly why: LinkFailure };

/** The failure of whatever was sent on a link that has been given up. */
export const GONE: LinkFailure = {
  kind: 'closed',
  code: null,
  status: null,
  detail: 'the connection was given up',
  retryAfterMs: null,
  lastLines: [],
};

/** How servers, and the proxies before them, say that they cannot answer now (RFC 9110, section 15.6; RFC 6585, section 4). */
export function isBusy(status: number | null): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}
