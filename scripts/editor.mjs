// A real VS Code without a display: the compiled VS Code server inside the npm package
// code-server, installed once into .cache/editor and opened in a browser. `npm start` uses it
// where `code` is not on the PATH, and the editor tests always use it.
//
//   node scripts/editor.mjs            installs (about two minutes the first time)
//   node scripts/editor.mjs --where    prints the server's entry point
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The newest code-server that runs on Node 20; it carries VS Code 1.100.3. */
export const editorVersion = '4.100.3';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, '.cache', 'editor');
const server = join(cache, 'node_modules', 'code-server', 'lib', 'vscode');
const stampFile = join(cache, 'stamp');
const stamp = `code-server ${editorVersion}, node modules ${process.versions.modules}, ${process.platform}-${process.arch}, layout 1\n`;

/** The entry point of the VS Code server; it exists once `installEditor` has returned. */
export const editorEntry = join(server, 'out', 'server-main.js');

/** True when the cached installation is complete and was made for this Node. */
export async function editorIsInstalled() {
  return existsSync(editorEntry) && (await readFile(stampFile, 'utf8').catch(() => '')) === stamp;
}

/**
 * Installs the editor into .cache/editor unless it is there already.
 * @param {(line: string) => void} say receives progress, a line at a time
 * @returns the path of the server's entry point
 * @throws when a step of the installation fails; the message ends with what npm printed
 */
export async function installEditor(say = () => {}) {
  if (await editorIsInstalled()) return editorEntry;
  await rm(cache, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  await writeFile(join(cache, 'package.json'), '{"private": true}\n');

  say(`editor 1/4: code-server ${editorVersion} from npm`);
  // Its own postinstall downloads and compiles parts that are not needed here.
  const ripgrepPackage = `@vscode/ripgrep-${process.platform}-${process.arch}`;
  await npm(['install', '--ignore-scripts', `code-server@${editorVersion}`], cache);
  await npm(['install', '--ignore-scripts', ripgrepPackage], cache).catch(() => {});

  say("editor 2/4: the server's modules");
  await npm(['install', '--omit=dev', '--ignore-scripts'], server);
  say('editor 3/4: the native modules (compiled, about 40 s)');
  await npm(['rebuild', '@vscode/spdlog', 'native-watchdog', 'node-pty'], server);

  say('editor 4/4: the built-in extensions');
  await placeRipgrep(join(cache, 'node_modules', ripgrepPackage, 'bin', 'rg'));
  await symlink('node_modules', join(server, 'node_modules.asar')).catch(() => {});
  await npm(['install', '--omit=dev', '--ignore-scripts'], join(server, 'extensions'));

  if (!existsSync(editorEntry)) throw new Error(`the package code-server has no ${editorEntry}`);
  await writeFile(stampFile, stamp);
  return editorEntry;
}

/**
 * Starts the VS Code server on a free port of 127.0.0.1, with a home of its own and without the
 * caller's AWS settings.
 * @param {{ dataDir: string, settings?: object, say?: (text: string) => void }} options
 *   `dataDir` holds extensions, settings and logs
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} stop ends the server and its hosts
 */
export async function startEditor({ dataDir, settings = {}, say = () => {} }) {
  await writeSettings(dataDir, settings);
  const child = spawn(
    process.execPath,
    [
      editorEntry,
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--without-connection-token',
      '--accept-server-license-terms',
      '--server-data-dir',
      dataDir,
      '--telemetry-level',
      'off',
      '--force-disable-user-env',
    ],
    { env: await editorEnvironment(dataDir), stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );

  const stop = () =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      signalGroup(child.pid, 'SIGTERM');
      setTimeout(() => signalGroup(child.pid, 'SIGKILL'), 5000).unref();
    });
  const port = await new Promise((resolve, reject) => {
    let seen = '';
    const listen = (data) => {
      seen += data;
      say(String(data));
      const found = /Extension host agent listening on (\d+)/.exec(seen);
      if (found) resolve(found[1]);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the editor stopped with ${code}:\n${seen}`)));
    setTimeout(() => reject(new Error(`the editor was not ready after 60 s:\n${seen}`)), 60_000).unref();
  });
  return { url: `http://127.0.0.1:${port}/`, stop };
}

/** Installs a .vsix into the data folder of an editor. */
export async function installExtension(dataDir, vsix) {
  await run(
    process.execPath,
    [editorEntry, '--server-data-dir', dataDir, '--accept-server-license-terms', '--install-extension', vsix, '--force'],
    dataDir,
    await editorEnvironment(dataDir),
  );
}

/** Writes the user's settings; the editor reads them when a page opens, not later. */
export async function writeSettings(dataDir, settings) {
  const folder = join(dataDir, 'data', 'User');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
}

async function editorEnvironment(dataDir) {
  const home = join(dataDir, 'home');
  await mkdir(home, { recursive: true });
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|VSCODE_|npm_|NODE_OPTIONS|VITEST)/i.test(name));
  // Programs that a test puts there are found first.
  const PATH = [join(dataDir, 'bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...Object.fromEntries(kept), HOME: home, PATH };
}

async function placeRipgrep(packaged) {
  const target = join(server, 'node_modules', '@vscode', 'ripgrep', 'bin', 'rg');
  if (existsSync(target)) return;
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'rg'));
  const source = [packaged, ...onPath].find((path) => existsSync(path));
  if (!source) throw new Error('the editor needs ripgrep: install the package ripgrep of your system');
  await mkdir(join(target, '..'), { recursive: true });
  await copyFile(source, target);
  await chmod(target, 0o755);
}

function npm(args, cwd) {
  // `yes` is for node-pty, whose install script asks npx for node-gyp.
  const env = { ...process.env, npm_config_yes: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, cwd, env);
}

function run(command, args, cwd, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], shell: command.endsWith('.cmd') });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        printed += data;
      });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${printed.slice(-4000)}`));
    });
  });
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone already.
  }
}

/** A fresh data folder in the system's temporary folder. */
export const newDataDir = () => mkdtemp(join(tmpdir(), 'pod-roles-editor-'));

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes('--where')) {
    console.log(editorEntry);
  } else {
    await installEditor(console.log);
    console.log(`editor ready: ${editorEntry}`);
  }
}
