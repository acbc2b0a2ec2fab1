import type { VariableChoice, ProxyReader } from '../../model/proxy.ts';
import type { ProxyEndpoint } from './endpoint.ts';
import { showEndpoint } from './endpoint.ts';

/** Variables as a process sees them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable with its value, as one reader picked it. */
export interface Setting {
  readonly variable: string;
  readonly value: string;
}

/** How one program reads the proxy variables; every member is pure. */
export interface ProxyRule {
  readonly reader: ProxyReader;
  /** Why this program looks at no variable at all. */
  readonly silence?: string;
  /** Whether it asks for a tunnel (CONNECT) to plain http targets as well. */
  readonly tunnelsHttp: boolean;
  /** The variable that names the proxy for this URL. */
  proxyFor(url: URL, environment: Environment): Setting | null;
  /** The variable with the exceptions. */
  noProxy(environment: Environment): Setting | null;
  /** The entry of the list that exempts this URL. */
  exemptedBy(url: URL, list: string): string | null;
  /** The proxy a value means; null when the program refuses the value. */
  parse(value: string, url: URL): ProxyEndpoint | null;
  /** How this URL's host is written in the list. */
  entryFor(url: URL): string;
  /** A setting that stops the program before it makes any request, whatever the URL. */
  stoppedBy?(environment: Environment): Setting | null;
  /** Hosts that are dialled directly without being listed. */
  neverProxied?(url: URL): boolean;
}

/** What the program does with this URL, with the proxy as an endpoint. */
export function decide(rule: ProxyRule, url: URL, environment: Environment): { choice: VariableChoice; endpoint: ProxyEndpoint | null } {
  const direct = (variable: string | null, why: string) => ({
    choice: { reader: rule.reader, proxy: null, variable, why },
    endpoint: null,
  });
  // The value may hold a password, so the reason names the variable only.
  const unusable = ({ variable }: Setting) => {
    const why = `the value of ${variable} is not usable here`;
    return { choice: { reader: rule.reader, proxy: null, variable, why, unusable: true as const }, endpoint: null };
  };

  if (rule.silence !== undefined) return direct(null, rule.silence);
  const stop = rule.stoppedBy?.(environment);
  if (stop) return unusable(stop);
  const setting = rule.proxyFor(url, environment);
  if (setting === null) return direct(null, 'no proxy variable applies');
  if (rule.neverProxied?.(url)) return direct(null, 'this machine itself is never reached through a proxy');
  const list = rule.noProxy(environment);
  const entry = list && rule.exemptedBy(url, list.value);
  if (list && entry !== null) return direct(list.variable, `${list.variable} lists ${entry}`);
  const endpoint = rule.parse(setting.value, url);
  if (endpoint === null) return unusable(setting);

  const { variable } = setting;
  const choice = { reader: rule.reader, proxy: showEndpoint(endpoint), variable, why: `${variable} is set` };
  return { choice: url.protocol === 'http:' && rule.tunnelsHttp ? { ...choice, tunnel: true as const } : choice, endpoint };
}

/**
 * The NO_PROXY setting with which the program dials this URL directly: what is listed already, and the host in the form
 * this program understands. Null when it already goes direct, or when no list can make it.
 */
export function bypassFor(rule: ProxyRule, url: URL, environment: Environment): Setting | null {
  if (decide(rule, url, environment).endpoint === null) return null;
  const list = rule.noProxy(environment);
  // An empty lower-case variable hides the upper-case one from some programs, so it is the one to fill.
  const variable = list?.variable ?? (environment['no_proxy'] === undefined ? 'NO_PROXY' : 'no_proxy');
  // Commas throughout: many programs do not split at blanks, and newer curls stop at them.
  const entries = (list?.value ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  const value = [...entries, rule.entryFor(url)].join(',');
  const { choice } = decide(rule, url, { ...environment, [variable]: value });
  return choice.proxy === null && !choice.unusable ? { variable, value } : null;
}
