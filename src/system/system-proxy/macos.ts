import type { SystemProxySettings } from '../../model/system-proxy.ts';
import { noProxy, readServer } from './settings.ts';

/** What `scutil --proxy` prints: a dictionary of one entry a line, lists in braces of their own. */
export function parseScutil(text: string): SystemProxySettings {
  const values = new Map([...text.matchAll(/^\s*([A-Za-z]+) : (.*)$/gm)].map(([, key = '', value = '']) => [key, value.trim()]));
  const list = /ExceptionsList : <array> \{([^}]*)\}/.exec(text)?.[1] ?? '';
  const isOn = (key: string) => values.get(key) === '1';
  // The fields of a proxy stay when it is switched off.
  const server = (kind: 'HTTP' | 'HTTPS' | 'SOCKS', port: number) =>
    isOn(`${kind}Enable`) ? readServer(`${values.get(`${kind}Proxy`) ?? ''}:${values.get(`${kind}Port`) ?? port}`, port) : null;
  const found = {
    ...noProxy('macos'),
    http: server('HTTP', 80),
    https: server('HTTPS', 443),
    socks: server('SOCKS', 1080),
    exceptions: [...list.matchAll(/^\s*\d+ : (.*)$/gm)].map(([, entry = '']) => entry.trim()),
    exemptsSimpleNames: isOn('ExcludeSimpleHostnames'),
    script: isOn('ProxyAutoConfigEnable') ? (values.get('ProxyAutoConfigURLString') ?? null) : null,
  };
  // The order in which the system asks them.
  if (isOn('ProxyAutoDiscoveryEnable')) return { ...found, mode: 'discovery' };
  if (found.script !== null) return { ...found, mode: 'script' };
  return { ...found, mode: (found.http ?? found.https ?? found.socks) === null ? 'none' : 'manual' };
}
