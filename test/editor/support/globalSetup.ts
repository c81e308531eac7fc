import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { installEditor, installExtension, newDataDir, startEditor } from '../../../scripts/editor.mjs';
import { findBrowser } from '../../../scripts/support/browser.mjs';
import { root } from '../../../scripts/support/run.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the VS Code that runs for all test files. */
    editorUrl: string;
    /** Its data folder: settings are read from it whenever a page opens. */
    editorData: string;
    browserPath: string;
  }
}

/** Installs the packed extension into one VS Code and starts it for all tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const browserPath = findBrowser();
  if (!browserPath) throw new Error('These tests need Chromium or Chrome: install it or set CHROME_PATH.');
  const vsix = process.env.POD_ROLES_VSIX ?? join(root, 'pod-roles.vsix');
  if (!existsSync(vsix)) throw new Error('These tests need pod-roles.vsix: run `npm run package` first.');
  await installEditor((line: string) => console.log(line));
  const editorData = await newDataDir();
  await installExtension(editorData, vsix);
  const editor = await startEditor({ dataDir: editorData });
  project.provide('editorUrl', editor.url);
  project.provide('editorData', editorData);
  project.provide('browserPath', browserPath);
  return async () => {
    await editor.stop();
    if (!process.env.POD_ROLES_KEEP) rmSync(editorData, { recursive: true, force: true, maxRetries: 5 });
  };
}
