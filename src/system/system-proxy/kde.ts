import { pathToFileURL } from 'node:url';
import type { SystemProxySettings } from '../../model/system-proxy.ts';
import { noProxy, readServer } from './settings.ts';

/** KDE's `kioslaverc`: the group "Proxy Settings" of an INI file. */
export function parseKioslaverc(text: string): SystemProxySettings {
  const group = /^\[Proxy Settings\](?:\[\$i\])?\r?\n([^]*?)(?=^\[|(?![^]))/m.exec(text)?.[1] ?? '';
  const values = new Map(
    [...group.matchAll(/^([^=\n[]+?)(?:\[\$\w+\])?=(.*?)\r?$/gm)].map(([, key = '', value = '']) => [key, value.trim()]),
  );
  const server = (key: string, port: number) => readServer(values.get(key) ?? '', port);
  const found = {
    ...noProxy('kde'),
    exceptions: (values.get('NoProxyFor') ?? '').split(/[\s,]+/).filter((entry) => entry !== ''),
    isReversed: values.get('ReversedException') === 'true',
  };
  switch (values.get('ProxyType')) {
    case '1': {
      const [http, https, socks] = [server('httpProxy', 80), server('httpsProxy', 80), server('socksProxy', 1080)];
      return { ...found, http, https, socks, mode: (http ?? https ?? socks) === null ? 'none' : 'manual' };
    }
    case '2': {
      const written = values.get('Proxy Config Script') || null;
      // The settings module writes a chosen file as a bare path.
      const script = written?.startsWith('/') ? pathToFileURL(written).href : written;
      return { ...found, script, mode: script === null ? 'none' : 'script' };
    }
    case '3':
      return { ...found, mode: 'discovery' };
    // 4 means the variables, which are looked at anyway.
    default:
      return found;
  }
}
