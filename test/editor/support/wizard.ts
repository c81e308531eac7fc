import { waitFor, type Workbench } from './workbench';

/** The rows of the quick pick that is open, by their accessible labels. */
export function rows(workbench: Workbench): Promise<string[]> {
  return workbench.page
    .locator('.quick-input-list .monaco-list-row')
    .evaluateAll((nodes) => nodes.map((row) => row.getAttribute('aria-label') ?? ''));
}

/** Waits for the quick input whose title fits, and for it to be ready for keys. */
export async function step(workbench: Workbench, wanted: RegExp): Promise<void> {
  const title = async () => (await workbench.page.locator('.quick-input-title').textContent()) ?? '';
  await waitFor(title, (text) => wanted.test(text), `the step ${String(wanted)}`);
}

/** Types into the quick input and takes what is there, once its check has answered. */
export async function answer(workbench: Workbench, text?: string): Promise<void> {
  const input = workbench.quickInput();
  if (text !== undefined) await input.fill(text);
  await workbench.page.waitForTimeout(700);
  await workbench.press('Enter');
}
