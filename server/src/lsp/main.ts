import { createConnection, ProposedFeatures } from './library';
import { serve } from './server';
import { provideComparison } from '../compare/load';
import { providePlans } from '../plan/load';
import { provideYaml } from '../yaml/load';

// The transport comes from the arguments: --stdio, --node-ipc, --socket=N or --pipe=NAME.
const wanted = ['--stdio', '--node-ipc', '--socket', '--pipe', '--clientProcessId'];
if (!process.argv.slice(2).some((argument) => wanted.some((name) => argument.startsWith(name)))) {
  const help = process.argv.includes('--help') || process.argv.includes('-h');
  const text =
    'Usage: pod-roles-language-server --stdio | --node-ipc | --socket=PORT | --pipe=NAME\n\nThe Pod Roles language server, for editors that speak LSP.\n';
  (help ? process.stdout : process.stderr).write(text);
  process.exit(help ? 0 : 2);
}

provideYaml();
providePlans();
provideComparison();
serve(createConnection(ProposedFeatures.all));
