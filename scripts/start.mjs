// `npm start`: installs, builds and opens VS Code on examples/ with the extension. Takes the `code`
// on the PATH; where there is none, a VS Code that runs in the browser. Node's own modules alone.
import { join } from 'node:path';
import { installDependencies } from './support/dependencies.mjs';
import { findProgram, root, run, runNode } from './support/run.mjs';

const examples = join(root, 'examples');

if (!(await installDependencies())) stop('npm ci failed.');
if ((await runNode('scripts/build.mjs', ['--dev'])) !== 0) stop('The build failed.');

const code = process.argv.includes('--browser') ? undefined : findProgram('code', 'code-insiders', 'codium');
if (code && (await run(code, ['--new-window', `--extensionDevelopmentPath=${root}`, examples])) === 0) {
  console.log('VS Code opens examples/ with Pod Roles. examples/README.md says what to try.');
  process.exit(0);
}
await startInBrowser();

async function startInBrowser() {
  const { installEditor, installExtension, newDataDir, startEditor } = await import('./editor.mjs');
  console.log('VS Code is not on the PATH: one that runs in the browser takes its place.');
  await installEditor(console.log).catch((error) => stop(`The editor could not be installed: ${error.message}`));
  if ((await runNode('scripts/package.mjs', ['--no-build'])) !== 0) stop('The extension could not be packed.');
  const dataDir = await newDataDir();
  await installExtension(dataDir, join(root, 'pod-roles.vsix'));
  const editor = await startEditor({
    dataDir,
    settings: { 'workbench.startupEditor': 'readme', 'security.workspace.trust.enabled': false },
  });
  console.log(`\nOpen ${editor.url}?folder=${encodeURI(examples)}\nCtrl-C stops it.`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      void editor.stop().then(() => process.exit(0));
    });
  }
  // The server's own process keeps this one alive until then.
}

function stop(reason) {
  console.error(reason);
  process.exit(1);
}
