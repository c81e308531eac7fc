import { runAsProgram } from './coldStart';
import { run } from './program';
import { provideComparison } from '../compare/load';
import { providePlans } from '../plan/load';
import { provideYaml } from '../yaml/load';

runAsProgram();
provideYaml();
providePlans();
provideComparison();

/*
 * A reader that went away (`pod-roles check | head`) is no failure to report: the work ends quietly.
 * Other errors of the streams have nowhere to be said.
 */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? (process.exitCode ?? 0) : 2);
  });
}

void run(process.argv).then((code) => {
  // Not `process.exit`: what is still being written to a pipe would be lost.
  process.exitCode = code;
});
