import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';
import { packIamData } from '../../scripts/iamData.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the command line that {@link setup} built: `plain/cli.js` and `actions/cli.js`. */
    readonly builtCli: string;
  }
}

const root = resolve(import.meta.dirname, '../..');

/** Builds the command line once for all test files that run it, and again before each run of a watch. Gives what removes it. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = join(root, 'out', 'test-cli', String(process.pid));
  const write = async (): Promise<void> => {
    for (const name of ['plain', 'actions']) mkdirSync(join(folder, name), { recursive: true });
    await build({
      entryPoints: [join(root, 'server/src/cli/main.ts')],
      outfile: join(folder, 'plain/cli.js'),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      mainFields: ['module', 'main'],
      logLevel: 'warning',
      // As scripts/build.mjs has it: Terraform is read by it.
      alias: { 'web-tree-sitter': createRequire(import.meta.url).resolve('web-tree-sitter') },
    });
    copyFileSync(join(folder, 'plain/cli.js'), join(folder, 'actions/cli.js'));
    // As in dist/: the data on AWS's actions stand beside the program.
    writeFileSync(join(folder, 'actions/iam-data.json'), JSON.stringify(packIamData()));
  };
  await write();
  project.onTestsRerun(write);
  project.provide('builtCli', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
