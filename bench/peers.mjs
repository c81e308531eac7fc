import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, npm, root } from '../scripts/support/run.mjs';

/** What is measured beside the product, in fixed versions; never a dependency of the project. */
const versions = {
  yaml: '2.9.1',
  'yaml-language-server': '1.19.2',
  eslint: '10.15.0',
  'eslint-plugin-yml': '3.10.0',
  'eslint-plugin-jsonc': '3.4.2',
};

/**
 * Installs the peers into .cache/bench, once.
 * @returns {{ folder: string, yamlLanguageServer: string, eslint: string, ripgrep: string | undefined } | undefined} undefined where npm cannot
 */
export function installPeers() {
  const folder = join(root, '.cache/bench');
  const manifest = JSON.stringify({ private: true, type: 'module', dependencies: versions }, null, 2);
  const at = join(folder, 'package.json');
  if (!existsSync(join(folder, 'node_modules')) || !existsSync(at) || readFileSync(at, 'utf8') !== manifest) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(at, manifest);
    const { status } = spawnSync(npm, ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: npm.endsWith('.cmd'),
    });
    if (status !== 0) return undefined;
  }
  writeFileSync(
    join(folder, 'eslint.config.mjs'),
    `import yml from 'eslint-plugin-yml';
import jsonc from 'eslint-plugin-jsonc';
export default [...yml.configs['flat/recommended'], ...jsonc.configs['flat/recommended-with-json'], { basePath: process.cwd(), rules: { 'yml/no-empty-document': 'off' } }];
`,
  );
  return {
    folder,
    yamlLanguageServer: join(folder, 'node_modules/yaml-language-server/bin/yaml-language-server'),
    eslint: join(folder, 'node_modules/eslint/bin/eslint.js'),
    ripgrep: findProgram('rg'),
  };
}
