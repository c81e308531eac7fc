/**
 * Writes what is made from the rules themselves: docs/rules.md, a page for each rule in docs/rules/, the levels that
 * the editor's settings offer (package.json), and the ids that pod-roles.yaml may name (its schema); and, from the formats,
 * the globs of the files that the editor hands to the server (protocol/documents.ts). With `--check` it writes nothing and
 * fails when something is stale.
 */
import { build } from 'esbuild';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const levels = ['error', 'warning', 'info', 'off'];

/** The rules and the names of files, from their TypeScript sources. */
async function loadSources() {
  const folder = mkdtempSync(path.join(tmpdir(), 'pod-roles-docs-'));
  try {
    const outfile = path.join(folder, 'rules.cjs');
    await build({
      stdin: {
        contents: `
          export { allRules } from './rules/registry';
          export { pages } from './rules/pages';
          export { docsUrl } from './rules/docsUrl';
          export { readableGlobs } from './readers/fileNames';
          export { documentationGlob } from './documents/documentation/kinds';`,
        resolveDir: path.join(root, 'server/src/core'),
      },
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      mainFields: ['module', 'main'],
      logLevel: 'warning',
    });
    return createRequire(import.meta.url)(outfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function page(rule, pages) {
  const fix = rule.fixable ? 'some findings carry one' : 'none';
  return `<!-- Made by scripts/docs.mjs from server/src/core/rules/${rule.id}.ts: edit there. -->
# ${rule.id}

**${rule.title}.**

| level | fix | since |
|---|---|---|
| ${rule.level} | ${fix} | ${rule.since} |

${pages[rule.id].trim()}

For one line: \`# pod-roles-disable-next-line ${rule.id}\`. For all: \`rules: { ${rule.id}: off }\` in \`pod-roles.yaml\`.

## Source

${rule.source}.
`;
}

function overview(rules) {
  const rows = rules.map((rule) => `| [${rule.id}](rules/${rule.id}.md) | ${rule.level} | ${rule.fixable ? 'yes' : ''} | ${rule.title} |`);
  return `<!-- Made by scripts/docs.mjs: edit the rules themselves. -->
# Rules

**error**: it cannot work, or AWS or Kubernetes rejects it. **warning**: it works and is dangerous, or is nearly surely not
what was meant. **info**: worth knowing. A level is set in \`pod-roles.yaml\` (\`rules: { ID: off }\`), in the editor's setting
\`podRoles.rules\`, or with \`pod-roles check --rule ID=off\`.

**fix**: yes, if the editor offers a quick fix for some of the findings. \`check --fix\` makes only those with one right answer that give
no further pod access to a role; \`check\` marks such findings with \`fixable\`.

| rule | level | fix | finds |
|---|---|---|---|
${rows.join('\n')}

## Turning one off in a file

| comment | for |
|---|---|
| \`# pod-roles-disable-next-line ID\` | the next line that isn't a comment |
| \`# pod-roles-disable-line ID\` | its own line |
| \`# pod-roles-disable-file ID\` | the whole file |

Several ids are parted by commas; without an id all rules are off. A reason may follow \` -- \`. JSON without comments, and
whole folders, are set in \`pod-roles.yaml\`.
`;
}

/** package.json with a setting for each rule. */
function manifest(rules, docsUrl) {
  const json = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const setting = json.contributes.configuration.properties['podRoles.rules'];
  setting.properties = Object.fromEntries(
    rules.map((rule) => [
      rule.id,
      {
        type: 'string',
        enum: levels,
        default: rule.level,
        markdownDescription: `${rule.title}. [More](${docsUrl(rule.id)})`,
      },
    ]),
  );
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

/** The schema of pod-roles.yaml with each rule's id. */
function schema(rules) {
  const json = JSON.parse(readFileSync(path.join(root, 'schemas/pod-roles.schema.json'), 'utf8'));
  json.definitions.rules.properties = Object.fromEntries(
    rules.map((rule) => [
      rule.id,
      {
        $ref: '#/definitions/level',
        description: `${rule.title}. By default: ${rule.level}.`,
      },
    ]),
  );
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

/** The globs of the files that the editor hands to the server. */
function documents(globs) {
  return `// Made by scripts/docs.mjs from the names that formats say of their files (server/src/core/readers): edit there.
/** Files that the server wants to see whatever their language. */
export const documentGlobs: readonly string[] = [
${globs.map((glob) => `  '${glob}',\n`).join('')}];
`;
}

function readOr(file, fallback) {
  try {
    return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  } catch {
    return fallback;
  }
}

const check = process.argv.includes('--check');
const { allRules, pages, docsUrl, readableGlobs, documentationGlob } = await loadSources();
const wanted = new Map([
  ['docs/rules.md', overview(allRules)],
  ...allRules.map((rule) => [`docs/rules/${rule.id}.md`, page(rule, pages)]),
  ['package.json', manifest(allRules, docsUrl)],
  ['schemas/pod-roles.schema.json', schema(allRules)],
  ['protocol/documents.ts', documents([...readableGlobs, documentationGlob])],
]);

const folder = path.join(root, 'docs/rules');
mkdirSync(folder, { recursive: true });
const stale = [...wanted].filter(([file, text]) => readOr(path.join(root, file), undefined) !== text).map(([file]) => file);
const extra = readdirSync(folder)
  .map((name) => `docs/rules/${name}`)
  .filter((file) => !wanted.has(file));

if (check) {
  for (const file of stale) console.error(`${file} is stale`);
  for (const file of extra) console.error(`${file} is the page of no rule`);
  if (stale.length + extra.length > 0) {
    console.error('Run: node scripts/docs.mjs');
    process.exitCode = 1;
  }
} else {
  for (const file of stale) writeFileSync(path.join(root, file), wanted.get(file));
  for (const file of extra) rmSync(path.join(root, file));
  console.log(stale.length + extra.length === 0 ? 'Everything is fresh.' : `Written: ${[...stale, ...extra].join(', ')}`);
}
