import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { CONFIG_CAUSES } from '../../src/causes/config/index.gen.ts';
import { CAUSES } from '../../src/causes/index.gen.ts';
import { CAUSE_PAGES } from '../../src/causes/pages/index.ts';
import { STDIO_CAUSES } from '../../src/causes/stdio/index.gen.ts';
import { explainCode } from '../../src/commands/explain/account.ts';
import { renderExplanation } from '../../src/formats/explanation.ts';
import { partsOf } from '../../src/model/account.ts';
import { weakens } from './advice.ts';
import { CODES } from './codes.ts';
import { ROOT } from './repository.ts';

const codes: readonly string[] = Object.values(CODES).flat();
const pages = [...CAUSES, ...STDIO_CAUSES, ...CONFIG_CAUSES, ...CAUSE_PAGES];

function pageOf(code: string): string {
  return join(ROOT, 'docs', 'causes', `${code}.md`);
}

test('every public code has a page, and the same in the terminal', () => {
  const missing = codes.filter((code) => !existsSync(pageOf(code)) || explainCode(code) === undefined);
  assert.deepEqual(missing, []);
});

test('no page is of a code that nobody published', () => {
  assert.deepEqual(
    pages.map(({ id }) => id).filter((id) => !codes.includes(id)),
    [],
  );
});

for (const page of pages) {
  describe(page.id, () => {
    test('says what happens, how it is proved, how to see it by hand, and where that is from', () => {
      const { happens, proof, byHand } = partsOf(page.about);
      assert.ok(happens.length >= 40, 'what happens');
      assert.ok(proof.length >= 20, 'a sentence that begins with mcpreach and says how it is proved');
      assert.match(byHand, /^By hand[:,] \S/, '"By hand:" and what to do');
      assert.ok(page.refs.length > 0, 'a source');
      for (const ref of page.refs) assert.ok(ref.startsWith('https://') && URL.canParse(ref), ref);
      assert.equal(weakens(page.about), null);
    });

    test('what is read with the tools of one system is said for the others', () => {
      const { byHand } = partsOf(page.about);
      // ss, getent and ip are of Linux; lsof and dscacheutil are how macOS does it.
      // A container is Linux wherever it runs, and a seccomp filter is of Linux.
      if (/`(?:ss|getent|ip|findmnt) /.test(byHand) && !/\/proc\/|inside a container/.test(byHand)) {
        assert.match(byHand, /\(macOS\)|macOS|wsl\.exe/, 'macOS');
        assert.match(byHand, /\(Windows\)|Windows|PowerShell|wsl\.exe/i, 'Windows');
      }
    });

    test('the terminal says what the page says', () => {
      const explanation = explainCode(page.id);
      assert.ok(explanation?.account);
      const shown = renderExplanation(explanation, { colors: false, columns: 100, unicode: true, verbose: false, quiet: false }).replace(
        /\s+/g,
        ' ',
      );
      const written = readFileSync(pageOf(page.id), 'utf8');
      for (const part of Object.values(partsOf(page.about))) {
        const [sentence = ''] = part.replace(/\s+/g, ' ').split(/(?<=[.:]) /);
        assert.ok(shown.includes(sentence), `the terminal misses: ${sentence}`);
      }
      for (const ref of page.refs) assert.ok(shown.includes(ref) && written.includes(ref), ref);
      const named = CAUSE_PAGES.find(({ id }) => id === page.id);
      if (named !== undefined) assert.deepEqual(explanation.account.mend, named.mend);
      for (const step of explanation.account.mend) assert.ok(shown.includes(step.replace(/\s+/g, ' ')), `the terminal misses: ${step}`);
      assert.match(written, /^## What happens\n[\s\S]*^## How mcpreach proves it\n[\s\S]*^## See it by hand\n[\s\S]*^## Sources\n/m);
    });
  });
}
