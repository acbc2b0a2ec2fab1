import { setMaxListeners } from 'node:events';
import { CAUSES } from '../causes/index.gen.ts';
import { ANSWER_AT_LEAST_MS, ANSWER_AT_MOST_MS, DNS_LOOKUP_MS, PATIENCE_MS, TCP_CONNECT_MS, TLS_HANDSHAKE_MS } from '../facts/budgets.ts';
import type { DiagnosisListener } from '../model/events.ts';
import type { Evidence, EvidenceKind } from '../model/evidence.ts';
import { createRedactor, type Redactor } from '../model/redact.ts';
import type { PathStep, Report, ReportTarget } from '../model/report.ts';
import { createSharedRun, type ProbeContext, type SharedRun } from '../probes/context.ts';
import { after, now, today } from '../system/clock.ts';
import { createStartGate } from '../system/gate.ts';
import { readHost } from '../system/host.ts';
import { VERSION } from '../model/version.gen.ts';
import { judge } from './judge.ts';
import type { DiagnoseOptions, StdioInput, TargetInput } from './options.ts';
import { pathOf, round } from './path.ts';
import { nextProbes } from './plan.ts';
import { PROBES } from './probes.ts';
import { reportTarget, summarise } from './report.ts';
import { type ParsedStdio, readStdioTarget } from './stdio-target.ts';
import { type ParsedTarget, readTarget } from './target.ts';

/** How many targets are diagnosed at once: enough to overlap their waiting, few enough for the usual limit of open files. */
const AT_ONCE = 64;

/** Looking around after a failure (other addresses, paths and ports) has bounds of its own that add up to less than this. */
const AFTERMATH_MS = 15_000;

/**
 * Diagnoses MCP servers side by side, HTTP endpoints and stdio commands, and names one root cause for each that fails.
 * Stdio commands are run and ended again. Network and server faults are findings, never exceptions.
 *
 * @param targets addresses, addresses with their transport, name and headers, or commands
 * @returns the report, targets in the order in which they were given
 * @throws UsageError for an address that is no HTTP(S) URL, and for an empty command
 * @throws the signal's reason when `options.signal` is aborted; nothing is left open then
 */
export async function diagnose(targets: readonly (string | TargetInput | StdioInput)[], options: DiagnoseOptions = {}): Promise<Report> {
  if (options.signal !== undefined) setMaxListeners(0, options.signal);
  const startedAt = today().toISOString();
  const started = now();
  const parsed = targets.map((target) => read(target, options));
  const host = readHost();
  const redact = createRedactor();
  for (const { secrets } of parsed) for (const secret of secrets) redact.add(secret);
  const shared = createSharedRun(new Set(parsed.flatMap((one) => ('url' in one ? [one.target.port] : []))));
  const listener: DiagnosisListener = (event) => options.onEvent?.(redact.deep(event));
  // A copy: every look into process.env itself is a call into the operating system.
  const environment = { ...(options.environment ?? process.env) };
  const starts = createStartGate();
  const { signal, timeoutMs } = options;
  const results: ReportTarget[] = [];
  const queue = parsed.map((one, index) => ({ one, index }));
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, queue.length) }, async () => {
      for (let next = queue.shift(); next !== undefined && !options.signal?.aborted; next = queue.shift()) {
        const { one, index } = next;
        results[index] =
          'url' in one
            ? await diagnoseOne(one, { target: one.target, host }, options, { index, shared, redact, listener, environment })
            : await (await import('./stdio.ts')).diagnoseStdio(one, { index, host, signal, timeoutMs, redact, listener, starts });
      }
    }),
  );
  options.signal?.throwIfAborted();
  const { platform, node, container, wsl } = host;
  return redact.deep<Report>({
    schema: 'mcpreach.report/1',
    version: VERSION,
    startedAt,
    durationMs: round(now() - started),
    host: { platform, node, container, wsl },
    targets: results,
    summary: summarise(results),
  });
}

function read(target: string | TargetInput | StdioInput, options: DiagnoseOptions): ParsedTarget | ParsedStdio {
  if (typeof target === 'string') return readTarget({ url: target }, options);
  return 'command' in target ? readStdioTarget(target, options) : readTarget(target, options);
}

interface RunParts {
  readonly index: number;
  readonly shared: SharedRun;
  readonly redact: Redactor;
  readonly listener: DiagnosisListener;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

async function diagnoseOne(parsed: ParsedTarget, known: Evidence, options: DiagnoseOptions, parts: RunParts): Promise<ReportTarget> {
  const started = now();
  const { index, listener } = parts;
  listener({ kind: 'target-started', index, address: parsed.target.display });
  const patienceMs = options.patienceMs ?? PATIENCE_MS;
  const answerMs = options.timeoutMs ?? Math.min(ANSWER_AT_MOST_MS, Math.max(ANSWER_AT_LEAST_MS, 3 * known.target.limitMs));
  const budget = new AbortController();
  // One signal ends every wait of this target; Node takes more than ten listeners for a leak.
  setMaxListeners(0, budget.signal);
  const end = () => budget.abort();
  const cancel = after(DNS_LOOKUP_MS + TCP_CONNECT_MS + TLS_HANDSHAKE_MS + answerMs + patienceMs + AFTERMATH_MS, end);
  options.signal?.addEventListener('abort', end, { once: true });
  if (options.signal?.aborted) end();
  const context: ProbeContext = {
    request: {
      url: parsed.url,
      headers: parsed.headers,
      environment: parts.environment,
      caFile: options.ca ?? null,
    },
    signal: budget.signal,
    options: { answerMs, patienceMs, start: options.start ?? null },
    redact: parts.redact,
    shared: parts.shared,
  };
  try {
    const evidence = await collect(context, known, listener, index);
    const judgement = judge(evidence, CAUSES);
    for (const { cause, error } of judgement.crashed) listener({ kind: 'cause-crashed', index, cause, message: String(error) });
    const target = reportTarget(evidence, judgement, now() - started);
    listener({ kind: 'target-finished', index, target });
    return target;
  } finally {
    cancel();
    options.signal?.removeEventListener('abort', end);
  }
}

/** Asks the plan what to probe, probes it, and asks again, until nothing more could change the verdict. */
async function collect(context: ProbeContext, known: Evidence, listener: DiagnosisListener, index: number): Promise<Evidence> {
  const plan = { patienceMs: context.options.patienceMs, start: context.options.start !== null };
  let evidence = known;
  let told = 0;
  const running = new Map<EvidenceKind, Promise<void>>();
  for (;;) {
    const wanted = nextProbes(evidence, plan).filter((kind) => !running.has(kind));
    if (wanted.length > 0 && !context.signal.aborted) {
      listener({ kind: 'probing', index, probes: wanted });
      for (const kind of wanted) {
        const facts = PROBES[kind](context, evidence);
        running.set(
          kind,
          facts.then((value) => {
            evidence = { ...evidence, [kind]: value };
            running.delete(kind);
          }),
        );
      }
    }
    if (running.size === 0) return evidence;
    await Promise.race(running.values());
    const steps = settledSteps(evidence);
    for (const step of steps.slice(told)) listener({ kind: 'step', index, step });
    told = Math.max(told, steps.length);
  }
}

/** The good steps so far: those will not change any more, while a failure may still heal within the patience. */
function settledSteps(evidence: Evidence): readonly PathStep[] {
  const path = pathOf(evidence);
  const open = path.findIndex(({ status }) => status !== 'ok');
  return open < 0 ? path : path.slice(0, open);
}
