/** Reporter for node:test: shows what failed and why, and ends with `N passed, N failed[, N skipped]`. */
import { relative } from 'node:path';
import { inspect } from 'node:util';
import { closingLine } from './lib/totals.mjs';

/** Node's own wrapper errors hide the thrown one in `cause`. */
function reason(error) {
  const inner = error?.cause ?? error;
  const text = inner instanceof Error ? (inner.stack ?? inner.message) : inspect(inner);
  return text.replace(/^/gm, '    ');
}

function place(data) {
  return data.file === undefined ? '' : ` (${relative(process.cwd(), data.file)}${data.line === undefined ? '' : `:${data.line}`})`;
}

/** In process-per-file mode the file itself is reported too; it counts only when it fails. */
function isFile(data) {
  return data.nesting === 0 && /\.[cm]?js$/.test(data.name);
}

export default async function* report(source) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    if (type === 'test:pass' && data.details.type !== 'suite' && !isFile(data)) {
      if (data.skip !== undefined) totals.skipped += 1;
      else totals.passed += 1;
    }
    if (type === 'test:fail') {
      // The parent of a failed subtest only repeats it.
      if (data.details.error?.failureType === 'subtestsFailed') continue;
      totals.failed += 1;
      yield `  failed: ${data.name}${place(data)}\n${reason(data.details.error)}\n`;
    }
    if (type === 'test:stderr' || type === 'test:stdout') yield data.message;
  }
  yield `${closingLine(totals)}\n`;
}
