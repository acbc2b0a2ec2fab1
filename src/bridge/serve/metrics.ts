/** Counts what `/metrics` tells, in the OpenMetrics text format (openmetrics.io, version 1.0). */

/** Upper bounds in seconds: from a local echo to the longest call a client waits for. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

/** Method names come from clients; past this many they are counted as `other`, so that nobody can fill our memory with names. */
const MOST_METHODS = 60;

export type RequestOutcome = 'result' | 'error' | 'refused' | 'abandoned';

export interface Gauges {
  readonly sessions: number;
  readonly children: number;
}

export interface Metrics {
  request(method: string, outcome: RequestOutcome, seconds: number): void;
  /** A request that never became a message: its HTTP status. */
  rejected(status: number): void;
  bytes(direction: 'in' | 'out', count: number): void;
  sessionOpened(): void;
  sessionEnded(reason: SessionEnd): void;
  childStarted(): void;
  /** A start after an end that nobody asked for; counted as a start as well. */
  childRestarted(): void;
  render(gauges: Gauges): string;
}

export type SessionEnd = 'deleted' | 'idle' | 'client-gone' | 'child-ended' | 'shutdown';

interface Histogram {
  readonly counts: number[];
  sum: number;
  total: number;
}

export function createMetrics(): Metrics {
  const requests = new Map<string, Map<RequestOutcome, number>>();
  const rejections = new Map<number, number>();
  const ends = new Map<SessionEnd, number>();
  const latency: Histogram = { counts: BUCKETS.map(() => 0), sum: 0, total: 0 };
  const bytes = { in: 0, out: 0 };
  let opened = 0;
  let started = 0;
  let restarted = 0;

  function methodName(method: string): string {
    return requests.has(method) || (requests.size < MOST_METHODS && method.length <= 100) ? method : 'other';
  }

  return {
    request(method, outcome, seconds) {
      const name = methodName(method);
      const counts = requests.get(name) ?? new Map<RequestOutcome, number>();
      requests.set(name, counts);
      increase(counts, outcome);
      latency.sum += seconds;
      latency.total += 1;
      const bucket = BUCKETS.findIndex((bound) => seconds <= bound);
      if (bucket >= 0) latency.counts[bucket] = (latency.counts[bucket] ?? 0) + 1;
    },
    rejected: (status) => increase(rejections, status),
    bytes(direction, count) {
      bytes[direction] += count;
    },
    sessionOpened() {
      opened += 1;
    },
    sessionEnded: (reason) => increase(ends, reason),
    childStarted() {
      started += 1;
    },
    childRestarted() {
      restarted += 1;
    },
    render({ sessions, children }) {
      let below = 0;
      const buckets = BUCKETS.map((bound, index) => {
        below += latency.counts[index] ?? 0;
        return `mcpreach_request_duration_seconds_bucket{le="${bound}"} ${below}`;
      });
      return [
        ...family('sessions', 'gauge', 'Sessions that are open.', [`mcpreach_sessions ${sessions}`]),
        ...family('children', 'gauge', 'Processes of the served command that run, without their descendants.', [
          `mcpreach_children ${children}`,
        ]),
        ...family('sessions_opened', 'counter', 'Sessions opened.', [`mcpreach_sessions_opened_total ${opened}`]),
        ...family(
          'sessions_ended',
          'counter',
          'Sessions ended, by reason.',
          [...ends].map(([reason, count]) => `mcpreach_sessions_ended_total{reason="${reason}"} ${count}`),
        ),
        ...family('child_starts', 'counter', 'Starts of the served command.', [`mcpreach_child_starts_total ${started}`]),
        ...family('child_restarts', 'counter', 'Starts after an end that nobody asked for.', [
          `mcpreach_child_restarts_total ${restarted}`,
        ]),
        ...family(
          'requests',
          'counter',
          'JSON-RPC requests of clients, by method and outcome.',
          [...requests].flatMap(([method, counts]) =>
            [...counts].map(([outcome, count]) => `mcpreach_requests_total{method="${escapeLabel(method)}",outcome="${outcome}"} ${count}`),
          ),
        ),
        ...family(
          'rejections',
          'counter',
          'HTTP requests turned away before their message was passed on, by status.',
          [...rejections].map(([status, count]) => `mcpreach_rejections_total{status="${status}"} ${count}`),
        ),
        ...family('request_duration_seconds', 'histogram', 'Time from a request to its answer.', [
          ...buckets,
          `mcpreach_request_duration_seconds_bucket{le="+Inf"} ${latency.total}`,
          `mcpreach_request_duration_seconds_count ${latency.total}`,
          `mcpreach_request_duration_seconds_sum ${latency.sum.toFixed(6)}`,
        ]),
        ...family('message_bytes', 'counter', 'Bytes of messages from (in) and to (out) clients.', [
          `mcpreach_message_bytes_total{direction="in"} ${bytes.in}`,
          `mcpreach_message_bytes_total{direction="out"} ${bytes.out}`,
        ]),
        '# EOF',
        '',
      ].join('\n');
    },
  };
}

function family(name: string, type: string, help: string, samples: readonly string[]): readonly string[] {
  return [`# TYPE mcpreach_${name} ${type}`, `# HELP mcpreach_${name} ${help}`, ...samples];
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function increase<K>(map: Map<K, number>, key: K): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
