import { DNS_LOOKUP_MS } from '../facts/budgets.ts';
import type { Evidence, HostEvidence, Measured } from '../model/evidence.ts';
import { maskUrl } from '../model/redact.ts';
import type { ScriptAnswer, SystemProxyEvidence, SystemProxySettings } from '../model/system-proxy.ts';
import { evaluateScript } from '../pac/evaluate.ts';
import { now } from '../system/clock.ts';
import { lookupAll } from '../system/dns.ts';
import { readScript, readSystemProxy } from '../system/system-proxy/index.ts';
import type { ProbeContext } from './context.ts';
import { bareHost } from './proxy-rules/hosts.ts';
import { needsScript, systemChoice } from './proxy-rules/system.ts';

/** What programs that follow the system's proxy settings do with the target. The settings are read once for all targets. */
export async function probeSystemProxy(context: ProbeContext, evidence: Evidence): Promise<SystemProxyEvidence> {
  const started = now();
  const { shared, signal, request } = context;
  const settings = await shared.once('system proxy', () => readSystemProxy(signal));
  if (settings.kind === 'not-measured') return { settings, script: null, choice: null, ms: now() - started };
  const script = needsScript(settings.value, request.url) ? await askScript(context, evidence, settings.value) : null;
  const undecided = script?.kind === 'not-measured' || settings.value.mode === 'discovery';
  const choice = undecided ? null : systemChoice(settings.value, request.url, script?.kind === 'measured' ? script.value : null);
  return { settings, script, choice, ms: now() - started };
}

async function askScript(
  context: ProbeContext,
  { host: machine, dns }: Evidence,
  settings: SystemProxySettings,
): Promise<Measured<ScriptAnswer>> {
  const { shared, signal, request } = context;
  const address = settings.script ?? '';
  const text = await shared.once(`PAC ${address}`, () => readScript(address, signal));
  if (text.kind === 'not-measured') return text;
  const shown = maskUrl(new URL(address));
  const addresses = dns?.addresses ?? (await lookupAll(bareHost(request.url), DNS_LOOKUP_MS, signal)).addresses;
  return evaluateScript(text.value, shown, {
    target: request.url,
    addresses: addresses.map((one) => one.address),
    ownAddress: ownAddress(machine),
  });
}

function ownAddress({ addresses }: HostEvidence): string {
  return addresses.find((one) => !one.includes(':') && !one.startsWith('127.')) ?? '127.0.0.1';
}
