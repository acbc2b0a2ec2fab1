import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FORMATS } from '../../src/formats/index.gen.ts';
import type { Format, RenderOptions } from '../../src/model/format.ts';
import { createRedactor, maskUrl } from '../../src/model/redact.ts';
import type { Report } from '../../src/model/report.ts';
import { everyText, sampleReport } from './sample-report.ts';

const OPTIONS: RenderOptions = { colors: false, columns: 80, unicode: true, verbose: true, quiet: false };

const formats: readonly Format[] = await Promise.all(Object.values(FORMATS).map((load) => load()));

/** What all formats print without any secret in the report; a made-up secret must not occur in it by chance. */
const ORDINARY = formats.map((format) => format.render(sampleReport('text'), OPTIONS)).join('\n');

/** What a header may carry and long enough to be a secret. */
const headerValue = fc
  .string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 40 })
  .map((value) => value.trim())
  .filter((value) => value.length >= 8 && !ORDINARY.includes(value) && !/^\*+$/.test(value));

/** A secret as a server's answer or an error message may repeat it: as it is, in a URL, in JSON. */
function forms(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}

function echoes(secret: string): string {
  const [plain, inUrl, inJson] = forms(secret);
  return `it said ${plain} and ?token=${inUrl} and {"token":"${inJson}"}`;
}

/** The report as the world sees it, in every format. */
function published(report: Report, secrets: readonly string[]): readonly (readonly [string, string])[] {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  const safe = redactor.deep(report);
  for (const text of everyText(safe)) {
    for (const form of secrets.flatMap(forms)) assert.ok(!text.includes(form), `the report shows ${form}`);
  }
  return formats.map((format) => [format.id, format.render(safe, OPTIONS)] as const);
}

test('no format shows a header value, wherever it was repeated', () => {
  fc.assert(
    fc.property(headerValue, (value) => {
      for (const [id, text] of published(sampleReport(echoes(value)), [value])) assert.ok(!text.includes(value), `${id} shows ${value}`);
    }),
  );
});

test('no format shows the token of a Bearer header, by itself either', () => {
  fc.assert(
    fc.property(fc.base64String({ minLength: 12, maxLength: 60 }), (token) => {
      for (const [id, text] of published(sampleReport(echoes(token)), [`Bearer ${token}`]))
        assert.ok(!text.includes(token), `${id} shows ${token}`);
    }),
  );
});

test('a shown address carries neither credentials nor query values', () => {
  const word = fc.stringMatching(/^[a-zA-Z0-9]{12,30}$/);
  fc.assert(
    fc.property(word, word, word, (user, password, value) => {
      const url = maskUrl(new URL(`http://${user}:${password}@127.0.0.1:3000/mcp?api_key=${value}`));
      for (const [id, text] of published(sampleReport(url), [])) {
        for (const secret of [user, password, value]) assert.ok(!text.includes(secret), `${id} shows ${secret}`);
      }
    }),
  );
});

test('foreign text cannot act on a terminal, and the same report gives the same bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (foreign) => {
      const report = sampleReport(foreign);
      for (const format of formats) {
        const text = format.render(report, OPTIONS);
        assert.ok(text.endsWith('\n'), format.id);
        assert.doesNotMatch(text, /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/, format.id);
        assert.equal(format.render(report, OPTIONS), text, format.id);
      }
    }),
  );
});

test('the sample has text in every place a report can have it', () => {
  assert.ok(everyText(sampleReport('PROBE')).filter((text) => text.includes('PROBE')).length >= 12);
});
