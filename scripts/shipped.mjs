// What of others is in dist/: the notices of their licences, and the bill of materials.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What may be shipped. */
const allowed = new Set(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD', 'BlueOak-1.0.0']);

/**
 * The packages whose code or data is in dist/, by name and version, sorted.
 * @param {{ inputs: Record<string, unknown> }} metafile of esbuild: what went into the bundles.
 * @param {readonly string[]} further packages whose data is shipped without being bundled, by name.
 * @throws {Error} where a package's licence may not be shipped.
 */
export function shippedPackages(metafile, further = []) {
  const folders = new Set(further.map((name) => join('node_modules', name)));
  for (const path of Object.keys(metafile.inputs)) {
    const found = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path.replaceAll('\\', '/'));
    if (found) folders.add(found[0]);
  }
  // A package that is installed in several places is one.
  const packages = [...new Map([...folders].map(read).map((each) => [each.id, each])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const unlike = packages.filter(({ license }) => !allowed.has(license));
  if (unlike.length > 0) throw new Error(`These may not be shipped: ${unlike.map(({ id, license }) => `${id} (${license})`).join(', ')}.`);
  return packages;
}

/** The licences of the packages as one text. */
export function notices(packages) {
  const byText = new Map();
  for (const { id, license, text } of packages) {
    const key = `${license}\n${text}`;
    byText.set(key, [...(byText.get(key) ?? []), id]);
  }
  const parts = [...byText].map(
    ([key, ids]) => `${ids.join('\n')}\n\n${key.slice(0, key.indexOf('\n'))}\n\n${key.slice(key.indexOf('\n') + 1)}`,
  );
  return `Pod Roles holds code and data of these packages.\n\n${parts.join(`\n\n${'='.repeat(79)}\n\n`)}\n`;
}

/**
 * The bill of materials, in CycloneDX 1.6: scanners find in it what a bundle hides. It holds no time and no random
 * number, so that the same sources give the same file.
 * @param {{ name: string, version: string, license: string }} product
 */
export function billOfMaterials(product, packages) {
  const purl = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const component = (type, each) => ({
    type,
    'bom-ref': purl(each),
    name: each.name,
    version: each.version,
    licenses: [{ license: { id: each.license } }],
    purl: purl(each),
  });
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: component('application', product) },
    components: packages.map((each) => component('library', each)),
  };
}

function read(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)(\.|$|-)/i.test(one));
  const notice = existsSync(join(folder, 'NOTICE')) ? `\n\n${readFileSync(join(folder, 'NOTICE'), 'utf8').trim()}` : '';
  const text = file
    ? readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim() + notice
    : `The package says ${license} and holds no text of it.`;
  return { id: `${name} ${version}`, name, version, license, text };
}
