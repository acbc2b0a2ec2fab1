/** The URL's host without brackets. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** The URL's port, its scheme's default included. */
export function effectivePort(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

/** Whether `host` is `domain` or lies below it. */
export function isWithin(host: string, domain: string): boolean {
  return host === domain || isBelow(host, domain);
}

/** Whether `host` lies below `domain`. */
export function isBelow(host: string, domain: string): boolean {
  return host.endsWith(`.${domain}`);
}
