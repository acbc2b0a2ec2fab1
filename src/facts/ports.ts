/** Ports of well-known services that speak no HTTP: a neighbour scan leaves them alone, because some log or count stray requests. */
export const NOT_HTTP_PORTS: ReadonlySet<number> = new Set([
  21, 22, 23, 25, 53, 110, 111, 139, 143, 389, 445, 465, 587, 631, 636, 993, 995, 1433, 1521, 2049, 3306, 3389, 5432, 5672, 5900, 6379,
  9042, 11211, 27017,
]);

/** Ports that `fetch` refuses to dial whatever listens there (WHATWG Fetch, "port blocking"). */
export const FETCH_BLOCKED_PORTS: ReadonlySet<number> = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117,
  119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636,
  989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** Ports that development servers take by default, with who does. */
export const POPULAR_PORTS: Readonly<Record<number, string>> = {
  3000: 'Next.js, Express examples, Rails and Grafana',
  3001: 'the second Next.js or React dev server',
  4200: 'Angular',
  4321: 'Astro',
  5000: 'Flask and the AirPlay receiver of macOS',
  5173: 'Vite',
  8000: 'Django, uvicorn and python -m http.server',
  8080: 'Tomcat, webpack-dev-server and most proxies',
  8888: 'Jupyter',
  9000: 'PHP-FPM, SonarQube and MinIO',
};

/** A port to move to: above the usual defaults, below those that systems take for outgoing connections, and not taken here. */
export function suggestPort(port: number, taken: readonly number[] = []): number {
  let free = port < 10_000 ? port + 10_000 : port + 1;
  while (taken.includes(free)) free++;
  return free;
}

/** Paths at which MCP servers usually answer, most usual first. */
export const USUAL_PATHS = ['/mcp', '/sse', '/', '/mcp/', '/api/mcp', '/v1/mcp', '/mcp/sse', '/stream', '/messages', '/rpc'] as const;
