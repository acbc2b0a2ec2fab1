import type { Mend } from '../../model/config.ts';
import type { Report } from '../../model/report.ts';
import { openWorkbench, type Workbench } from './apply.ts';
import { type Draft, draftsOf } from './drafts.ts';
import { type Ledger, openLedger, updated } from './ledger.ts';
import { choose, filesOf, isJoined, type Proposal, triedKey } from './plan.ts';
import type { Diagnosed, FixPorts, Question } from './ports.ts';
import { harmful } from './verify.ts';

export interface FixOutcome {
  /** The last diagnosis of each target, with what was done about it. */
  readonly report: Report;
  /** 0: nothing is left failing, and every edit that was made helped · 1: otherwise. */
  readonly exitCode: 0 | 1;
  /** Edits that were planned and not agreed to. */
  readonly declined: number;
}

interface Run {
  readonly ports: FixPorts;
  readonly bench: Workbench;
  readonly ledger: Ledger;
  /** Mends that were proposed in an earlier round, whatever came of them. */
  readonly tried: Set<string>;
  declined: number;
}

/** An edit that was agreed to. */
interface Order {
  readonly proposal: Proposal;
  readonly drafts: readonly Draft[];
  readonly question: Question;
}

/** Behind one fault the next may show; a config with more of them than this is better looked at by a person. */
const ROUNDS = 8;

/**
 * Diagnoses, makes the edits that are agreed to, and diagnoses again, until nothing more can be done. What did not help is
 * taken back. One backup for each file holds it as it was before the run.
 */
export async function fix(ports: FixPorts): Promise<FixOutcome> {
  // Asked for before the diagnosis: what is written after this moment is not what was diagnosed.
  const bench = openWorkbench(ports.state, ports.formatOf);
  const run: Run = { ports, bench, ledger: openLedger(), tried: new Set(), declined: 0 };
  let known = await ports.diagnose(null);
  for (let round = 0; round < ROUNDS; round += 1) {
    ports.signal.throwIfAborted();
    const proposals = await proposalsOf(known, run);
    if (proposals === null) break;
    const orders = await ordersFor(proposals, run);
    if (ports.dryRun && run.declined > 0) break;
    if (orders.length > 0) known = await carryOut(orders, known, run);
  }
  const report = run.ledger.close(known, (file) => bench.backupOf(file)?.copy ?? null);
  const left = ports.dryRun
    ? report.targets.some(({ status, fixes = [] }) => status === 'failed' && fixes.length === 0)
    : report.summary.failed > 0;
  return { report, exitCode: left || run.ledger.hasFailures() ? 1 : 0, declined: run.declined };
}

/** What to do next; null when there is nothing more. Targets with several equally good mends are told, and left alone. */
async function proposalsOf({ patients }: Diagnosed, { bench, ledger, ports, tried }: Run): Promise<readonly Proposal[] | null> {
  const { proposals, dilemmas } = choose(patients, tried);
  for (const { patient, mends } of dilemmas) {
    const reason = `${mends.length} edits are equally good, so that none was made`;
    ports.tell({ kind: 'refused', title: mends.map(({ title }) => title).join(' / '), servers: [patient.target.name], reason });
    for (const mend of mends) {
      tried.add(triedKey(patient, mend));
      ledger.enter([patient], mend, await draftsOf(mend, bench, ports.formatOf), { error: reason });
    }
  }
  return proposals.length === 0 && dilemmas.length === 0 ? null : proposals;
}

/** Shows each edit and asks for it. */
async function ordersFor(proposals: readonly Proposal[], run: Run): Promise<readonly Order[]> {
  const { bench, ledger, ports, tried } = run;
  const orders: Order[] = [];
  for (const proposal of proposals) {
    const { mend, patients } = proposal;
    for (const patient of patients) tried.add(triedKey(patient, mend));
    const drafts = await draftsOf(mend, bench, ports.formatOf);
    const servers = [...new Set(patients.map(({ target }) => target.name))];
    const reason = drafts.find((draft) => draft.reason !== null)?.reason;
    // Mends that do not go together are tried one by one in the next round.
    if (reason != null && isJoined(proposal)) continue;
    if (reason != null) {
      ports.tell({ kind: 'refused', title: mend.title, servers, reason });
      ledger.enter(patients, mend, drafts, { error: reason });
      continue;
    }
    const question = { title: mend.title, servers, diffs: drafts.map(({ file, diff }) => ({ file, diff: diff ?? '' })) };
    ports.tell({ kind: 'planned', question });
    if (!ports.dryRun && (await ports.confirm(question))) orders.push({ proposal, drafts, question });
    else {
      run.declined += 1;
      ledger.enter(patients, mend, drafts, {});
    }
    ports.signal.throwIfAborted();
  }
  return orders;
}

/** Writes, diagnoses again, and takes back what did not help; several edits of one file are one write. */
async function carryOut(orders: readonly Order[], before: Diagnosed, { bench, ledger, ports }: Run): Promise<Diagnosed> {
  const round = bench.openRound();
  const refused = new Map<Mend, string>();
  const settle = async (mends: readonly Mend[]) => {
    for (const { mend, reason } of await round.settle(mends)) refused.set(mend, reason);
  };
  await settle(orders.map(({ proposal }) => proposal.mend));
  const written = orders.map(({ proposal }) => proposal).filter(({ mend }) => !refused.has(mend));
  const files = new Set(written.flatMap(({ mend }) => filesOf(mend)));
  let after = before;
  let bad: ReadonlySet<Mend> = new Set();
  if (written.length > 0) {
    const fresh = await diagnoseOrRestore(files, ports, () => settle([]));
    bad = harmful(written, before.patients, fresh.patients);
    const kept = written.filter(({ mend }) => !bad.has(mend));
    if (bad.size === 0) after = updated(before, fresh, files);
    else {
      await settle(kept.map(({ mend }) => mend));
      // What is left may have depended on what was taken back.
      if (kept.length > 0) after = updated(before, await ports.diagnose(files), files);
    }
  }
  for (const { proposal, drafts, question } of orders) {
    const { mend, patients } = proposal;
    const reason = refused.get(mend);
    const helped = !bad.has(mend);
    if (reason !== undefined) {
      ports.tell({ kind: 'refused', title: question.title, servers: question.servers, reason });
      ledger.enter(patients, mend, drafts, { applied: !helped, error: reason });
    } else if (helped) {
      ports.tell({ kind: 'verified', question });
      ledger.enter(patients, mend, drafts, { applied: true, verified: true });
    } else {
      ports.tell({ kind: 'rolled-back', question });
      ledger.enter(patients, mend, drafts, {
        applied: true,
        rolledBack: true,
        error: 'the diagnosis was no better afterwards, so that it was taken back',
      });
    }
  }
  return after;
}

/** Interrupted before it is known whether the edits help, the old files come back. */
async function diagnoseOrRestore(files: ReadonlySet<string>, ports: FixPorts, restore: () => Promise<void>): Promise<Diagnosed> {
  try {
    return await ports.diagnose(files);
  } catch (error) {
    await restore();
    throw error;
  }
}
