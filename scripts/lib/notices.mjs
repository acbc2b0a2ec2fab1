/** The licences of the packages that really went into the bundle. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, readJson } from './project.mjs';

/** Folders (below node_modules) of every package with code in the bundle, sorted. */
export function bundledPackages(output) {
  const marker = at('node_modules').replaceAll('\\', '/');
  const folders = new Set();
  for (const chunk of output) {
    if (chunk.type !== 'chunk') continue;
    for (const [id, module] of Object.entries(chunk.modules)) {
      const path = id.replaceAll('\\', '/').replace(/^\0/, '').replace(/\?.*$/, '');
      if (!path.startsWith(marker) || module.renderedLength === 0) continue;
      folders.add(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)[0]);
    }
  }
  return [...folders].sort();
}

/** One section per package: name, version, licence and its full text. Throws when a package has no licence. */
export function renderNotices(folders) {
  const sections = folders.map((folder) => {
    const { name, version, license } = readJson(join(folder, 'package.json'));
    const file = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)/i.test(entry) && existsSync(join(folder, entry)));
    if (license === undefined) throw new Error(`${name} names no licence, so it cannot be bundled.`);
    const text = file === undefined ? '(The package comes without a licence text.)' : readFileSync(join(folder, file), 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  const line = `\n${'-'.repeat(78)}\n\n`;
  return `This program contains code of the following packages.\n${line}${sections.join(line)}`;
}
