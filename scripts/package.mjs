// Builds and writes pod-roles.vsix at the top level. --no-build takes dist/ as it is.
import { createVSIX } from '@vscode/vsce';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = fileURLToPath(new URL('../pod-roles.vsix', import.meta.url));

process.chdir(root);
if (!process.argv.includes('--no-build')) {
  process.argv.push('--clean');
  await import('./build.mjs');
}
// Everything is bundled into dist/, so that no node_modules are packed.
await createVSIX({ cwd: root, packagePath: target, dependencies: false });
const { size } = await stat(target);
console.log(`pod-roles.vsix: ${Math.ceil(size / 1024)} KB`);
