import type { Environment, ProxyRule } from './rule.ts';
import { type UndiciMajor, undiciRule } from './undici.ts';

/**
 * Node's own fetch: undici's rules, but only where Node was told to look at the variables. NODE_USE_ENV_PROXY came with
 * 22.21 and 24.0, the flag --use-env-proxy with 22.21 and 24.5 (nodejs.org/api/cli.html).
 */
export function nodeFetchRule(environment: Environment, nodeVersion: string): ProxyRule {
  const [major = 0, minor = 0] = nodeVersion.replace(/^v/, '').split('.').map(Number);
  const rule = undiciRule(bundledUndici(major), 'node-fetch');
  if (major < 22 || major === 23 || (major === 22 && minor < 21)) {
    return { ...rule, silence: `fetch of Node ${major}${major === 22 ? `.${minor}` : ''} reads no proxy variables` };
  }
  const flagExists = major !== 24 || minor >= 5;
  const asked = (flagExists ? flagIn(environment['NODE_OPTIONS'] ?? '') : null) ?? environment['NODE_USE_ENV_PROXY'] === '1';
  return asked ? rule : { ...rule, silence: 'Node reads proxy variables only with NODE_USE_ENV_PROXY=1' };
}

function bundledUndici(nodeMajor: number): UndiciMajor {
  if (nodeMajor < 24) return 6;
  return nodeMajor < 26 ? 7 : 8;
}

/** What the options say, null when they leave it open; the last one wins, and any wins over the variable. */
function flagIn(options: string): boolean | null {
  const flags = options.split(/\s+/).filter((option) => option === '--use-env-proxy' || option === '--no-use-env-proxy');
  const last = flags.at(-1);
  return last === undefined ? null : last === '--use-env-proxy';
}
