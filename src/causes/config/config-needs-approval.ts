import { defineConfigCause, type MatchBase, type Severity } from '../../model/cause.ts';
import type { Skip } from '../../model/config-evidence.ts';
import { configEvidence } from '../../model/config-examples.ts';

interface Args extends MatchBase {
  readonly severity: Severity;
  readonly why: Extract<Skip, 'no-consent' | 'rejected'> | 'pending';
  readonly client: string;
  readonly file: string;
  readonly name: string;
  readonly step: string;
}

/** The entry waits for somebody's consent: the client's question, or ours. */
export const cause = defineConfigCause({
  id: 'config-needs-approval',
  group: 'config',
  title: 'The entry waits for approval',
  layer: 'config',
  severity: 'warning',
  needs: [],
  hiddenBy: [],
  match({ target, skip, approval }): Args | undefined {
    const base = { certainty: 'proved', client: target.client, file: target.file, name: target.name, step: target.approvalStep } as const;
    if (skip === 'no-consent' || skip === 'rejected') return { ...base, why: skip, severity: 'advice' };
    return skip === null && approval === 'needed' ? { ...base, why: 'pending', severity: 'warning' } : undefined;
  },
  explain({ why, client, file, name }) {
    const summaries = {
      'no-consent': `${name} was not started: its command stands in ${file}, and nobody has agreed to run it.`,
      rejected: `${name} was rejected in ${client}, so it is not used.`,
      pending: `${client} does not use ${name} before it is approved.`,
    };
    const facts = {
      'no-consent': `${file} lies in the working directory; its commands may come from anybody who writes to the project`,
      rejected: `${client} keeps the answer "no" for ${name}`,
      pending: `no answer about ${name} is kept by ${client}`,
    };
    return { summary: summaries[why], evidence: [facts[why]] };
  },
  remedies({ why, file, step }) {
    const ask = { kind: 'tell', title: step === '' ? 'Approve it in the client.' : step } as const;
    return why === 'no-consent' ? [{ kind: 'tell', title: `Read the commands in ${file}, then run mcpreach again with --yes.` }] : [ask];
  },
  about: `A file inside a project can come from anybody who writes to the project, so clients ask before they use what it says.
Until the answer is given, or after a "no", the server is not there.
mcpreach reads where the client keeps its answers, and asks by itself before it runs a command from such a file.
Give consent to mcpreach with \`--yes\`, or with an answer at the terminal; it holds for the file's content as it is now.
By hand: the client's page in docs/clients says where it asks.`,
  refs: ['https://code.claude.com/docs/en/mcp', 'https://modelcontextprotocol.io/specification/2025-06-18/basic/security_best_practices'],
  examples: () => ({
    fires: [
      { title: 'a command of a project that nobody agreed to', evidence: configEvidence({ skip: 'no-consent' }) },
      { title: 'approval is pending in the client', evidence: configEvidence({ approval: 'needed' }) },
      { title: 'rejected in the client', evidence: configEvidence({ approval: 'rejected', skip: 'rejected' }) },
    ],
    quiet: [
      { title: 'approved', evidence: configEvidence({ approval: 'approved' }) },
      { title: 'switched off', evidence: configEvidence({ approval: 'needed', skip: 'switched-off' }) },
    ],
  }),
});
