import type { SystemProxySettings } from '../../model/system-proxy.ts';
import { noProxy, readServer } from './settings.ts';

/** What `reg query` prints of the key Internet Settings: name, type and value of one entry a line; the words of other languages are not read. */
export function parseInternetSettings(text: string): SystemProxySettings {
  // Subkeys follow after the values of the key itself; the pattern leaves their lines out.
  const values = new Map(
    [...text.matchAll(/^ {4}(\S.*?) {4}REG_(?:SZ|EXPAND_SZ|DWORD) {4}(.*?)\r?$/gm)].map(([, name = '', value = '']) => [
      name,
      value.trim(),
    ]),
  );
  const isOn = (name: string) => Number(values.get(name) ?? 0) === 1;
  const servers = isOn('ProxyEnable') ? serversOf(values.get('ProxyServer') ?? '') : new Map<string, string>();
  const server = (scheme: string, port: number) => readServer(servers.get(scheme) ?? servers.get('') ?? '', port);
  const socks = servers.get('socks');
  const list = (values.get('ProxyOverride') ?? '').split(/[;\s]+/).filter((entry) => entry !== '');
  const found = {
    ...noProxy('windows'),
    http: server('http', 80),
    https: server('https', 80),
    socks: socks === undefined ? null : readServer(socks, 1080),
    exceptions: list.filter((entry) => entry.toLowerCase() !== '<local>'),
    exemptsSimpleNames: list.some((entry) => entry.toLowerCase() === '<local>'),
    script: values.get('AutoConfigURL') || null,
  };
  if (found.script !== null) return { ...found, mode: 'script' };
  if ((found.http ?? found.https ?? found.socks) !== null) return { ...found, mode: 'manual' };
  return { ...found, mode: isOn('AutoDetect') ? 'discovery' : 'none' };
}

/** `host:port` for everything, or `http=host:port;https=host:port`. */
function serversOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(';').map((part) => {
      const [, scheme = '', server = ''] = /^\s*(?:(http|https|ftp|socks)=)?(.*)$/i.exec(part) ?? [];
      return [scheme.toLowerCase(), server.trim()];
    }),
  );
}
