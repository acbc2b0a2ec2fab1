/** Every duration the doctor decides by, in milliseconds, each with the reason for its number. */

/** Linux sends SYN again after 1 s and 3 s: an address that is silent for 4 s swallowed three of them. */
export const TCP_CONNECT_MS = 4000;

/** glibc asks each name server for 5 s; past that the first answer is lost and clients have begun to give up. */
export const DNS_LOOKUP_MS = 6000;

/** One direct question to one name server; on a healthy network the answer takes under 100 ms. */
export const DNS_QUERY_MS = 1500;

/** A TLS handshake is two round trips; servers that need longer are busy or not speaking TLS. */
export const TLS_HANDSHAKE_MS = 8000;

/** The limit assumed for a bare URL: between OpenCode's 5 s and the 30 s of Claude Code and Codex; Crush waits 10 s. */
export const ASSUMED_CLIENT_LIMIT_MS = 10_000;

/** OpenCode's start-up limit, the shortest known: slower than this fails for somebody. */
export const SHORTEST_CLIENT_LIMIT_MS = 5000;

/** Start-up limits of clients that are known to give up, shortest first, in milliseconds (their sources and documentation, 2026). */
export const CLIENT_LIMITS = [
  { client: 'OpenCode', ms: 5000 },
  { client: 'Crush', ms: 10_000 },
  { client: 'Continue', ms: 20_000 },
  { client: 'Codex', ms: 30_000 },
  { client: 'Claude Code', ms: 30_000 },
] as const;

/** The contract's bounds for one answer: three times the client's limit, but at least and at most this. */
export const ANSWER_AT_LEAST_MS = 15_000;
export const ANSWER_AT_MOST_MS = 40_000;

/** How long to wait for the answer of the universal probe before the legacy handshake is tried beside it. */
export const HEDGE_MS = 2000;

/** An HTTP+SSE server sends its `endpoint` event at once; a stream silent for 2 s is something else. */
export const SSE_FIRST_EVENT_MS = 2000;

/** Servers that speak first (ssh, mysql, smtp) do so within a round trip; 300 ms covers busy ones. */
export const PEEK_MS = 300;

/** A neighbour on this machine that speaks MCP answers within tens of milliseconds; the silent cost this much. A busy machine is given more. */
export const NEIGHBOUR_MS = 800;

/** Other paths and Host values of a server that has just answered: it will answer these as well, all at once. A busy machine is given more. */
export const SAME_SERVER_MS = 3000;

/** Ending a session must not hold up the result. */
export const SESSION_END_MS = 2000;

/** How long a refused local address is watched by default: most servers are up after two to three seconds. */
export const PATIENCE_MS = 5000;

/** How often a refused local address is tried again while it is watched. */
export const PATIENCE_INTERVAL_MS = 50;

/** Dialling once more while an interface counts: the first SYN and its repetition after 1 s fall into it. */
export const ROUTE_REDIAL_MS = 1300;

/** One request over another interface, TLS included: a way that works answers within tens of milliseconds. */
export const DETOUR_MS = 1800;

/** How long a request of any length may stay without an answer when shorter ones are answered: three repetitions of a lost packet. */
export const SIZE_TRIAL_MS = 2000;

/** A connection of a process to itself needs no packet to leave the machine: what is not there after this is held back. */
export const OWN_CONNECTION_MS = 1000;
/** One more SYN for a packet filter's counter: it is counted, or answered, at once; the first repetition comes after 1 s. */
export const FILTER_ATTEMPT_MS = 600;
