import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CONFIG_CAUSES } from '../../src/causes/config/index.gen.ts';
import { judgeConfig } from '../../src/diagnose/judge.ts';
import { LAYERS } from '../../src/model/layer.ts';
import type { Remedy } from '../../src/model/remedy.ts';
import { harms, weakens } from './advice.ts';
import { CODES } from './codes.ts';
import { readSources } from './repository.ts';

const ids: ReadonlySet<string> = new Set(CONFIG_CAUSES.map(({ id }) => id));

test('each config cause has a file named after its id, and each file its cause', () => {
  const files = readSources('src/causes/config').map(({ path }) => path.slice('src/causes/config/'.length));
  const causes = files.filter((file) => file !== 'index.gen.ts' && file !== 'from-problem.ts' && !file.endsWith('.test.ts'));
  assert.deepEqual(
    causes,
    [...ids].map((id) => `${id}.ts`).sort((a, b) => (a < b ? -1 : 1)),
  );
});

for (const cause of CONFIG_CAUSES) {
  describe(`${cause.id} (config)`, () => {
    const { fires, quiet } = cause.examples();

    test('is a public code with its texts and examples', () => {
      assert.ok((CODES[cause.group] as readonly string[]).includes(cause.id), `no public code of the group ${cause.group}`);
      assert.ok(LAYERS.includes(cause.layer));
      assert.match(cause.title, /^\S.*[^.\s]$/);
      assert.ok(cause.about.trim().length >= 80);
      assert.equal(weakens(cause.about), null);
      assert.ok(cause.refs.length > 0 && cause.refs.every((ref) => ref.startsWith('https://') && URL.canParse(ref)));
      assert.ok(fires.length > 0 && quiet.length > 0);
    });

    for (const { title, evidence } of fires) {
      test(`fires: ${title}`, () => {
        const { findings, verdict } = judgeConfig(evidence, CONFIG_CAUSES);
        const seen = findings.map((one) => one.cause).join(', ');
        const finding = findings.find((one) => one.cause === cause.id);
        assert.ok(finding, `not among the findings: ${seen}`);
        if (finding.severity === 'error') assert.equal(verdict?.cause, cause.id, `the findings are ${seen}`);
      });

      test(`speaks plainly and does no harm: ${title}`, () => {
        const args = cause.match(evidence);
        assert.ok(args);
        const { summary, evidence: facts } = cause.explain(args);
        const remedies: readonly Remedy[] = cause.remedies(args, evidence.host);
        assert.match(summary, /^\S.*\.$/, 'the summary is one sentence on one line');
        assert.ok(summary.length <= 200, `${summary.length} characters: ${summary}`);
        for (const text of [summary, ...facts]) {
          assert.ok(text.trim() !== '' && !/[\r\n]/.test(text), `not one line: ${JSON.stringify(text)}`);
          assert.doesNotMatch(text, /undefined|\[object|NaN/);
          assert.equal(weakens(text), null);
        }
        for (const remedy of remedies) {
          assert.doesNotMatch(JSON.stringify(remedy), /undefined|\[object|NaN/);
          assert.equal(harms(remedy), null);
        }
      });
    }

    for (const { title, evidence } of quiet) {
      test(`stays quiet: ${title}`, () => {
        const finding = judgeConfig(evidence, CONFIG_CAUSES).findings.find((one) => one.cause === cause.id);
        const isHidden = cause.hiddenBy === 'any-other' && finding?.hiddenBy !== null;
        assert.ok(finding === undefined || isHidden, finding?.summary);
      });
    }
  });
}
