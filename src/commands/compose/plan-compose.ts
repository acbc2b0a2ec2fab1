import { CONFIG_CAUSES } from '../../causes/config/index.gen.ts';
import { judgeConfig } from '../../diagnose/judge.ts';
import type { PlannedTarget } from '../../diagnose/run.ts';
import { type PlanContext, reportOf } from '../configs/entry-plan.ts';
import type { ComposeTarget } from '../configs/known.ts';
import { mergeFindings } from '../configs/merge.ts';

/** A service of a Compose file, or the file: only its text is judged. */
export function planCompose(
  { name, address, transport, file, position, problems, summary, text }: ComposeTarget,
  { onMends }: Pick<PlanContext, 'onMends'>,
): PlannedTarget {
  return {
    input: null,
    secrets: [],
    finish(_, host) {
      const target = { name, client: 'Compose', transport, file: file.shown, approvalStep: '', switchedOffBy: '' };
      const { findings } = judgeConfig({ host, target, problems, approval: 'not-needed', skip: null }, CONFIG_CAUSES);
      const { status, ...merged } = mergeFindings(findings, null, null);
      const base = {
        name,
        client: null,
        source: { file: file.shown, line: position.line, column: position.column, scope: file.scope },
        transport,
        address,
        text,
        file,
      };
      const report = reportOf(base, { ...merged, status: status === 'skipped' ? 'ok' : status }, null, null, onMends);
      return report.status === 'ok' ? { ...report, summary } : report;
    },
  };
}
