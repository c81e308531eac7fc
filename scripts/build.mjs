// Builds dist/: the extension, the language server and the command line, each one file; the AWS SDK in another.
import { build } from 'esbuild';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packIamData } from './iamData.mjs';

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
};

/** The AWS SDK is most of the weight and seldom used: a file of its own, read when AWS is first asked. */
const awsApart = {
  name: 'aws-apart',
  setup(chosen) {
    chosen.onResolve({ filter: /\/sdk\/index$/ }, ({ kind }) => (kind === 'dynamic-import' ? { path: './aws.js', external: true } : undefined));
  },
};
const server = { ...common, plugins: [awsApart], supported: { 'dynamic-import': false }, banner: { js: '#!/usr/bin/env node' } };

await Promise.all([
  build({ ...common, entryPoints: ['client/src/extension.ts'], outfile: `${out}/extension.js`, external: ['vscode'] }),
  build({ ...server, entryPoints: ['server/src/main.ts'], outfile: `${out}/server.js` }),
  build({ ...server, entryPoints: ['server/src/cli/main.ts'], outfile: `${out}/cli.js` }),
  build({ ...common, entryPoints: ['server/src/aws/sdk/index.ts'], outfile: `${out}/aws.js` }),
]);

mkdirSync('dist', { recursive: true });
// AWS's actions and their access levels: data of its own, read when a role's permissions are first shown.
writeFileSync(join(out, 'iam-data.json'), JSON.stringify(packIamData()));

const made = readdirSync(out);
for (const name of made) renameSync(join(out, name), join('dist', name));
for (const name of readdirSync('dist')) if (!made.includes(name)) rmSync(join('dist', name), { recursive: true });
rmSync(out, { recursive: true });
