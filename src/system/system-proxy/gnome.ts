import type { SystemProxySettings } from '../../model/system-proxy.ts';
import { noProxy, readServer } from './settings.ts';

/** What `gsettings list-recursively org.gnome.system.proxy` prints: schema, key and value in GVariant's text form. */
export function parseGsettings(text: string): SystemProxySettings {
  const values = new Map(
    [...text.matchAll(/^org\.gnome\.system\.proxy(?:\.(\w+))? ([\w-]+) (.*)$/gm)].map(([, child = '', key = '', value = '']) => [
      child === '' ? key : `${child} ${key}`,
      value,
    ]),
  );
  const word = (key: string) => strings(values.get(key) ?? '')[0] ?? '';
  const server = (kind: 'http' | 'https' | 'socks') => {
    const host = word(`${kind} host`);
    const port = Number(/\d+$/.exec(values.get(`${kind} port`) ?? '')?.[0] ?? 0);
    // Port 0 is how "not set" is stored.
    return host === '' || port === 0 ? null : readServer(host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`, port);
  };
  const found = { ...noProxy('gnome'), exceptions: strings(values.get('ignore-hosts') ?? '') };
  switch (word('mode')) {
    case 'manual': {
      const [http, https, socks] = [server('http'), server('https'), server('socks')];
      return { ...found, http, https, socks, mode: (http ?? https ?? socks) === null ? 'none' : 'manual' };
    }
    case 'auto': {
      const script = word('autoconfig-url') || null;
      return { ...found, script, mode: script === null ? 'discovery' : 'script' };
    }
    default:
      return found;
  }
}

/** The strings of a value, be it one or an array; `@as []` is the empty one. */
function strings(value: string): readonly string[] {
  return [...value.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)].map(([, single, double]) =>
    (single ?? double ?? '').replace(/\\(.)/g, '$1'),
  );
}
