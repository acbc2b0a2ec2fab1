import { isIP } from 'node:net';
import { ASSUMED_CLIENT_LIMIT_MS } from '../facts/budgets.ts';
import { UsageError } from '../model/errors.ts';
import { maskUrl } from '../model/redact.ts';
import type { HttpTarget } from '../model/target.ts';
import { canonicalAddress } from '../system/sockets/canonical.ts';
import { bareHost, portOf } from '../system/http.ts';
import type { DiagnoseOptions, TargetInput } from './options.ts';

/** A target with the parts that are sent and never shown. */
export interface ParsedTarget {
  readonly target: HttpTarget;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Variables of its own client; null for those of the run. */
  readonly environment: Readonly<Record<string, string | undefined>> | null;
  /** Every value that must not be shown. */
  readonly secrets: readonly string[];
}

const CREDENTIAL_HEADER = /^(?:authorization|proxy-authorization|cookie)$|key|token|secret|auth/;

/**
 * Reads an address as a user writes it.
 * @throws UsageError `missing-scheme`, `unsupported-scheme`, `invalid-port`, `invalid-url`.
 */
export function parseHttpTarget(text: string): URL {
  const shown = text.replace(/\/\/[^/@\s]*@/, '//***@').replace(/\?.*/, '?***');
  const scheme = text.match(/^([a-z][a-z0-9+.-]*):\/\//i)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    throw new UsageError('missing-scheme', `"${shown}" is no address with a scheme. Did you mean http://${shown.replace(/^\/+/, '')} ?`);
  }
  if (scheme !== 'http' && scheme !== 'https') {
    throw new UsageError('unsupported-scheme', `mcpreach does not speak ${scheme}: in "${shown}"; use http:// or https://.`);
  }
  const port = text.match(/^[a-z]+:\/\/[^/?#]*:(\d+)(?:[/?#]|$)/i)?.[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) {
    throw new UsageError('invalid-port', `Port ${port} in "${shown}" is not between 1 and 65535.`);
  }
  // The URL parser reads "http:///mcp" as host "mcp"; nobody means that.
  if (/^[a-z]+:\/\/(?:[/?#:]|$)/i.test(text)) throw new UsageError('invalid-url', `"${shown}" has no host.`);
  if (!URL.canParse(text)) throw new UsageError('invalid-url', `"${shown}" is not a valid URL.`);
  return new URL(text);
}

/** Everything about a target that is known before any probe. */
export function readTarget(input: TargetInput, options: DiagnoseOptions): ParsedTarget {
  const url = parseHttpTarget(input.url);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...options.headers, ...input.headers })) headers[name.toLowerCase()] = value;
  if ((url.username !== '' || url.password !== '') && headers['authorization'] === undefined) {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  const secrets = [url.username, url.password, ...url.searchParams.values(), ...Object.values(headers)].filter((one) => one !== '');
  const display = maskUrl(url);
  url.username = '';
  url.password = '';
  url.hash = '';
  const host = canonicalAddress(bareHost(url))?.address ?? bareHost(url);
  const kind = isIP(host);
  return {
    url,
    headers,
    environment: input.environment ?? null,
    secrets,
    target: {
      display,
      scheme: url.protocol === 'https:' ? 'https' : 'http',
      host,
      hostKind: kind === 4 ? 'ipv4' : kind === 6 ? 'ipv6' : 'name',
      port: portOf(url),
      path: url.pathname,
      transport: input.transport ?? null,
      name: input.name ?? null,
      client: input.client ?? null,
      limitMs: input.client?.startupLimitMs ?? ASSUMED_CLIENT_LIMIT_MS,
      sendsCredentials:
        Object.keys(headers).some((name) => CREDENTIAL_HEADER.test(name)) ||
        (url.search.length > 1 && [...url.searchParams.keys()].some((key) => CREDENTIAL_HEADER.test(key.toLowerCase()))),
      headerNames: Object.keys(headers),
    },
  };
}
