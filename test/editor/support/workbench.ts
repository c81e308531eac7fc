import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { chromium, type Browser, type FrameLocator, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { writeSettings } from '../../../scripts/editor.mjs';

const artifacts = resolve(import.meta.dirname, '../../.artifacts');
/** A busy machine takes its time. */
const patience = { timeout: Number(process.env.POD_ROLES_PATIENCE ?? 60_000), interval: 200 };

/** What would get in the way of a test that types: pop-ups, closing quotes, indents. */
const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'git.enabled': false,
  'chat.commandCenter.enabled': false,
  'editor.autoClosingQuotes': 'never',
  'editor.autoClosingBrackets': 'never',
  'editor.autoIndent': 'none',
  // VS Code's own setting for the language is stronger than the one above.
  '[yaml]': { 'editor.autoIndent': 'none' },
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.suggestOnTriggerCharacters': false,
  'editor.acceptSuggestionOnEnter': 'off',
  'editor.minimap.enabled': false,
};
export const trusted = { 'security.workspace.trust.enabled': false };
export const restricted = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' };

/** VS Code's window, used as a user does: by keyboard, reading what is on the screen. */
export class Workbench {
  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
  ) {}

  /** Opens a folder, or an empty window. */
  static async open(folder: string | undefined, settings: object = trusted): Promise<Workbench> {
    await writeSettings(inject('editorData'), { ...quiet, ...settings });
    const browser = await chromium.launch({
      executablePath: inject('browserPath'),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    // One patience for every wait, those of the browser too: half of it was over before a busy machine had the page.
    context.setDefaultTimeout(patience.timeout);
    const page = await context.newPage();
    const query = folder === undefined ? 'ew=true' : `folder=${encodeURIComponent(folder)}`;
    await page.goto(`${inject('editorUrl')}?${query}`);
    const workbench = new Workbench(browser, page);
    await workbench.drawn();
    return workbench;
  }

  /**
   * Reloads the window by the editor's own command. It writes down which editors are open before the page goes, as VS Code
   * for the desktop does. The browser's own reload doesn't wait for that: what was opened in the last seconds is lost then.
   */
  async reload(): Promise<void> {
    await Promise.all([this.page.waitForEvent('load', patience), this.pick('F1', '>Developer: Reload Window', 'Developer: Reload Window')]);
    await this.drawn();
  }

  private async drawn(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: patience.timeout });
    await this.page.locator('#workbench\\.parts\\.statusbar .statusbar-item').first().waitFor({ timeout: patience.timeout });
  }

  async close(): Promise<void> {
    await this.browser.close();
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(artifacts, { recursive: true });
    const file = `${name.replaceAll(/[^\w-]+/g, '-').slice(0, 120)}.png`;
    await this.page.screenshot({ path: join(artifacts, file) }).catch(() => undefined);
  }

  press(...keys: string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  /** Runs a command of the palette by its full title. */
  async run(title: string): Promise<void> {
    await this.pick('F1', `>${title}`, title);
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Opens a file of the folder and waits until it has the focus. */
  async openFile(path: string): Promise<void> {
    await this.pick('Control+p', path, basename(path));
    await until(async () => (await this.activeTab()).startsWith(basename(path)), `${path} opens`);
    await this.page.locator('.editor-group-container.active .monaco-editor.focused').first().waitFor({ timeout: patience.timeout });
  }

  /** Puts the cursor on a place, both from 1. */
  async goTo({ line, column }: { line: number; column: number }): Promise<void> {
    const isThere = async (): Promise<boolean> => (await this.cursor()) === `Ln ${line}, Col ${column}`;
    // What a command opens last may take the focus after the first try.
    for (let attempt = 0; attempt < 3 && !(await isThere()); attempt++) {
      await this.press('Control+g');
      const input = this.quickInput();
      await input.waitFor();
      await input.fill(`:${line}:${column}`);
      await this.press('Enter');
      for (let i = 0; i < 20 && !(await isThere()); i++) await this.page.waitForTimeout(250);
    }
    await until(isThere, `the cursor is at ${line}:${column}`);
  }

  /** "Ln 6, Col 5" as the status bar says. */
  async cursor(): Promise<string> {
    const text = await this.page
      .locator('#status\\.editor\\.selection')
      .textContent({ timeout: 2000 })
      .catch(() => '');
    return (text ?? '').replace(/ \(.*\)$/, '').trim();
  }

  /** Types text as it is. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.insertText(text);
  }

  async activeTab(): Promise<string> {
    const label = await this.page
      .locator('.editor-group-container.active .tab.active')
      .first()
      .getAttribute('aria-label', { timeout: 2000 })
      .catch(() => '');
    return label ?? '';
  }

  async saveAll(): Promise<void> {
    await this.run('File: Save All');
    await until(async () => (await this.page.locator('.tab.dirty').count()) === 0, 'everything is saved');
  }

  /** What the Problems panel lists of Pod Roles, a text a finding. */
  async problems(): Promise<string[]> {
    const panel = this.page.locator('.markers-panel');
    if (!(await panel.isVisible())) await this.run('Problems: Focus on Problems View');
    // The label says the severity, the row the rule.
    const rows = await panel
      .locator('.monaco-list-row')
      .evaluateAll((nodes) => nodes.map((row) => `${row.getAttribute('aria-label')} ${row.textContent}`));
    return rows.filter((row) => row.includes('generated by pod-roles'));
  }

  /** The titles that the lightbulb offers at the cursor. Leaves the menu open. */
  async codeActions(): Promise<string[]> {
    await this.press('Control+.');
    const menu = this.page.locator('.action-widget');
    await menu.waitFor({ timeout: patience.timeout });
    return menu.locator('.monaco-list-row.action').evaluateAll((rows) => rows.map((row) => row.textContent?.trim() ?? ''));
  }

  /** Applies a code action at the cursor by the keyboard. */
  async applyCodeAction(title: string): Promise<void> {
    const titles = await this.codeActions();
    if (!titles.includes(title)) throw new Error(`"${title}" is not offered but ${titles.map((t) => `"${t}"`).join(', ')}`);
    const focused = this.page.locator('.action-widget .monaco-list-row.action.focused');
    for (let step = 0; step <= titles.length; step++) {
      if ((await focused.textContent().catch(() => ''))?.trim() === title) break;
      await this.press('ArrowDown');
    }
    await this.press('Enter');
    await this.page.locator('.action-widget').waitFor({ state: 'hidden' });
  }

  /** The code lenses on the screen. */
  async lenses(): Promise<string[]> {
    return this.page
      .locator('.codelens-decoration')
      .evaluateAll((nodes) => nodes.map((node) => (node.textContent ?? '').replaceAll('\u00a0', ' ').trim()).filter(Boolean));
  }

  /** The hover at the cursor, as plain text. */
  async hover(): Promise<string> {
    await this.press('Control+k', 'Control+i');
    const hover = this.page.locator('.monaco-hover:not(.hidden) .hover-contents, .monaco-resizable-hover .hover-contents');
    await hover.first().waitFor({ timeout: patience.timeout });
    let text = '';
    await until(async () => {
      text = (await hover.allTextContents()).join('\n').replaceAll('\u00a0', ' ');
      return text.trim() !== '' && !/^Loading/.test(text);
    }, 'the hover has a text');
    return text;
  }

  /** The labels that completion offers at the cursor. Leaves the list open. */
  async completions(): Promise<string[]> {
    await this.press('Control+Space');
    const list = this.page.locator('.suggest-widget.visible .monaco-list-row');
    await list.first().waitFor({ timeout: patience.timeout });
    return list.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
  }

  /** What the language status says, all items in one text. */
  async status(): Promise<string> {
    const item = this.page.locator('#status\\.languageStatus');
    const own = (await item.count()) > 0 ? await item.first().locator('a').first().getAttribute('aria-label') : '';
    return own ?? '';
  }

  /** Clicks the status item of Pod Roles: the files it lists. Leaves the list open. */
  async filesOfStatus(): Promise<string[]> {
    await this.page.locator('#status\\.languageStatus a').first().hover();
    const entry = this.page.locator('.hover-language-status .element', { hasText: 'Pod Roles' });
    await entry.locator('a', { hasText: 'Files' }).click();
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows.first().waitFor({ timeout: patience.timeout });
    return rows.evaluateAll((nodes) => nodes.map((row) => row.getAttribute('aria-label') ?? ''));
  }

  /** The text of the editor that has the focus, as far as it is on the screen. */
  async visibleText(): Promise<string> {
    const lines = this.page.locator('.editor-group-container.active .monaco-editor .view-lines').first();
    const rows = await lines.locator('.view-line').evaluateAll((nodes) =>
      nodes
        .map((node) => ({
          top: Number.parseInt((node as unknown as { style: { top: string } }).style.top, 10),
          text: node.textContent ?? '',
        }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return rows.join('\n').replaceAll('\u00a0', ' ');
  }

  /** What is underlined as a link in the editor that has the focus. */
  async links(): Promise<string[]> {
    return this.page.locator('.editor-group-container.active .monaco-editor .detected-link').allTextContents();
  }

  notifications(): Promise<string[]> {
    return this.page.locator('.notification-toast .notification-list-item-message').allTextContents();
  }

  /** The page of the view that is on the screen: what is inside its two frames. */
  view(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');
  }

  /** The text of the view that is on the screen, spaces joined; empty while there is none. */
  async viewText(): Promise<string> {
    const text = await this.view()
      .locator('main')
      .innerText({ timeout: 2000 })
      .catch(() => '');
    return text.replaceAll(/\s+/g, ' ').trim();
  }

  /** The text field of the quick input that is open. */
  quickInput() {
    return this.page.locator('.quick-input-widget input.input').first();
  }

  /** Opens a quick input by its key, types into it and takes the row that begins with the label. */
  private async pick(key: string, text: string, label: string): Promise<void> {
    const input = this.quickInput();
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    const found = async () => {
      const shown = await rows.evaluateAll((nodes) =>
        nodes.map((row) => ({ label: row.getAttribute('aria-label') ?? '', focused: row.classList.contains('focused') })),
      );
      // "File: New Untitled Text File, Ctrl+Alt+N", but not "File: New Untitled Text Files".
      const matching = shown.filter((row) => row.label.startsWith(label) && !/\w/.test(row.label.charAt(label.length)));
      if (matching.some((row) => row.focused)) return true;
      if (matching.length > 0) await this.press('ArrowDown');
      return false;
    };
    await until(async () => {
      // A search that ran before the folder was ready found nothing, and is not run again by itself.
      await this.press('Escape', key);
      await input.waitFor({ timeout: 5000 });
      await input.fill(text);
      return expect
        .poll(found, { timeout: 5000, interval: 150 })
        .toBe(true)
        .then(
          () => true,
          () => false,
        );
    }, `"${label}" is found`);
    await this.press('Enter');
  }
}

/** Waits until something on the screen is so. */
export async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  await expect.poll(condition, { ...patience, message: what }).toBe(true);
}

/** Waits for a value to satisfy a check, and gives it. */
export async function waitFor<T>(read: () => Promise<T>, accept: (value: T) => boolean, what: string): Promise<T> {
  let last: T | undefined;
  const deadline = Date.now() + patience.timeout;
  while (Date.now() < deadline) {
    last = await read();
    if (accept(last)) return last;
    await new Promise((resume) => setTimeout(resume, patience.interval));
  }
  throw new Error(`${what}: not after ${patience.timeout / 1000} s; last seen: ${JSON.stringify(last)}`);
}
