import type { VariableChoice, ProxyReader } from '../model/proxy.ts';
import { curlRule } from './proxy-rules/curl.ts';
import type { ProxyEndpoint } from './proxy-rules/endpoint.ts';
import { goRule } from './proxy-rules/go.ts';
import { httpxRule } from './proxy-rules/httpx.ts';
import { nodeFetchRule } from './proxy-rules/node-fetch.ts';
import { pythonRule, urllibRule } from './proxy-rules/python.ts';
import { bypassFor, decide, type Environment, type ProxyRule } from './proxy-rules/rule.ts';
import { withBothCases } from './proxy-rules/settings.ts';
import { undiciRule } from './proxy-rules/undici.ts';

/** What the readers' rules depend on besides variables: Node's version, and whether names of variables have case. */
export interface Machine {
  readonly node: string;
  readonly platform: NodeJS.Platform;
}

const THIS_MACHINE: Machine = { node: process.version, platform: process.platform };

/** Which proxy each kind of program uses for this URL under these variables, and the setting that would exempt it. Pure. */
export function chooseProxies(url: URL, environment: Environment, machine = THIS_MACHINE): readonly VariableChoice[] {
  const seen = asSeen(environment, machine);
  return rules(seen, machine).map((rule) => {
    const { choice } = decide(rule, url, seen);
    const bypass = bypassFor(rule, url, seen);
    return bypass === null ? choice : { ...choice, bypass };
  });
}

/** The choice that counts as the client's: undici's, whose rules most Node clients that read proxy variables follow. */
export function effectiveChoice(choices: readonly VariableChoice[]): VariableChoice {
  const choice = choices.find(({ reader }) => reader === 'undici');
  if (choice === undefined) throw new Error('Internal error: no choice of undici');
  return choice;
}

/** The proxy one reader uses for this URL, with its credentials: to connect to, never to show. Null when it goes direct. */
export function findProxy(reader: ProxyReader, url: URL, environment: Environment, machine = THIS_MACHINE): ProxyEndpoint | null {
  const seen = asSeen(environment, machine);
  return decide(ruleOf(reader, seen, machine), url, seen).endpoint;
}

/** Every secret in the proxy variables, also in values no reader can use: user and password as written and decoded. */
export function proxySecrets(environment: Environment): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) => {
    // Up to the last "@": an unescaped one may be part of the password.
    const userInfo =
      /_proxy$/i.test(name) && !/^no_proxy$/i.test(name) ? /^(?:[a-z][\w+.-]*:)?\/*(.+)@/is.exec(value ?? '')?.[1] : undefined;
    if (userInfo === undefined) return [];
    const decoded = decodeText(userInfo);
    const password = (text: string) => (text.includes(':') ? text.slice(text.indexOf(':') + 1) : text);
    return [userInfo, decoded, password(userInfo), password(decoded), Buffer.from(decoded).toString('base64')];
  });
}

function rules(environment: Environment, machine: Machine): readonly ProxyRule[] {
  return [nodeFetchRule(environment, machine.node), undiciRule(7), curlRule, urllibRule, pythonRule, httpxRule, goRule];
}

function ruleOf(reader: ProxyReader, environment: Environment, machine: Machine): ProxyRule {
  const rule = rules(environment, machine).find((one) => one.reader === reader);
  if (rule === undefined) throw new Error(`Internal error: no proxy rule for ${reader}`);
  return rule;
}

function asSeen(environment: Environment, machine: Machine): Environment {
  return machine.platform === 'win32' ? withBothCases(environment) : environment;
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
