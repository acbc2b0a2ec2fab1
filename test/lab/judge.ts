/** Compares a run with what was expected; every difference is one complaint in plain words. */
import type { Report, ReportFinding, ReportTarget } from '../../src/model/report.ts';
import type { DoctorRun } from './doctor.ts';
import type { Arranged, ExpectedRefusal, ExpectedVerdict, Fault } from './fault.ts';

/** The bar for any run, whatever the server sends. */
const MEMORY_BAR_KILOBYTES = 150 * 1024;
/** How soon Ctrl-C has to work. */
const INTERRUPT_BAR_MS = 1500;
/** What must never be advised as a mend. */
const FORBIDDEN_ADVICE =
  /0\.0\.0\.0|NODE_TLS_REJECT_UNAUTHORIZED|rejectUnauthorized|--insecure|curl -k\b|ufw disable|iptables -F|systemctl stop firewalld/;

/** What Node prints when a program is careless: warnings and stacks. */
const FOREIGN_NOISE = /^\(node:\d+\)|^ {4}at .+:\d+:\d+\)?$/m;

function oneOf(expected: string | readonly string[]): readonly string[] {
  return typeof expected === 'string' ? [expected] : expected;
}

function textOf(finding: ReportFinding): string {
  return [finding.summary, ...finding.evidence].join('\n');
}

function judgeShape(target: ReportTarget, run: DoctorRun): string[] {
  const complaints: string[] = [];
  const firstError = target.findings.find((finding) => finding.severity === 'error' && finding.hiddenBy === null);
  if (target.status === 'failed' && target.findings[0]?.cause !== target.cause) complaints.push('the first finding is not the verdict');
  if (target.status !== 'failed' && target.cause !== null) complaints.push(`cause ${target.cause} on a target that is ${target.status}`);
  if (target.status === 'warning' && firstError !== undefined) complaints.push(`error ${firstError.cause} on a target that only warns`);
  if (target.status === 'ok' && target.findings.some((finding) => finding.severity !== 'advice'))
    complaints.push('ok, with a finding that is no advice');
  const failed = target.path.findIndex((step) => step.status === 'failed');
  if (target.status === 'failed' && failed < 0) complaints.push('failed, and no layer of the path failed');
  if (failed >= 0 && target.path.slice(failed + 1).some((step) => step.status !== 'skipped'))
    complaints.push('a layer after the failed one is not skipped');
  for (const finding of target.findings) {
    for (const remedy of finding.remedies) {
      const text = [remedy.title, remedy.command, remedy.value].join(' ');
      if (FORBIDDEN_ADVICE.test(`${remedy.command} ${remedy.value}`)) complaints.push(`advises against safety: ${text}`);
    }
    if (finding.severity !== 'advice' && finding.remedies.length === 0) complaints.push(`${finding.cause} has no remedy`);
  }
  if (target.status === 'failed' && run.code !== 1) complaints.push(`exit code ${run.code} instead of 1`);
  return complaints;
}

function judgeVerdict(expected: ExpectedVerdict, run: DoctorRun): string[] {
  const report = run.document;
  if (report === null)
    return [`no JSON document on stdout (exit ${run.code ?? run.signal}): ${(run.stderr || run.stdout).trim().slice(0, 200)}`];
  if (report.schema !== 'mcpreach.report/1') return [`${report.schema}: ${report.error.code} ${report.error.message}`];
  const target = targetOf(report, expected.target);
  if (target === undefined) return [`the report has no target ${expected.target ?? ''}`];

  const complaints = judgeShape(target, run);
  const cause = expected.cause ?? null;
  const causes: readonly (string | null)[] = cause === null || typeof cause === 'string' ? [cause] : cause;
  const codes: readonly string[] = target.findings.map((finding) => finding.cause);
  const unexplained: readonly string[] = target.findings.filter((finding) => finding.hiddenBy === null).map((finding) => finding.cause);
  if (!oneOf(expected.status).includes(target.status))
    complaints.push(`status ${target.status} instead of ${oneOf(expected.status).join(' or ')}`);
  if (!causes.includes(target.cause)) complaints.push(`verdict ${target.cause} instead of ${causes.join(' or ')}`);
  if (expected.certainty !== undefined && !oneOf(expected.certainty).includes(target.certainty ?? '')) {
    complaints.push(`certainty ${target.certainty} instead of ${oneOf(expected.certainty).join(' or ')}`);
  }
  for (const code of expected.findings ?? []) if (!codes.includes(code)) complaints.push(`finding ${code} is missing`);
  for (const code of expected.notCauses ?? []) if (unexplained.includes(code)) complaints.push(`finding ${code} is wrong here`);
  const layer = target.path.find((step) => step.status === 'failed')?.layer ?? null;
  if (expected.layer !== undefined && layer !== expected.layer) complaints.push(`failed layer ${layer} instead of ${expected.layer}`);

  const telling = target.findings.find((finding) => finding.cause === (target.cause ?? expected.findings?.[0]));
  if (expected.says !== undefined && !(telling !== undefined && expected.says.test(textOf(telling)))) {
    complaints.push(`does not say ${expected.says}`);
  }
  if (expected.remedy !== undefined && !expected.remedy.test(JSON.stringify(telling?.remedies ?? []))) {
    complaints.push(`no remedy with ${expected.remedy}`);
  }
  if (target.status !== 'failed' && report.targets.length === 1 && run.code !== 0) complaints.push(`exit code ${run.code} instead of 0`);
  return complaints;
}

function judgeRefusal(expected: ExpectedRefusal, run: DoctorRun): string[] {
  const complaints: string[] = [];
  if (run.code !== 2) complaints.push(`exit code ${run.code ?? run.signal} instead of 2`);
  if (run.document?.schema !== 'mcpreach.error/1') return [...complaints, `no error document: ${run.stdout.slice(0, 120)}`];
  const text = `${run.document.error.code}: ${run.document.error.message}`;
  if (run.document.error.code === '' || run.document.error.message === '') complaints.push('an empty code or message');
  if (expected.says !== undefined && !expected.says.test(text)) complaints.push(`"${text}" does not say ${expected.says}`);
  return complaints;
}

function judgeEnd(code: number, run: DoctorRun): string[] {
  const complaints: string[] = [];
  if (run.code !== code) complaints.push(`ended with ${run.code ?? run.signal} instead of ${code}`);
  if ((run.msAfterInterrupt ?? 0) > INTERRUPT_BAR_MS) complaints.push(`ended ${Math.round(run.msAfterInterrupt ?? 0)} ms after the signal`);
  return complaints;
}

/** Everything that is wrong with the run; empty when the case passed. */
export async function judge(fault: Fault, arranged: Arranged, run: DoctorRun): Promise<string[]> {
  const { expect } = fault;
  const complaints =
    expect.kind === 'verdict'
      ? judgeVerdict(expect, run)
      : expect.kind === 'refusal'
        ? judgeRefusal(expect, run)
        : judgeEnd(expect.code, run);
  if (run.ms > fault.within) complaints.push(`took ${Math.round(run.ms)} ms, at most ${fault.within} are allowed`);
  if ((run.peakKilobytes ?? 0) > MEMORY_BAR_KILOBYTES) complaints.push(`peak memory ${Math.round((run.peakKilobytes ?? 0) / 1024)} MB`);
  if (FOREIGN_NOISE.test(run.stderr)) complaints.push(`stderr is not fit for a user: ${run.stderr.trim().split('\n')[0]}`);
  for (const survivor of run.survivors) complaints.push(`left a process: ${survivor}`);
  for (const secret of fault.secrets) {
    if ((run.stdout + run.stderr).includes(secret)) complaints.push(`shows the secret ${secret}`);
  }
  complaints.push(...((await arranged.check?.(run)) ?? []));
  return complaints;
}

/** The target called `NAME` or `CLIENT:NAME`; the first without a name. */
function targetOf({ targets }: Report, name: string | undefined): ReportTarget | undefined {
  return name === undefined ? targets[0] : targets.find((target) => [target.name, `${target.client}:${target.name}`].includes(name));
}

/** The verdict in a word, for the table. */
export function verdictOf(run: DoctorRun, fault: Fault): string {
  const report = run.document;
  if (report === null) return run.signal ?? `exit ${run.code}`;
  if (report.schema !== 'mcpreach.report/1') return `refused: ${report.error.code}`;
  const target = targetOf(report, fault.expect.kind === 'verdict' ? fault.expect.target : undefined);
  if (target === undefined) return 'nothing';
  if (target.status === 'failed') return `${target.cause}`;
  const codes = target.findings.filter((finding) => finding.severity !== 'advice').map((finding) => finding.cause);
  return codes.length === 0 ? target.status : `${target.status}: ${codes.join(', ')}`;
}
