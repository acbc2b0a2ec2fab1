import { setMaxListeners } from 'node:events';
import { CAUSES } from '../causes/index.gen.ts';
import { ANSWER_AT_LEAST_MS, ANSWER_AT_MOST_MS, DNS_LOOKUP_MS, PATIENCE_MS, TCP_CONNECT_MS, TLS_HANDSHAKE_MS } from '../facts/budgets.ts';
import type { DiagnosisListener } from '../model/events.ts';
import type { Evidence, HostEvidence, SharedKind } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { LogSource } from '../model/logs.ts';
import { createRedactor, type Redactor } from '../model/redact.ts';
import type { PathStep, Report, ReportTarget } from '../model/report.ts';
import { createSharedRun, type ProbeContext, type SharedRun } from '../probes/context.ts';
import { after, now, today } from '../system/clock.ts';
import { createStartGate } from '../system/gate.ts';
import { readHost } from '../system/host.ts';
import { VERSION } from '../model/version.gen.ts';
import { works } from '../model/view.ts';
import { judge } from './judge.ts';
import type { DiagnoseOptions, StdioInput, TargetInput } from './options.ts';
import { pathOf, round } from './path.ts';
import { nextProbes, wantsLog } from './plan.ts';
import { PROBES } from './probes.ts';
import { reportTarget, summarise } from './report.ts';
import { readLogs, withLog } from './logs.ts';
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
export function diagnose(targets: readonly (string | TargetInput | StdioInput)[], options: DiagnoseOptions = {}): Promise<Report> {
  return diagnosePlanned(
    targets.map((input) => ({ input, secrets: [], finish: (probed) => targetOf(probed) })),
    options,
  );
}

/** What was found out about one target by probing it. */
export interface Probed {
  readonly target: ReportTarget;
  readonly findings: readonly Finding[];
}

/** A target together with what is known about it from elsewhere. */
export interface PlannedTarget {
  /** Null when it is not to be probed. */
  readonly input: string | TargetInput | StdioInput | null;
  /** Further values that must not be shown. */
  readonly secrets: readonly string[];
  /** Logs that may tell of it; absent when there are none. */
  readonly logs?: LogSource;
  /** Makes the target's part of the report; told null when it was not probed. */
  readonly finish: (probed: Probed | null, host: HostEvidence) => ReportTarget;
}

/**
 * The same for targets that are known from configs. What would be sent, or started, in the very same way is probed once,
 * and judged for each with the limit of its own client.
 */
export async function diagnosePlanned(targets: readonly PlannedTarget[], options: DiagnoseOptions): Promise<Report> {
  if (options.signal !== undefined) setMaxListeners(0, options.signal);
  const startedAt = today().toISOString();
  const started = now();
  // A copy: every look into process.env itself is a call into the operating system.
  const environment = { ...(options.environment ?? process.env) };
  const parsed = targets.map(({ input }) => (input === null ? null : read(input, options)));
  const host = readHost();
  const redact = createRedactor();
  // What a target is called is shown anyway; a value that says the same would only make the report unreadable.
  const names = parsed.flatMap((one) => one?.target.name ?? []);
  for (const secret of [...targets.flatMap((one) => one.secrets), ...parsed.flatMap((one) => one?.secrets ?? [])])
    if (!names.some((name) => name.includes(secret))) redact.add(secret);
  const shared = createSharedRun(new Set(parsed.flatMap((one) => (one !== null && 'url' in one ? [one.target.port] : []))));
  const tell: DiagnosisListener = (event) => options.onEvent?.(redact.deep(event));
  const starts = createStartGate();
  const { signal, timeoutMs } = options;
  const results: ReportTarget[] = [];
  const finish = (index: number, probed: Probed | null) => {
    const plan = targets[index];
    if (plan === undefined) return;
    const target = plan.finish(probed, host);
    results[index] = target;
    tell({ kind: 'target-finished', index, target });
  };
  for (const [index, one] of parsed.entries()) if (one === null) finish(index, null);
  const queue = [...groupsOf(parsed, environment).values()];
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, queue.length) }, async () => {
      for (let group = queue.shift(); group !== undefined && !options.signal?.aborted; group = queue.shift()) {
        const indices = group.map(({ index }) => index);
        const listener: DiagnosisListener = (event) => {
          for (const index of indices) tell({ ...event, index });
        };
        const seen = group.map(({ one }) => one);
        const logs = indices.map((at) => targets[at]?.logs ?? null);
        const probed = isHttpGroup(seen)
          ? await diagnoseOne(seen, host, options, { index: indices[0] ?? 0, shared, redact, listener, environment, logs })
          : await (await import('./stdio.ts')).diagnoseStdio(seen as readonly ParsedStdio[], {
              index: indices[0] ?? 0,
              host,
              signal,
              timeoutMs,
              redact,
              listener,
              starts,
              logs,
            });
        for (const [at, index] of indices.entries()) finish(index, probed[at] ?? null);
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

function targetOf(probed: Probed | null): ReportTarget {
  if (probed === null) throw new Error('a target without config was not probed');
  return probed.target;
}

type Parsed = ParsedTarget | ParsedStdio;
type Environment = Readonly<Record<string, string | undefined>>;

interface Member {
  readonly one: Parsed;
  readonly index: number;
}

function isHttpGroup(group: readonly Parsed[]): group is readonly [ParsedTarget, ...ParsedTarget[]] {
  const [first] = group;
  return first !== undefined && 'url' in first;
}

/** Targets by what is sent or started for them. */
function groupsOf(parsed: readonly (Parsed | null)[], environment: Environment): ReadonlyMap<string, readonly Member[]> {
  const groups = new Map<string, Member[]>();
  for (const [index, one] of parsed.entries()) {
    if (one === null) continue;
    const key = sameness(one, environment);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ one, index }]);
    else group.push({ one, index });
  }
  return groups;
}

/** Equal for targets that no server could tell apart. */
function sameness(one: Parsed, environment: Environment): string {
  const ordered = (table: Environment) => Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1));
  if ('url' in one)
    return JSON.stringify([
      one.url.href,
      ordered(one.headers),
      one.target.transport,
      ordered(one.environment ?? environment),
      one.target.client?.followsSystemProxy === true,
    ]);
  const { file, args, cwd, environment: own, shell } = one.launch;
  return JSON.stringify([file, args, cwd, ordered(own), ordered(shell)]);
}

function read(target: string | TargetInput | StdioInput, options: DiagnoseOptions): Parsed {
  if (typeof target === 'string') return readTarget({ url: target }, options);
  return 'command' in target ? readStdioTarget(target, options) : readTarget(target, options);
}

interface RunParts {
  readonly index: number;
  readonly shared: SharedRun;
  readonly redact: Redactor;
  readonly listener: DiagnosisListener;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For each target of the group. */
  readonly logs: readonly (LogSource | null)[];
}

/** Probes what these targets have in common once, and judges it for each of them. */
async function diagnoseOne(
  group: readonly [ParsedTarget, ...ParsedTarget[]],
  host: HostEvidence,
  options: DiagnoseOptions,
  parts: RunParts,
): Promise<readonly Probed[]> {
  const started = now();
  const { index, listener } = parts;
  // The most patient client decides how long the server is waited for.
  const parsed = group.reduce((one, other) => (other.target.limitMs > one.target.limitMs ? other : one));
  listener({ kind: 'target-started', index, address: parsed.target.display });
  const patienceMs = options.patienceMs ?? PATIENCE_MS;
  const answerMs = options.timeoutMs ?? Math.min(ANSWER_AT_MOST_MS, Math.max(ANSWER_AT_LEAST_MS, 3 * parsed.target.limitMs));
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
      environment: parsed.environment ?? parts.environment,
      caFile: options.ca ?? null,
    },
    signal: budget.signal,
    options: { answerMs, patienceMs, start: options.start ?? null, exec: options.exec ?? false },
    redact: parts.redact,
    shared: parts.shared,
  };
  try {
    const seen = await collect(context, { target: parsed.target, host }, listener, index);
    if (parts.logs.some((logs) => wantsLog(works(seen), logs))) listener({ kind: 'probing', index, probes: ['log'] });
    return await Promise.all(
      group.map(async ({ target }, at) => {
        const evidence = await readLogs({ ...seen, target }, parts.logs[at] ?? null, budget.signal);
        const judgement = withLog(judge(evidence, CAUSES), evidence.log);
        for (const { cause, error } of judgement.crashed) listener({ kind: 'cause-crashed', index, cause, message: String(error) });
        return { target: reportTarget(evidence, judgement, now() - started), findings: judgement.findings };
      }),
    );
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
  const running = new Map<SharedKind, Promise<void>>();
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
    // Its start comes first on the way, and only a failure later on has the server started.
    const steps = plan.start && evidence.start === undefined ? [] : settledSteps(evidence);
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
