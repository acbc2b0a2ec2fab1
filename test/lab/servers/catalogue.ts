/** Servers by name, for those that run in a process of their own. */
import type { App, AppOptions } from './app.ts';
import { acceptsAll, always, expressApp, fastApi, jsonApi, singlePageApp, viteDevServer } from './raw-http.ts';
import { dualV2, modernV2 } from './sdk-v2.ts';
import { sseV1, statefulV1, statelessV1 } from './sdk-v1.ts';

export const CATALOGUE: Readonly<Record<string, (options: AppOptions) => App | Promise<App>>> = {
  'v1-stateful': statefulV1,
  'v1-stateless': statelessV1,
  'v1-sse': sseV1,
  'v2-modern': modernV2,
  'v2-dual': dualV2,
  'single-page-app': singlePageApp,
  'express-app': expressApp,
  'vite-dev-server': viteDevServer,
  'fast-api': fastApi,
  'json-api': jsonApi,
  'accepts-all': acceptsAll,
  'bad-gateway': () => always(502, { 'content-type': 'text/html', server: 'cloudflare' }, '<html><title>502 Bad gateway</title></html>'),
};
