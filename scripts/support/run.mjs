import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs a program with its output on ours.
 * @returns {Promise<number>} its exit code; 127 when it could not be started, 128 when a signal ended it
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', shell: command.endsWith('.cmd'), ...options });
    child.once('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.once('exit', (code) => resolve(code ?? 128));
  });
}

/** Runs a script of this repository or of one of its packages with this Node. */
export const runNode = (script, args = [], options = {}) => run(process.execPath, [join(root, script), ...args], options);

export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** The full path of the first of these programs that is on the PATH. */
export function findProgram(...names) {
  const suffixes = process.platform === 'win32' ? ['.cmd', '.exe', ''] : [''];
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      for (const suffix of suffixes) {
        const path = join(folder, name + suffix);
        if (folder && existsSync(path)) return path;
      }
    }
  }
  return undefined;
}
