/** Routes, interfaces and neighbours, with one reader for each operating system. */
import { darwinRoutes } from './darwin.ts';
import { linuxRoutes } from './linux.ts';
import type { RouteReader } from './reader.ts';
import { windowsRoutes } from './windows.ts';

export type { RouteReader } from './reader.ts';

const READERS: Partial<Record<NodeJS.Platform, RouteReader>> = {
  linux: linuxRoutes,
  android: linuxRoutes,
  darwin: darwinRoutes,
  win32: windowsRoutes,
};

/** The reader for a platform; where there is none, everything is "not measured". */
export function routeReader(platform: NodeJS.Platform = process.platform): RouteReader {
  return READERS[platform] ?? unsupported(platform);
}

function unsupported(platform: string): RouteReader {
  const missing = { kind: 'not-measured', why: `mcpreach cannot read the routes of ${platform}` } as const;
  return {
    choosesDevice: false,
    lookup: async () => missing,
    interfaces: async () => missing,
    defaults: async () => missing,
    neighbours: async () => new Map(),
    wireguardPeer: async () => missing,
  };
}
