/** Programs that answer HTTP and are no MCP server: what really holds the ports people mean. */
import type { RequestListener } from 'node:http';
import { type App, pathOf } from './app.ts';

/** The same answer to everything. */
export function always(status: number, headers: Record<string, string>, body = ''): App {
  return {
    handle(_request, response) {
      response.writeHead(status, headers);
      response.end(body);
    },
  };
}

export function custom(handle: RequestListener): App {
  return { handle };
}

const VITE = `<!doctype html>
<html lang="en"><head><script type="module" src="/@vite/client"></script><title>Vite App</title></head>
<body><div id="root"></div><script type="module" src="/src/main.tsx"></script></body></html>
`;

/** Vite's dev server: 404 without a body for a POST, the page for whoever asks for HTML. */
export function viteDevServer(): App {
  return custom((request, response) => {
    const isPage = request.method === 'GET' && /text\/html|\*\/\*/.test(request.headers.accept ?? '');
    if (!isPage) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(VITE);
  });
}

/** A single-page app behind a server that gives index.html for any path and method. */
export function singlePageApp(): App {
  return always(
    200,
    { 'content-type': 'text/html; charset=utf-8' },
    '<!doctype html><html><head><title>My shop</title></head><body><div id="app"></div></body></html>\n',
  );
}

/** An Express app with routes of its own. */
export function expressApp(): App {
  return custom((request, response) => {
    const isHome = pathOf(request.url) === '/' && request.method === 'GET';
    response.writeHead(isHome ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', 'x-powered-by': 'Express' });
    response.end(isHome ? '<h1>Welcome to Express</h1>' : `<pre>Cannot ${request.method} ${pathOf(request.url)}</pre>`);
  });
}

/** A FastAPI program: JSON for everything, also for what is not there. */
export function fastApi(): App {
  return custom((request, response) => {
    const isHome = pathOf(request.url) === '/';
    response.writeHead(isHome ? 200 : 404, { 'content-type': 'application/json', server: 'uvicorn' });
    response.end(isHome ? '{"message":"Hello World"}' : '{"detail":"Not Found"}');
  });
}

/** An API that answers 200 with JSON of its own to any request. */
export function jsonApi(): App {
  return always(200, { 'content-type': 'application/json' }, '{"status":"ok","items":[]}');
}

/** Takes every request and says nothing. */
export function acceptsAll(): App {
  return always(202, {});
}
