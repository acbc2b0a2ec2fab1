import type { PathsEvidence } from '../model/evidence.ts';

/** Marks by which well-known programs give themselves away on their start page. */
const PRODUCTS: readonly { readonly product: string; readonly header?: readonly [string, RegExp]; readonly page?: RegExp }[] = [
  { product: 'a Vite dev server', page: /\/@vite\/client/ },
  { product: 'a Next.js server', header: ['x-powered-by', /Next\.js/i] },
  { product: 'a Next.js server', page: /\/_next\/static\// },
  { product: 'an Angular dev server', page: /<app-root/ },
  { product: 'a webpack dev server', page: /webpack-dev-server|\/sockjs-node/ },
  { product: "Python's http.server", header: ['server', /SimpleHTTP/i] },
  { product: 'Jupyter', header: ['server', /TornadoServer/i] },
  { product: 'Grafana', page: /grafana/i },
  { product: 'a PHP program', header: ['x-powered-by', /PHP/i] },
  { product: 'the AirPlay receiver of macOS', header: ['server', /AirTunes/i] },
];

/** What the answer to a browser's `GET /` says about the program behind the port. */
export function recogniseProduct(
  status: number,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  page: string,
): NonNullable<PathsEvidence['home']> {
  const value = (name: string) => [headers[name] ?? ''].flat().join(', ');
  const known = PRODUCTS.find(({ header, page: mark }) => (header ? header[1].test(value(header[0])) : mark?.test(page)));
  const type = value('content-type');
  const html = /html/i.test(type) || /^\s*(?:<!doctype html|<html)/i.test(page);
  return {
    status,
    kind: page === '' ? 'empty' : html ? 'html' : /json/i.test(type) ? 'json' : /event-stream/i.test(type) ? 'event-stream' : 'text',
    server: value('server').slice(0, 60) || null,
    product: known?.product ?? null,
  };
}
