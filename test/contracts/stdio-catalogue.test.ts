import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CAUSES } from '../../src/causes/index.gen.ts';
import { STDIO_CAUSES } from '../../src/causes/stdio/index.gen.ts';
import { judgeStdio } from '../../src/diagnose/judge.ts';
import { LAYERS } from '../../src/model/layer.ts';
import type { Remedy } from '../../src/model/remedy.ts';
import { harms, weakens } from './advice.ts';
import { CODES } from './codes.ts';
import { readSources } from './repository.ts';

const ids: ReadonlySet<string> = new Set(STDIO_CAUSES.map(({ id }) => id));

test('each stdio cause has a file named after its id, and each file its cause', () => {
  const files = readSources('src/causes/stdio').map(({ path }) => path.slice('src/causes/stdio/'.length));
  const causes = files.filter((file) => file !== 'index.gen.ts' && !file.endsWith('.test.ts'));
  assert.deepEqual(
    causes,
    [...ids].map((id) => `${id}.ts`).sort((a, b) => (a < b ? -1 : 1)),
  );
});

test('a code that both kinds of target have means the same for both', () => {
  for (const cause of STDIO_CAUSES) {
    const other = CAUSES.find(({ id }) => id === cause.id);
    if (other !== undefined) assert.deepEqual([cause.group, cause.title], [other.group, other.title]);
  }
});

test('hiddenBy names stdio causes and never leads back', () => {
  const hiders = (id: string): readonly string[] => {
    const hiddenBy = STDIO_CAUSES.find((cause) => cause.id === id)?.hiddenBy ?? [];
    return hiddenBy === 'any-other' ? [] : hiddenBy;
  };
  for (const id of ids) {
    const reached = new Set<string>();
    const queue = [...hiders(id)];
    for (const hider of queue) {
      assert.ok(ids.has(hider), `${id} is hidden by ${hider}, which does not exist`);
      assert.notEqual(hider, id, `${id} hides itself by way of ${[...reached].join(', ')}`);
      if (!reached.has(hider)) {
        reached.add(hider);
        queue.push(...hiders(hider));
      }
    }
  }
});

for (const cause of STDIO_CAUSES) {
  describe(`${cause.id} (stdio)`, () => {
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
        const { findings, verdict } = judgeStdio(evidence, STDIO_CAUSES);
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
        const finding = judgeStdio(evidence, STDIO_CAUSES).findings.find((one) => one.cause === cause.id);
        const isHidden = cause.hiddenBy === 'any-other' && finding?.hiddenBy !== null;
        assert.ok(finding === undefined || isHidden, finding?.summary);
      });
    }
  });
}
