import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What may be shipped. */
const allowed = new Set(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD']);

/**
 * The licences of the packages whose code or data is in dist/, as one text.
 * @param {readonly { inputs: Record<string, unknown> }[]} metafiles of esbuild: what went into each bundle.
 * @param {readonly string[]} further packages whose data is shipped without being bundled, by name.
 * @throws {Error} where a package's licence may not be shipped, or it has no text of one.
 */
export function notices(metafiles, further = []) {
  const folders = new Set(further.map((name) => join('node_modules', name)));
  for (const { inputs } of metafiles) {
    for (const path of Object.keys(inputs)) {
      const found = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path.replaceAll('\\', '/'));
      if (found) folders.add(found[0]);
    }
  }
  const packages = [...folders].map(read).sort((a, b) => (a.id < b.id ? -1 : 1));
  const unlike = packages.filter(({ license }) => !allowed.has(license));
  if (unlike.length > 0) throw new Error(`These may not be shipped: ${unlike.map(({ id, license }) => `${id} (${license})`).join(', ')}.`);
  const byText = new Map();
  for (const { id, license, text } of packages) {
    const key = `${license}\n${text}`;
    byText.set(key, [...(byText.get(key) ?? []), id]);
  }
  const parts = [...byText].map(([key, ids]) => `${ids.join('\n')}\n\n${key.slice(0, key.indexOf('\n'))}\n\n${key.slice(key.indexOf('\n') + 1)}`);
  return `Pod Roles holds code and data of these packages.\n\n${parts.join(`\n\n${'='.repeat(79)}\n\n`)}\n`;
}

function read(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)(\.|$|-)/i.test(one));
  const notice = existsSync(join(folder, 'NOTICE')) ? `\n\n${readFileSync(join(folder, 'NOTICE'), 'utf8').trim()}` : '';
  return { id: `${name} ${version}`, license, text: file ? readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim() + notice : `The package says ${license} and holds no text of it.` };
}
