import type { Evidence, Exchange, ExchangeFailure, TcpAttempt } from '../model/evidence.ts';
import type { Layer } from '../model/layer.ts';
import { sourceOf } from '../model/proxy-way.ts';
import type { PathStep } from '../model/report.ts';
import { effective, endpoint, isReady, isTooLate, lastExchange, openAttempts, usesProxy } from '../model/view.ts';

/** A layer before it is known whether an earlier one failed; `pending` while its probe has not run. */
interface Stage {
  readonly layer: Layer;
  readonly status: 'ok' | 'failed' | 'pending';
  readonly ms: number | null;
  readonly detail: string;
}

/** The way to the target, layer by layer, as far as the evidence tells: up to the first that failed, the rest skipped. Pure. */
export function pathOf(evidence: Evidence): readonly PathStep[] {
  const stages = [start, dns, tcp, tls, proxy, http, mcp, tools].flatMap((stage) => stage(evidence) ?? []);
  const failed = stages.findIndex(({ status }) => status === 'failed');
  return stages.map(({ layer, status, ms, detail }, index): PathStep => {
    const skipped = status === 'pending' || (failed >= 0 && index > failed);
    return skipped ? { layer, status: 'skipped', ms: null, detail: '' } : { layer, status, ms: ms === null ? null : round(ms), detail };
  });
}

/** Milliseconds as they are shown: one digit below ten, none above. */
export function round(ms: number): number {
  return ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms);
}

function start({ start }: Evidence): Stage | null {
  if (start === undefined) return null;
  const { outcome, ms } = start;
  const said: Record<typeof outcome.kind, string> = {
    answers: 'started, and it answers',
    elsewhere: 'started, and it listens elsewhere',
    listens: 'started, it listens and does not answer',
    stdio: 'started, and it speaks on its standard output',
    ended: 'ended before it listened',
    silent: 'started, and it listens nowhere',
  };
  return { layer: 'process', status: outcome.kind === 'answers' ? 'ok' : 'failed', ms, detail: said[outcome.kind] };
}

function dns({ target, dns }: Evidence): Stage | null {
  if (target.hostKind !== 'name') return null;
  if (dns === undefined) return { layer: 'dns', status: 'pending', ms: null, detail: '' };
  const failed = dns.addresses.length === 0;
  const detail = failed
    ? `${target.host}: ${dns.error ?? 'no address'}`
    : `${target.host} is ${dns.addresses.map(({ address }) => address).join(', ')}`;
  return { layer: 'dns', status: failed ? 'failed' : 'ok', ms: dns.ms, detail };
}

const TCP_WORDS: Readonly<Record<TcpAttempt['outcome'], string>> = {
  open: 'open',
  refused: 'refused',
  reset: 'reset',
  'timed-out': 'no answer',
  unreachable: 'unreachable',
  'not-permitted': 'not permitted',
  'no-local-address': 'no such address family here',
  failed: 'failed',
};

function tcp(evidence: Evidence): Stage {
  const { tcp, patience } = evidence;
  if (tcp === undefined) return { layer: 'tcp', status: 'pending', ms: null, detail: '' };
  const attempts = tcp.attempts.map(({ address, port, outcome }) => `${endpoint(address, port)} ${TCP_WORDS[outcome]}`).join('; ');
  const late = patience?.openedAfterMs ?? null;
  const detail = late === null ? attempts : `${attempts}; open after ${Math.round(late)} ms`;
  const open = openAttempts(evidence).length > 0 || late !== null;
  // Behind a proxy the client never dials the target itself: a closed direct way is no failure of its way.
  if (!open && usesProxy(evidence)) return { layer: 'tcp', status: 'ok', ms: tcp.ms, detail: `${attempts} (not dialled directly)` };
  return { layer: 'tcp', status: open ? 'ok' : 'failed', ms: tcp.ms, detail };
}

function tls({ target, tls, ...rest }: Evidence): Stage | null {
  if (target.scheme !== 'https') return null;
  if (tls === undefined) return { layer: 'tls', status: 'pending', ms: null, detail: '' };
  const { outcome, ms } = tls;
  if (outcome.kind !== 'established') {
    const code = 'code' in outcome ? ` (${outcome.code})` : '';
    const words = {
      'not-tls': 'the port does not speak TLS',
      refused: 'handshake refused',
      closed: 'closed during the handshake',
      'timed-out': 'no answer',
    };
    const through = usesProxy({ target, tls, ...rest });
    return { layer: 'tls', status: through ? 'ok' : 'failed', ms, detail: `${words[outcome.kind]}${code}` };
  }
  const ok = tls.trusted === true;
  const why = tls.verifyCode ?? (tls.nameMatches === false ? 'the name does not match' : '');
  return {
    layer: 'tls',
    status: ok ? 'ok' : 'failed',
    ms,
    detail: `${outcome.protocol}, ${ok ? 'certificate trusted' : `certificate not trusted: ${why}`}`,
  };
}

function proxy(evidence: Evidence): Stage | null {
  if (!usesProxy(evidence) || evidence.proxy === undefined) return null;
  const { effective: choice, reach } = evidence.proxy;
  const name = `${choice.proxy} (${sourceOf(choice)})`;
  if (reach !== null && !reach.attempts.some(({ outcome }) => outcome === 'open')) {
    const why =
      reach.error ?? reach.attempts.map(({ address, port, outcome }) => `${endpoint(address, port)} ${TCP_WORDS[outcome]}`).join('; ');
    return { layer: 'proxy', status: 'failed', ms: null, detail: `${name}: ${why}` };
  }
  const last = lastExchange(evidence.proxied);
  if (evidence.proxied === undefined) return { layer: 'proxy', status: 'pending', ms: null, detail: '' };
  const refused = last?.failure?.stage === 'proxy' || last?.meaning === 'proxy-auth';
  const status = last?.failure?.status ?? last?.answer?.status;
  return {
    layer: 'proxy',
    status: refused ? 'failed' : 'ok',
    ms: null,
    detail: refused ? `${name} answered ${status ?? 'nothing'}` : `through ${name}`,
  };
}

function http(evidence: Evidence): Stage {
  const handshake = effective(evidence);
  const last = lastExchange(handshake);
  if (handshake === undefined || last === undefined) return { layer: 'http', status: 'pending', ms: null, detail: '' };
  const first = handshake.exchanges.find(({ meaning }) => meaning === 'result');
  const reached = isReady(handshake) || handshake.result.kind === 'tools-failed';
  if (reached)
    return {
      layer: 'http',
      status: 'ok',
      ms: first?.answer?.headMs ?? null,
      detail: `${answerWords(first)} at ${new URL(handshake.url).pathname}`,
    };
  if (last.answer === null) return { layer: 'http', status: 'failed', ms: last.failure?.ms ?? null, detail: failureWords(last.failure) };
  // With 400 and 404 servers of every revision say things in JSON-RPC; any other error status is HTTP's own refusal.
  const spoken = last.answer.rpc !== null && (last.answer.status <= 400 || last.answer.status === 404);
  return { layer: 'http', status: spoken ? 'ok' : 'failed', ms: last.answer.headMs, detail: answerWords(last) };
}

function answerWords(exchange: Exchange | undefined): string {
  const answer = exchange?.answer;
  if (!answer) return 'no answer';
  const kinds = {
    empty: 'empty',
    'json-rpc': 'JSON-RPC',
    json: 'JSON',
    html: 'HTML',
    text: 'text',
    'event-stream': 'event stream',
    binary: 'binary data',
  };
  return `HTTP ${answer.status}, ${kinds[answer.body.kind]}`;
}

function failureWords(failure: ExchangeFailure | null): string {
  if (failure === null) return 'no answer';
  const words: Record<ExchangeFailure['reason'], string> = {
    'timed-out': failure.head === null ? 'no answer' : 'the answer did not end',
    reset: 'connection reset',
    closed: 'connection closed',
    'not-http': 'the answer is not HTTP',
    'too-large': 'the answer is too large',
    refused: 'refused',
    unreachable: 'unreachable',
    cancelled: 'cancelled',
    failed: 'failed',
  };
  return `${words[failure.reason]}${failure.code === null ? '' : ` (${failure.code})`} after ${round(failure.ms)} ms`;
}

function mcp(evidence: Evidence): Stage {
  const handshake = effective(evidence);
  if (handshake === undefined) return { layer: 'mcp', status: 'pending', ms: null, detail: '' };
  const { result, ms } = handshake;
  if (result.kind === 'ready' || result.kind === 'tools-failed') {
    const { name, version, protocol } = result.server;
    const late = isTooLate(evidence, handshake);
    const server = `${[name ?? 'unnamed server', version].filter(Boolean).join(' ')}, revision ${protocol}`;
    return {
      layer: 'mcp',
      status: late ? 'failed' : 'ok',
      ms: handshake.readyMs ?? ms,
      detail: late ? `${server}; the client gives up after ${evidence.target.limitMs / 1000} s` : server,
    };
  }
  const error = lastExchange(handshake)?.answer?.rpc?.error;
  return { layer: 'mcp', status: 'failed', ms, detail: error ? `error ${error.code}: ${error.message}` : 'no handshake' };
}

function tools(evidence: Evidence): Stage {
  const handshake = effective(evidence);
  const base = { layer: 'tools' as const, ms: null };
  if (isReady(handshake)) {
    const { tools: listed } = handshake.result;
    return { ...base, status: 'ok', detail: listed === null ? 'not offered' : listed.count === 1 ? '1 tool' : `${listed.count} tools` };
  }
  if (handshake?.result.kind !== 'tools-failed') return { ...base, status: 'pending', detail: '' };
  const last = lastExchange(handshake);
  const error = last?.answer?.rpc?.error;
  const detail = error ? `error ${error.code}: ${error.message}` : last?.answer ? answerWords(last) : failureWords(last?.failure ?? null);
  return { ...base, status: 'failed', detail };
}
