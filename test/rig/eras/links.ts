/** The real links, to servers of the rig. */
import type { OpenLink } from '../../../src/bridge/links/link.ts';
import { openStdioLink } from '../../../src/bridge/links/stdio.ts';
import { openUrlLink } from '../../../src/bridge/links/url.ts';
import { ROOT } from '../../contracts/repository.ts';

/** Links to a Node program. */
export function programLinks(args: readonly string[]): OpenLink {
  return openStdioLink({ command: [process.execPath, ...args], cwd: ROOT, environment: process.env, mask: (text) => text });
}

/** Links to an address of this machine, by whichever transport it speaks. */
export function urlLinks(url: string): OpenLink {
  return openUrlLink({
    url: new URL(url),
    headers: {},
    transport: null,
    ca: () => Promise.resolve(undefined),
    routes: () => Promise.resolve([{ kind: 'direct', address: '127.0.0.1' }]),
  });
}
