import { UsageError } from '../model/errors.ts';
import { now } from '../system/clock.ts';
import { type ReadyCheck, readiness } from './ready-check.ts';

/** One check asks its dependencies; probes of Kubernetes and Compose wait for 1 s to 30 s. */
const TIMEOUT_MS = 3000;

/** Several probes a second cost no more than one check a second. */
const CACHE_MS = 1000;

const JSON_TYPE = 'application/json; charset=utf-8';

/** The media type under which Prometheus reads metrics as OpenMetrics. */
const METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

export interface HealthOptions {
  /** How long one check may take, in milliseconds. Default: 3000. */
  readonly timeoutMs?: number;
  /** How long an answer is given again without a new check, in milliseconds; 0 turns it off. Default: 1000. */
  readonly cacheMs?: number;
  /** Default: `/health`. */
  readonly healthPath?: string;
  /** Default: `/ready`. */
  readonly readyPath?: string;
  /** Writes the body of `/metrics` in the OpenMetrics format. Without it that path is not answered. */
  readonly metrics?: () => string | Promise<string>;
  /** Default: `/metrics`. */
  readonly metricsPath?: string;
  /** Told what `check` or `metrics` threw; answers never show it. */
  readonly onError?: (error: unknown) => void;
}

/** Answers the requests that are about health, and no others. */
export type HealthHandler = (request: Request) => Promise<Response | undefined>;

/**
 * Makes a web-standard handler for `/health` (200 as long as this process answers), `/ready` (200, or 503 with the
 * reason) and, on request, `/metrics`. The check runs one at a time, bounded by time, and its answer is kept briefly, so
 * that many probes do no harm. Errors that the check throws are answered by their code alone.
 *
 * @param check returns nothing or true when the server can do its work; false, `{ ready: false, reason }` or an
 *   exception when not. Its signal is aborted after `timeoutMs`.
 * @returns a handler that answers undefined for every request that is not its own; it never rejects
 * @throws UsageError `invalid-timeout` for a time that is no positive number
 * @example
 * ```js
 * import { healthRoutes } from 'mcpreach';
 *
 * const database = { connected: false };
 * const health = healthRoutes(() => ({ ready: database.connected, reason: 'The database is not connected yet.' }));
 * const answer = await health(new Request('http://localhost/ready'));
 * console.log(answer.status, await answer.text());
 * ```
 */
export function healthRoutes(check: ReadyCheck, options: HealthOptions = {}): HealthHandler {
  const { timeoutMs = TIMEOUT_MS, cacheMs = CACHE_MS, metrics } = options;
  if (!(timeoutMs > 0)) throw new UsageError('invalid-timeout', `timeoutMs is ${timeoutMs}; it must be a number of milliseconds above 0.`);
  if (!(cacheMs >= 0)) throw new UsageError('invalid-timeout', `cacheMs is ${cacheMs}; it must be a number of milliseconds.`);
  const started = now();
  const onError = (error: unknown) => {
    try {
      options.onError?.(error);
    } catch {
      // A logger that fails must not make a healthy server look dead.
    }
  };
  const ask = readiness(check, { timeoutMs, cacheMs, onError });
  const routes = new Map<string, () => Promise<Response>>([
    [options.healthPath ?? '/health', async () => json(200, { status: 'ok', uptimeSeconds: Math.floor((now() - started) / 1000) })],
    [
      options.readyPath ?? '/ready',
      async () => {
        const { ready, reason } = await ask();
        return ready ? json(200, { status: 'ready' }) : json(503, { status: 'not-ready', reason });
      },
    ],
  ]);
  if (metrics !== undefined) {
    routes.set(options.metricsPath ?? '/metrics', async () => {
      try {
        return answer(200, METRICS_TYPE, await metrics());
      } catch (error) {
        onError(error);
        return json(500, { status: 'failed', reason: 'The metrics could not be written.' });
      }
    });
  }
  return async (request) => {
    const route = routes.get(new URL(request.url).pathname);
    if (route === undefined) return undefined;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return new Response(null, { status: 405, headers: { allow: 'GET, HEAD', 'cache-control': 'no-store' } });
    }
    const response = await route();
    return request.method === 'HEAD' ? new Response(null, response) : response;
  };
}

function json(status: number, body: object): Response {
  return answer(status, JSON_TYPE, `${JSON.stringify(body)}\n`);
}

/** A health answer from a cache would be a lie. */
function answer(status: number, type: string, body: string): Response {
  return new Response(body, { status, headers: { 'content-type': type, 'cache-control': 'no-store' } });
}
