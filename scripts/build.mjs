// Builds dist/: the extension, the language server and the command line, each one file; the AWS SDK in another.
import { build } from 'esbuild';
import { readFileSync, rmSync } from 'node:fs';

const production = !process.argv.includes('--dev');
rmSync('dist', { recursive: true, force: true });

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
  build({ ...common, entryPoints: ['client/src/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'] }),
  build({ ...server, entryPoints: ['server/src/main.ts'], outfile: 'dist/server.js' }),
  build({ ...server, entryPoints: ['server/src/cli/main.ts'], outfile: 'dist/cli.js' }),
  build({ ...common, entryPoints: ['server/src/aws/sdk/index.ts'], outfile: 'dist/aws.js' }),
]);
