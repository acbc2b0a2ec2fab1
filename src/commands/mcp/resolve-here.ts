import { homeFolder } from '../../system/home.ts';
import { type Resolved, resolveTargets } from '../targets.ts';

/** What words mean in the working directory and home in which the client started us. Throws UsageError. */
export function resolveHere(words: readonly string[], clientId: string | null): Promise<Resolved> {
  const environment = process.env;
  return resolveTargets(words, {
    cwd: process.cwd(),
    home: homeFolder(environment),
    platform: process.platform,
    environment,
    configFile: null,
    clientId,
  });
}
