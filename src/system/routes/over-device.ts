import { isIPv6 } from 'node:net';
import { runTool } from '../processes/run-tool.ts';

/** One request over a chosen interface. */
export interface DeviceRequest {
  readonly device: string;
  readonly url: URL;
  /** Dialled instead of the URL's host. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

/** How far it came. */
export interface DeviceAnswer {
  readonly connected: boolean;
  readonly body: string;
}

/** curl's exit code when it may not, or cannot, use the interface. */
const INTERFACE_REFUSED = 45;

/**
 * Sends a request by one interface whatever the routes say. Linux lets every user bind a socket to a device (since 5.7),
 * but Node has no call for it: curl has. Null when that could not be tried.
 */
export async function requestOverDevice(request: DeviceRequest, signal: AbortSignal): Promise<DeviceAnswer | null> {
  const said = await runTool('curl', ['--disable', '--config', '-'], signal, configOf(request));
  if (said.kind === 'failed' || said.code === INTERFACE_REFUSED) return null;
  const text = said.stdout.toString();
  const end = text.lastIndexOf('\n');
  // Zero until the connection is made.
  const connected = Number(text.slice(end + 1)) > 0;
  return { connected, body: text.slice(0, Math.max(0, end)) };
}

/** The URL may hold a secret, and a command line is open to everybody: all of it goes in as a config file. */
function configOf({ device, url, address, headers, body, timeoutMs }: DeviceRequest): string {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  const lines: readonly (readonly [string, string])[] = [
    ['url', bare.href],
    ['interface', `if!${device}`],
    ['connect-to', `::${isIPv6(address) ? `[${address}]` : address}:${port}`],
    ['noproxy', '*'],
    ['max-time', (timeoutMs / 1000).toFixed(1)],
    ['request', 'POST'],
    ...Object.entries(headers).map(([name, value]) => ['header', `${name}: ${value}`] as const),
    ['data-raw', body],
    ['write-out', '\n%{time_connect}'],
  ];
  return `silent\n${lines.map(([name, value]) => `${name} = "${escaped(value)}"`).join('\n')}\n`;
}

/** curl's config files know these escapes between quotes. */
function escaped(value: string): string {
  return value.replace(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
}
