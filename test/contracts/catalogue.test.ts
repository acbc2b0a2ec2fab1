import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CAUSES } from '../../src/causes/index.gen.ts';
import { judge } from '../../src/diagnose/judge.ts';
import type { AnyCause, Example } from '../../src/model/cause.ts';
import type { Remedy } from '../../src/model/remedy.ts';
import { LAYERS } from '../../src/model/layer.ts';
import { harms, weakens } from './advice.ts';
import { CODES } from './codes.ts';
import { readSources } from './repository.ts';

const byId = new Map<string, AnyCause>(CAUSES.map((cause) => [cause.id, cause]));

/** What the whole catalogue says about a cause's example. */
function findingOf(cause: AnyCause, { evidence }: Example) {
  const judgement = judge(evidence, CAUSES);
  return { judgement, finding: judgement.findings.find((one) => one.cause === cause.id) };
}

/** What the cause itself says about an example that fires it. */
function ownWords(cause: AnyCause, { evidence }: Example) {
  const args = cause.match(evidence);
  assert.ok(args, `${cause.id} does not match its own example`);
  const { summary, evidence: facts } = cause.explain(args);
  const remedies: readonly Remedy[] = cause.remedies(args, evidence.host);
  return { summary, facts, remedies };
}

test('each cause has a file named after its id, and each file its cause', () => {
  const files = readSources('src/causes').map(({ path }) => path.slice('src/causes/'.length));
  const causes = files.filter((file) => file !== 'index.gen.ts' && !file.endsWith('.test.ts') && !file.includes('/'));
  assert.deepEqual(
    causes,
    [...byId.keys()].map((id) => `${id}.ts`).sort((a, b) => (a < b ? -1 : 1)),
  );
  assert.equal(byId.size, CAUSES.length, 'an id is used twice');
});

test('hiddenBy names known causes and never leads back', () => {
  const hiders = (id: string): readonly string[] => {
    const hiddenBy = byId.get(id)?.hiddenBy ?? [];
    return hiddenBy === 'any-other' ? [] : hiddenBy;
  };
  for (const { id } of CAUSES) {
    const reached = new Set<string>();
    const queue = [...hiders(id)];
    for (const hider of queue) {
      assert.ok(byId.has(hider), `${id} is hidden by ${hider}, which does not exist`);
      assert.notEqual(hider, id, `${id} hides itself by way of ${[...reached].join(', ')}`);
      if (!reached.has(hider)) {
        reached.add(hider);
        queue.push(...hiders(hider));
      }
    }
  }
});

for (const cause of CAUSES) {
  describe(cause.id, () => {
    test('is a public code with its texts', () => {
      // New codes may come; a public one keeps its group.
      const published = Object.entries(CODES).find(([, codes]) => (codes as readonly string[]).includes(cause.id));
      assert.equal(published?.[0] ?? cause.group, cause.group, 'the group of a public code');
      assert.ok(LAYERS.includes(cause.layer));
      assert.match(cause.title, /^\S.*[^.\s]$/, 'the title is a short line without a period');
      assert.ok(cause.about.trim().length >= 80, 'about says what happens, why, and how one confirms it');
      assert.equal(weakens(cause.about), null);
      assert.ok(cause.refs.length > 0, 'at least one reference');
      for (const ref of cause.refs) assert.ok(ref.startsWith('https://') && URL.canParse(ref), ref);
      if (cause.group === 'advice') assert.equal(cause.severity, 'advice');
    });

    const { fires, quiet } = cause.examples();

    test('has an example that fires and one that stays quiet', () => {
      assert.ok(fires.length > 0, 'no firing example');
      assert.ok(quiet.length > 0, 'no quiet example');
    });

    for (const example of fires) {
      test(`fires: ${example.title}`, () => {
        const { judgement, finding } = findingOf(cause, example);
        const seen = judgement.findings.map((one) => one.cause).join(', ');
        assert.ok(finding, `not among the findings: ${seen}`);
        if (finding.severity === 'error') assert.equal(judgement.verdict?.cause, cause.id, `the findings are ${seen}`);
      });

      test(`speaks plainly and does no harm: ${example.title}`, () => {
        const { summary, facts, remedies } = ownWords(cause, example);
        assert.match(summary, /^\S.*\.$/, 'the summary is one sentence on one line');
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

    for (const example of quiet) {
      test(`stays quiet: ${example.title}`, () => {
        const { finding } = findingOf(cause, example);
        // What is left when nothing else explains does match beside a better reason, and is then hidden.
        const isHidden = cause.hiddenBy === 'any-other' && finding?.hiddenBy !== null;
        assert.ok(finding === undefined || isHidden, finding?.summary);
      });
    }
  });
}
