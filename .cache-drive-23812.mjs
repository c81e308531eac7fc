import { createRequire as __cr } from 'module'; const require = __cr('/work/wt/front/package.json');

// test/editor/support/article.ts
var issuer = "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F";
var mistakenKey = `${issuer}:aud`;
var rightKey = `${issuer}:sub`;
function trustPolicy(condition) {
  return `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Federated": "arn:aws:iam::481516234212:oidc-provider/${issuer}"
      },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringLike": {
          ${condition}
        }
      }
    }
  ]
}
`;
}
var mistake = `"${mistakenKey}": "system:serviceaccount:demo-namespace:*"`;
var mended = `"${rightKey}": "system:serviceaccount:demo-namespace:*"`;
var serviceAccount = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: demo-sa
  namespace: demo-namespace
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/demo-role
`;
var deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api-deployment
  namespace: demo-namespace
spec:
  selector:
    matchLabels:
      app: api
  template:
    metadata:
      labels:
        app: api
    spec:
      serviceAccountName: demo-sa
      containers:
        - name: api
          image: nginx
`;
function articleFiles(condition) {
  return {
    "k8s/sa.yaml": serviceAccount,
    "k8s/deploy.yaml": deployment,
    "iam/demo-role/trust.json": trustPolicy(condition)
  };
}

// test/editor/support/workbench.ts
import { mkdirSync } from "node:fs";
import { basename, join as join2, resolve } from "node:path";
import { chromium } from "playwright-core";

// ../../../tmp/front/shim.ts
import { readFileSync } from "node:fs";
var cfg = JSON.parse(readFileSync("/tmp/front/editor.json", "utf8"));
function inject(k) {
  return k === "editorUrl" ? cfg.url : k === "editorData" ? cfg.data : process.env.CHROME_PATH ?? "/usr/bin/chromium";
}
var expect = { poll: (f, o = {}) => ({ toBe: async (v) => {
  const end = Date.now() + (o.timeout ?? 1e3);
  let last;
  while (Date.now() < end) {
    last = await f();
    if (last === v) return;
    await new Promise((r) => setTimeout(r, o.interval ?? 50));
  }
  throw new Error(`${o.message}: last ${last}`);
} }) };

// scripts/editor.mjs
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
var editorVersion = "4.100.3";
var root = fileURLToPath(new URL("..", 'file:///work/wt/front/scripts/editor.mjs'));
var cache = join(root, ".cache", "editor");
var server = join(cache, "node_modules", "code-server", "lib", "vscode");
var stampFile = join(cache, "stamp");
var stamp = `code-server ${editorVersion}, node modules ${process.versions.modules}, ${process.platform}-${process.arch}, layout 1
`;
var editorEntry = join(server, "out", "server-main.js");
async function editorIsInstalled() {
  return existsSync(editorEntry) && await readFile(stampFile, "utf8").catch(() => "") === stamp;
}
async function installEditor(say = () => {
}) {
  if (await editorIsInstalled()) return editorEntry;
  await rm(cache, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  await writeFile(join(cache, "package.json"), '{"private": true}\n');
  say(`editor 1/4: code-server ${editorVersion} from npm`);
  const ripgrepPackage = `@vscode/ripgrep-${process.platform}-${process.arch}`;
  await npm(["install", "--ignore-scripts", `code-server@${editorVersion}`], cache);
  await npm(["install", "--ignore-scripts", ripgrepPackage], cache).catch(() => {
  });
  say("editor 2/4: the server's modules");
  await npm(["install", "--omit=dev", "--ignore-scripts"], server);
  say("editor 3/4: the native modules (compiled, about 40 s)");
  await npm(["rebuild", "@vscode/spdlog", "native-watchdog", "node-pty"], server);
  say("editor 4/4: the built-in extensions");
  await placeRipgrep(join(cache, "node_modules", ripgrepPackage, "bin", "rg"));
  await symlink("node_modules", join(server, "node_modules.asar")).catch(() => {
  });
  await npm(["install", "--omit=dev", "--ignore-scripts"], join(server, "extensions"));
  if (!existsSync(editorEntry)) throw new Error(`the package code-server has no ${editorEntry}`);
  await writeFile(stampFile, stamp);
  return editorEntry;
}
async function writeSettings(dataDir, settings) {
  const folder = join(dataDir, "data", "User");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "settings.json"), JSON.stringify(settings, null, 2));
}
async function placeRipgrep(packaged) {
  const target = join(server, "node_modules", "@vscode", "ripgrep", "bin", "rg");
  if (existsSync(target)) return;
  const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "rg"));
  const source = [packaged, ...onPath].find((path) => existsSync(path));
  if (!source) throw new Error("the editor needs ripgrep: install the package ripgrep of your system");
  await mkdir(join(target, ".."), { recursive: true });
  await copyFile(source, target);
  await chmod(target, 493);
}
function npm(args, cwd) {
  const env = { ...process.env, npm_config_yes: "true", npm_config_audit: "false", npm_config_fund: "false" };
  return run(process.platform === "win32" ? "npm.cmd" : "npm", args, cwd, env);
}
function run(command, args, cwd, env) {
  return new Promise((resolve2, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], shell: command.endsWith(".cmd") });
    let printed = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => {
        printed += data;
      });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve2(printed);
      else reject(new Error(`${command} ${args.join(" ")} ended with ${code}:
${printed.slice(-4e3)}`));
    });
  });
}
if (process.argv[1] && 'file:///work/wt/front/scripts/editor.mjs' === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes("--where")) {
    console.log(editorEntry);
  } else {
    await installEditor(console.log);
    console.log(`editor ready: ${editorEntry}`);
  }
}

// test/editor/support/workbench.ts
var artifacts = resolve('/work/wt/front/test/editor/support', "../../.artifacts");
var patience = { timeout: Number(process.env.POD_ROLES_PATIENCE ?? 6e4), interval: 200 };
var quiet = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "extensions.ignoreRecommendations": true,
  "telemetry.telemetryLevel": "off",
  "git.enabled": false,
  "chat.commandCenter.enabled": false,
  "editor.autoClosingQuotes": "never",
  "editor.autoClosingBrackets": "never",
  "editor.autoIndent": "none",
  // VS Code's own setting for the language is stronger than the one above.
  "[yaml]": { "editor.autoIndent": "none" },
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
  "editor.suggestOnTriggerCharacters": false,
  "editor.acceptSuggestionOnEnter": "off",
  "editor.minimap.enabled": false
};
var trusted = { "security.workspace.trust.enabled": false };
var Workbench = class _Workbench {
  constructor(browser, page) {
    this.browser = browser;
    this.page = page;
  }
  browser;
  page;
  /** Opens a folder, or an empty window. */
  static async open(folder, settings = trusted) {
    await writeSettings(inject("editorData"), { ...quiet, ...settings });
    const browser = await chromium.launch({
      executablePath: inject("browserPath"),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync"
      ]
    });
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    const page = await context.newPage();
    const query = folder === void 0 ? "ew=true" : `folder=${encodeURIComponent(folder)}`;
    await page.goto(`${inject("editorUrl")}?${query}`);
    await page.locator(".monaco-workbench").waitFor({ timeout: patience.timeout });
    await page.locator("#workbench\\.parts\\.statusbar .statusbar-item").first().waitFor({ timeout: patience.timeout });
    return new _Workbench(browser, page);
  }
  async close() {
    await this.browser.close();
  }
  async screenshot(name) {
    mkdirSync(artifacts, { recursive: true });
    const file = `${name.replaceAll(/[^\w-]+/g, "-").slice(0, 120)}.png`;
    await this.page.screenshot({ path: join2(artifacts, file) }).catch(() => void 0);
  }
  press(...keys) {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }
  /** Runs a command of the palette by its full title. */
  async run(title) {
    await this.pick("F1", `>${title}`, title);
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }
  /** Opens a file of the folder and waits until it has the focus. */
  async openFile(path) {
    await this.pick("Control+p", path, basename(path));
    await until(async () => (await this.activeTab()).startsWith(basename(path)), `${path} opens`);
    await this.page.locator(".editor-group-container.active .monaco-editor.focused").first().waitFor({ timeout: patience.timeout });
  }
  /** Puts the cursor on a place, both from 1. */
  async goTo({ line, column }) {
    const isThere = async () => await this.cursor() === `Ln ${line}, Col ${column}`;
    for (let attempt = 0; attempt < 3 && !await isThere(); attempt++) {
      await this.press("Control+g");
      const input = this.quickInput();
      await input.waitFor();
      await input.fill(`:${line}:${column}`);
      await this.press("Enter");
      for (let i = 0; i < 20 && !await isThere(); i++) await this.page.waitForTimeout(250);
    }
    await until(isThere, `the cursor is at ${line}:${column}`);
  }
  /** "Ln 6, Col 5" as the status bar says. */
  async cursor() {
    const text = await this.page.locator("#status\\.editor\\.selection").textContent({ timeout: 2e3 }).catch(() => "");
    return (text ?? "").replace(/ \(.*\)$/, "").trim();
  }
  /** Types text as it is. */
  async type(text) {
    await this.page.keyboard.insertText(text);
  }
  async activeTab() {
    const label = await this.page.locator(".editor-group-container.active .tab.active").first().getAttribute("aria-label", { timeout: 2e3 }).catch(() => "");
    return label ?? "";
  }
  async saveAll() {
    await this.run("File: Save All");
    await until(async () => await this.page.locator(".tab.dirty").count() === 0, "everything is saved");
  }
  /** What the Problems panel lists of Pod Roles, a text a finding. */
  async problems() {
    const panel = this.page.locator(".markers-panel");
    if (!await panel.isVisible()) await this.run("Problems: Focus on Problems View");
    const rows = await panel.locator(".monaco-list-row").evaluateAll((nodes) => nodes.map((row) => `${row.getAttribute("aria-label")} ${row.textContent}`));
    return rows.filter((row) => row.includes("generated by pod-roles"));
  }
  /** The titles that the lightbulb offers at the cursor. Leaves the menu open. */
  async codeActions() {
    await this.press("Control+.");
    const menu = this.page.locator(".action-widget");
    await menu.waitFor({ timeout: patience.timeout });
    return menu.locator(".monaco-list-row.action").evaluateAll((rows) => rows.map((row) => row.textContent?.trim() ?? ""));
  }
  /** Applies a code action at the cursor by the keyboard. */
  async applyCodeAction(title) {
    const titles = await this.codeActions();
    if (!titles.includes(title)) throw new Error(`"${title}" is not offered but ${titles.map((t) => `"${t}"`).join(", ")}`);
    const focused = this.page.locator(".action-widget .monaco-list-row.action.focused");
    for (let step = 0; step <= titles.length; step++) {
      if ((await focused.textContent().catch(() => ""))?.trim() === title) break;
      await this.press("ArrowDown");
    }
    await this.press("Enter");
    await this.page.locator(".action-widget").waitFor({ state: "hidden" });
  }
  /** The code lenses on the screen. */
  async lenses() {
    return this.page.locator(".codelens-decoration").evaluateAll((nodes) => nodes.map((node) => (node.textContent ?? "").replaceAll("\xA0", " ").trim()).filter(Boolean));
  }
  /** The hover at the cursor, as plain text. */
  async hover() {
    await this.press("Control+k", "Control+i");
    const hover = this.page.locator(".monaco-hover:not(.hidden) .hover-contents, .monaco-resizable-hover .hover-contents");
    await hover.first().waitFor({ timeout: patience.timeout });
    let text = "";
    await until(async () => {
      text = (await hover.allTextContents()).join("\n").replaceAll("\xA0", " ");
      return text.trim() !== "" && !/^Loading/.test(text);
    }, "the hover has a text");
    return text;
  }
  /** The labels that completion offers at the cursor. Leaves the list open. */
  async completions() {
    await this.press("Control+Space");
    const list = this.page.locator(".suggest-widget.visible .monaco-list-row");
    await list.first().waitFor({ timeout: patience.timeout });
    return list.evaluateAll((rows) => rows.map((row) => row.getAttribute("aria-label") ?? ""));
  }
  /** What the language status says, all items in one text. */
  async status() {
    const item = this.page.locator("#status\\.languageStatus");
    const own = await item.count() > 0 ? await item.first().locator("a").first().getAttribute("aria-label") : "";
    return own ?? "";
  }
  /** Clicks the status item of Pod Roles: the files it lists. Leaves the list open. */
  async filesOfStatus() {
    await this.page.locator("#status\\.languageStatus a").first().hover();
    const entry = this.page.locator(".hover-language-status .element", { hasText: "Pod Roles" });
    await entry.locator("a", { hasText: "Files" }).click();
    const rows = this.page.locator(".quick-input-list .monaco-list-row");
    await rows.first().waitFor({ timeout: patience.timeout });
    return rows.evaluateAll((nodes) => nodes.map((row) => row.getAttribute("aria-label") ?? ""));
  }
  /** The text of the editor that has the focus, as far as it is on the screen. */
  async visibleText() {
    const lines = this.page.locator(".editor-group-container.active .monaco-editor .view-lines").first();
    const rows = await lines.locator(".view-line").evaluateAll(
      (nodes) => nodes.map((node) => ({
        top: Number.parseInt(node.style.top, 10),
        text: node.textContent ?? ""
      })).sort((a, b) => a.top - b.top).map(({ text }) => text)
    );
    return rows.join("\n").replaceAll("\xA0", " ");
  }
  /** What is underlined as a link in the editor that has the focus. */
  async links() {
    return this.page.locator(".editor-group-container.active .monaco-editor .detected-link").allTextContents();
  }
  notifications() {
    return this.page.locator(".notification-toast .notification-list-item-message").allTextContents();
  }
  /** The page of the view that is on the screen: what is inside its two frames. */
  view() {
    return this.page.frameLocator("iframe.webview.ready").last().frameLocator("iframe#active-frame");
  }
  /** The text of the view that is on the screen, spaces joined; empty while there is none. */
  async viewText() {
    const text = await this.view().locator("main").innerText({ timeout: 2e3 }).catch(() => "");
    return text.replaceAll(/\s+/g, " ").trim();
  }
  /** The text field of the quick input that is open. */
  quickInput() {
    return this.page.locator(".quick-input-widget input.input").first();
  }
  /** Opens a quick input by its key, types into it and takes the row that begins with the label. */
  async pick(key, text, label) {
    const input = this.quickInput();
    const rows = this.page.locator(".quick-input-list .monaco-list-row");
    const found = async () => {
      const shown = await rows.evaluateAll(
        (nodes) => nodes.map((row) => ({ label: row.getAttribute("aria-label") ?? "", focused: row.classList.contains("focused") }))
      );
      const matching = shown.filter((row) => row.label.startsWith(label) && !/\w/.test(row.label.charAt(label.length)));
      if (matching.some((row) => row.focused)) return true;
      if (matching.length > 0) await this.press("ArrowDown");
      return false;
    };
    await until(async () => {
      await this.press("Escape", key);
      await input.waitFor({ timeout: 5e3 });
      await input.fill(text);
      return expect.poll(found, { timeout: 5e3, interval: 150 }).toBe(true).then(
        () => true,
        () => false
      );
    }, `"${label}" is found`);
    await this.press("Enter");
  }
};
async function until(condition, what) {
  await expect.poll(condition, { ...patience, message: what }).toBe(true);
}
async function waitFor(read, accept, what) {
  let last;
  const deadline = Date.now() + patience.timeout;
  while (Date.now() < deadline) {
    last = await read();
    if (accept(last)) return last;
    await new Promise((resume) => setTimeout(resume, patience.interval));
  }
  throw new Error(`${what}: not after ${patience.timeout / 1e3} s; last seen: ${JSON.stringify(last)}`);
}

// test/editor/support/workspace.ts
import { mkdirSync as mkdirSync2, mkdtempSync, readFileSync as readFileSync2, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join as join3 } from "node:path";
var TestWorkspace = class {
  folder = mkdtempSync(join3(tmpdir(), "pod-roles-workspace-"));
  constructor(files) {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }
  write(path, text) {
    const full = join3(this.folder, path);
    mkdirSync2(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }
  /** What is on disk now. */
  read(path) {
    return readFileSync2(join3(this.folder, path), "utf8");
  }
  /** Line and column from 1 of the first place of a text in a file: where a user would put the cursor. */
  find(path, text) {
    const before = this.read(path).split(text, 1)[0];
    if (before === this.read(path)) throw new Error(`${path} does not hold ${text}`);
    const lines = before.split("\n");
    return { line: lines.length, column: lines[lines.length - 1].length + 1 };
  }
  dispose() {
    rmSync(this.folder, { recursive: true, force: true });
  }
};

// ../../../tmp/front/reload.ts
var how = process.argv[2] ?? "reload";
var times = Number(process.argv[3] ?? 4);
var ws = new TestWorkspace(articleFiles(mistake));
var wb = await Workbench.open(ws.folder);
var tabs = () => wb.page.locator(".tab").evaluateAll((ns) => ns.map((n) => n.getAttribute("aria-label")));
var says = () => waitFor(() => wb.viewText(), (t) => t.includes("Can demo-namespace/demo-sa assume demo-role? No."), "view");
wb.page.on("console", (m) => {
  if (/lifecycle|storage/i.test(m.text())) console.log("   console", m.text().slice(0, 200));
});
await wb.openFile("k8s/sa.yaml");
await wb.goTo(ws.find("k8s/sa.yaml", "demo-sa"));
await waitFor(() => wb.lenses(), (l) => l.some((t) => t.startsWith("\u2717 Can't")), "lens");
for (let i = 0; i < times; i++) {
  await wb.run("View: Close All Editors").catch(() => {
  });
  await wb.openFile("k8s/sa.yaml");
  await wb.goTo(ws.find("k8s/sa.yaml", "demo-sa"));
  await wb.run("Pod Roles: Explain Access");
  await says();
  const before = await tabs();
  await wb.page.waitForTimeout(how === "reload" ? 1500 : 0);
  const t = Date.now();
  if (how === "reload") await wb.page.reload();
  else await wb.run("Developer: Reload Window");
  try {
    await says();
    console.log(i, "ok", Date.now() - t, before, await tabs());
  } catch (e) {
    console.log(i, "LOST", String(e).slice(0, 200), before, await tabs());
    await wb.screenshot("reload-lost-" + i);
  }
}
await wb.close();
ws.dispose();
