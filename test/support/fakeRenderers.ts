import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A stand-in for helm: notes its words in `calls`, and prints the chart's templates with `{{ .Release.… }}` and
 * `{{ .Values.a.b }}` put in, each below its `# Source:` comment. A chart with a file `fail` fails with its text; one with
 * a file `hang` prints nothing and never ends.
 */
const helm = `
const { chart, words } = { chart: process.argv[4], words: process.argv.slice(2) };
fs.appendFileSync(process.env.CALLS ?? '/dev/null', JSON.stringify(['helm', ...words]) + '\\n');
if (fs.existsSync(chart + '/hang')) setInterval(() => undefined, 1000);
else if (fs.existsSync(chart + '/fail')) { process.stderr.write(fs.readFileSync(chart + '/fail')); process.exit(1); }
else {
  const option = (name) => words.flatMap((word, i) => (word === name ? [words[i + 1]] : []));
  const name = /^name: (\\S+)/m.exec(fs.readFileSync(chart + '/Chart.yaml', 'utf8'))[1];
  const values = {};
  for (const file of [chart + '/values.yaml', ...option('--values')]) {
    if (!fs.existsSync(file)) continue;
    const path = [];
    for (const line of fs.readFileSync(file, 'utf8').split('\\n')) {
      const found = /^( *)([\\w-]+):\\s*(.*)$/.exec(line);
      if (!found) continue;
      path.length = found[1].length / 2;
      path.push(found[2]);
      if (found[3]) values[path.join('.')] = found[3].replace(/^"(.*)"$/, '$1');
    }
  }
  for (const file of fs.readdirSync(chart + '/templates').sort()) {
    if (!file.endsWith('.yaml')) continue;
    const text = fs.readFileSync(chart + '/templates/' + file, 'utf8')
      .replace(/{{ \\.Release\\.Name }}/g, words[1]).replace(/{{ \\.Release\\.Namespace }}/g, option('--namespace')[0]).replace(/{{ \\.Values\\.([\\w.]+) }}/g, (_, key) => values[key] ?? '');
    process.stdout.write('---\\n# Source: ' + name + '/templates/' + file + '\\n' + text);
  }
}
`;

/** A stand-in for kustomize: notes its words, and prints the file \`rendered.out\` of the folder. */
const kustomize = `
fs.appendFileSync(process.env.CALLS ?? '/dev/null', JSON.stringify(['kustomize', ...process.argv.slice(2)]) + '\\n');
process.stdout.write(fs.readFileSync(process.argv[3] + '/rendered.out'));
`;

/** Puts stand-ins into a folder for the PATH. */
export function fakeRenderers(folder: string, names: readonly ('helm' | 'kustomize')[]): void {
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const path = join(folder, name);
    writeFileSync(path, `#!${process.execPath}\nconst fs = require('node:fs');\n${name === 'helm' ? helm : kustomize}`);
    chmodSync(path, 0o755);
  }
}
