import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProxyChoice, ProxyReader } from '../../src/model/proxy.ts';
import { chooseProxies } from '../../src/probes/proxy-rules.ts';
import { PROXY_CASES, type ProxyCase } from './proxy-cases.ts';
import { READERS } from './proxy-drivers.ts';
import { type Recorder, type Seen, startRecorder } from './proxy-recorder.ts';

type Variables = Readonly<Record<string, string>>;

/** What Node's own fetch is told besides, or the rule would only say that it reads nothing. */
const ASKED: Variables = { NODE_USE_ENV_PROXY: '1' };

for (const reader of Object.keys(READERS) as ProxyReader[]) {
  test(`${reader} goes where its rule says`, async (t) => {
    const missing = await READERS[reader].missing();
    if (missing !== null) return t.skip(missing);

    const recorder = await startRecorder();
    const driver = await READERS[reader].start();
    const wrong: string[] = [];
    const check = async (url: string, env: Variables, told: string): Promise<ProxyChoice> => {
      const choice = choiceOf(reader, url, env);
      await driver.request(url, env);
      const [seen, expected] = [recorder.take(), expectedOf(choice, url, recorder)];
      if (seen !== (expected === 'direct' && !canSeeDirect(reader, url) ? 'nothing' : expected)) {
        wrong.push(`${told}: ${url} ${JSON.stringify(env)}: seen ${seen}, predicted ${expected} (${choice.why})`);
      }
      return choice;
    };

    try {
      for (const one of casesFor(reader)) {
        if (one.except?.includes(reader)) continue;
        const { url, env } = fill(one, recorder);
        const { bypass } = await check(url, env, 'as it is');
        if (bypass) await check(url, { ...env, [bypass.variable]: bypass.value }, 'with the bypass');
      }
    } finally {
      await driver.close();
      await recorder.close();
    }
    assert.deepEqual(wrong, []);
  });
}

/** A Node that reads no variables is silent in every case alike, and each costs a process. */
function casesFor(reader: ProxyReader): readonly ProxyCase[] {
  return reader === 'node-fetch' && Number(process.versions.node.split('.')[0]) < 22 ? PROXY_CASES.slice(0, 20) : PROXY_CASES;
}

function choiceOf(reader: ProxyReader, url: string, env: Variables): ProxyChoice {
  const choice = chooseProxies(new URL(url), { ...env, ...ASKED }).find((one) => one.reader === reader);
  assert.ok(choice);
  return choice;
}

function expectedOf(choice: ProxyChoice, url: string, { ports }: Recorder): Seen {
  if (choice.unusable) return 'nothing';
  if (choice.proxy === null) return 'direct';
  const name = (['a', 'b'] as const).find((one) => choice.proxy?.endsWith(`:${ports[one]}`)) ?? 'elsewhere';
  if (choice.proxy.startsWith('socks')) return `${name} SOCKS`;
  return `${name} ${choice.tunnel || url.startsWith('https:') ? 'CONNECT' : 'GET'}`;
}

/** curl dials literals itself, and is kept from dialling any that is not on this machine. */
function canSeeDirect(reader: ProxyReader, url: string): boolean {
  return reader !== 'curl' || !/192\.0\.2\.|2001:db8/.test(url);
}

function fill({ url, env }: ProxyCase, { ports }: Recorder): { url: string; env: Variables } {
  const filled = (text: string) => text.replace(/\{([abt])\}/g, (_, name: 'a' | 'b' | 't') => String(ports[name]));
  return { url: filled(url), env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)])) };
}
