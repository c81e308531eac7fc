import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, resolve } from 'node:path';
import { transform, build } from 'esbuild';

/**
 * Modules whose functions a program calls seldom, or not at its start. Each group becomes a file of its own in dist/,
 * which is read when one of its functions is first called; the sources know nothing of it. Only functions that are
 * declared as such (`export function`) can stand apart: to import anything else of such a module fails the build.
 */
const groups = {
  // The library for YAML that the simple reader leaves to it.
  yaml: ['core/syntax/yaml/library'],
  templates: ['core/syntax/template/buildMask', 'core/syntax/template/unmask'],
  // Globs of pod-roles.yaml and ignore files.
  globs: ['core/config/compileGlob', 'host/ignoreRules'],
  settings: ['core/config/readSettings'],
  store: ['host/recordFile'],
  terraform: ['core/readers/terraform/readModule'],
  cloudformation: ['core/readers/cloudformation/resources'],
  documentation: ['core/documents/documentation/pieces', 'core/documents/documentation/prose', 'core/documents/documentation/unwrap'],
  // JSON is the form of trust policies.
  json: ['core/syntax/json/parse', 'core/readers/policyDocument'],
  // With the rules that look at nothing else, see ruleFiles.
  policies: [
    'core/trust/judge', 'core/trust/grantVerdict', 'core/trust/refusals', 'core/rules/trust/owners', 'core/rules/trust/edits', 'core/rules/trust/providerFault',
    'core/rules/trust/issuerRepair', 'core/rules/trust/statements',
  ],
  // Rules that look at what is neither an account nor a policy, see ruleFiles.
  objects: ['core/rules/support/containers'],
  // The line above an account.
  lens: ['core/features/codeLens', 'core/features/permissions/counts'],
  // What is asked at a place of a text, after its diagnostics.
  answers: [
    'core/features/completion/completion', 'core/features/hover/hover', 'core/features/definition', 'core/features/references',
    'core/features/rename', 'core/features/codeActions', 'core/features/explainAt', 'core/features/explain/chain', 'core/features/explain/text', 'core/features/explain/grant',
    'core/features/roleOf',
  ],
  // All commands of the command line but `check`.
  commands: ['cli/commands/explain', 'cli/commands/generate', 'cli/commands/map', 'cli/commands/oidc', 'cli/commands/rules', 'cli/commands/snapshot'],
  // Commands of the editor.
  pages: [
    'core/features/permissionsPage', 'core/features/policyDocument', 'core/features/accessMapPage', 'core/features/placeholderIssuers',
    'core/permissions/summary', 'core/permissions/effective', 'core/snapshot/documents', 'core/snapshot/read', 'core/snapshot/write', 'core/generate/steps', 'lsp/configEdit', 'lsp/generate/check', 'lsp/generate/choices',
    'lsp/generate/plan', 'aws/apply/apply', 'aws/apply/reportText', 'aws/oidc', 'aws/profiles', 'host/render/checkRendered', 'host/render/tools',
  ],
};

const sources = resolve('server/src');
const ruleFiles = await rulesApart();
for (const [module, { group }] of ruleFiles) groups[group].push(module);
const groupOf = new Map(Object.entries(groups).flatMap(([group, modules]) => modules.map((module, i) => [`${resolve(sources, module)}.ts`, { group, module, name: `m${i}` }])));

/** In the place of a module that stands apart: its functions, each of which reads the module's file first. */
function standIn(path, pages) {
  const { group, module, name } = groupOf.get(path);
  const text = readFileSync(path, 'utf8');
  const functions = [...text.matchAll(/^export (?:async )?function\*? (\w+)/gm)].map(([, each]) => each);
  const stands = functions.map((each) => `export const ${each} = (...given) => it().${each}(...given);`);
  const known = ruleFiles.get(module);
  const rule = known && /^export const (\w+): (Condition)?Rule\b/m.exec(text);
  if (rule) {
    const [, each, onCondition] = rule;
    const call = (way) => `(...given) => it().${each}.${way}(...given)`;
    const checks = onCondition ? `find: ${call('find')}` : `checks: { ${known.checks.map((check) => `${check}: ${call(`checks.${check}`)}`).join(', ')} }`;
    stands.push(`export const ${each} = { ...${JSON.stringify({ ...known.meta, doc: pages ? known.meta.doc : '' })}, ${checks} };`);
  }
  return `const it = () => readNow(import('apart:${group}')).${name};\n${stands.join('\n')}\n`;
}

/** The functions of a part of Node, which is loaded when one of them is called. To import a class of it fails the build. */
function functionsOf(path) {
  const names = Object.entries(createRequire(import.meta.url)(path)).flatMap(([name, value]) => (typeof value === 'function' && /^[a-z]\w*$/.test(name) ? [name] : []));
  return names.map((name) => `export const ${name} = (...given) => require('${path}').${name}(...given);`).join('\n');
}

/** The modules of rules that are not needed where only accounts are, with all of each rule but its checks, whose names they are. */
async function rulesApart() {
  const { outputFiles: [bundle] } = await build({ entryPoints: [resolve(sources, 'core/rules/registry.ts')], bundle: true, write: false, platform: 'node', format: 'cjs', mainFields: ['module', 'main'], logLevel: 'warning' });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', bundle.text)(module, module.exports, createRequire(import.meta.url));
  const groupFor = (checks) => (checks.every((check) => check === 'trustPolicy') ? 'policies' : checks.every((check) => ['workload', 'object', 'association'].includes(check)) ? 'objects' : undefined);
  return new Map(module.exports.allRules.flatMap(({ checks, ...meta }) => {
    const names = Object.keys(checks);
    const group = names.length > 0 ? groupFor(names) : undefined;
    return group ? [[`core/rules/${meta.id}`, { group, meta, checks: names }]] : [];
  }));
}

/**
 * Puts the groups apart. `pages`: with the text of rules' pages.
 * @returns {import('esbuild').Plugin}
 */
const apart = (pages) => ({
  name: 'apart',
  setup(chosen) {
    chosen.onResolve({ filter: /^apart:/ }, ({ path }) => ({ path: path.slice(6), namespace: 'apart-group' }));
    chosen.onLoad({ filter: /.*/, namespace: 'apart-group' }, ({ path: group }) => ({
      contents: groups[group].map((module, i) => `export * as m${i} from ${JSON.stringify(`${resolve(sources, module)}.ts`)};`).join('\n'), resolveDir: sources,
    }));
    // What the group's own file imports is the module itself.
    chosen.onResolve({ filter: /\.ts$/, namespace: 'apart-group' }, ({ path }) => ({ path, namespace: 'file' }));
    chosen.onResolve({ filter: /^\./, namespace: 'file' }, ({ path, resolveDir, kind }) => {
      const candidate = `${resolve(resolveDir, path)}.ts`;
      return kind === 'import-statement' && groupOf.has(candidate) ? { path: candidate, namespace: 'apart' } : undefined;
    });
    chosen.onLoad({ filter: /.*/, namespace: 'apart' }, ({ path }) => ({ contents: standIn(path, pages), resolveDir: sources }));
    // Parts of Node for what is seldom asked; of crypto alone that takes as long as a tenth of the start.
    chosen.onResolve({ filter: /^(?:node:)?(?:crypto|child_process|readline)$/ }, ({ path, kind, namespace }) =>
      (namespace === 'file' ? { path, namespace: kind === 'require-call' ? 'when-used' : 'when-called' } : undefined));
    chosen.onLoad({ filter: /.*/, namespace: 'when-used' }, ({ path }) => ({ contents: `module.exports = new Proxy({}, { get: (_, name) => require('${path}')[name] });` }));
    chosen.onLoad({ filter: /.*/, namespace: 'when-called' }, ({ path }) => ({ contents: functionsOf(path) }));
    if (pages) return;
    chosen.onLoad({ filter: /[\\/]core[\\/]rules[\\/][a-z-]+\.ts$/, namespace: 'file' }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/^(const doc = |  doc: )`(?:\\[^]|[^`\\])*`/m, "$1''"), loader: 'ts',
    }));
  },
});

/**
 * Bundles a program: one file with all that it reads at its start, and one for each group apart and for what groups
 * share. esbuild splits modules of ECMAScript alone, so each part is made CommonJS afterwards; those that are read at
 * the start are joined, and give their exports to the groups by name.
 * @param {import('esbuild').BuildOptions} options those of one bundle; `outdir` and a single named entry point
 * @param {{ banner: string, pages: boolean }} more the program's first line; whether it holds the text of rules' pages
 * @returns {Promise<{ files: { name: string, text: string }[], metafile: import('esbuild').Metafile }>} the files, and what went into them
 */
export async function bundleApart(options, { banner, pages }) {
  const { minify, target, platform, sourcemap, define, supported, legalComments, logLevel } = options;
  const [entry] = Object.keys(options.entryPoints);
  const { outputFiles, metafile } = await build({
    ...options, format: 'esm', splitting: true, write: false, metafile: true, chunkNames: `${entry}-[name]-[hash]`, supported: {},
    plugins: [...(options.plugins ?? []), apart(pages)],
  });
  const main = `${entry}.js`;
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const atStart = new Set();
  const visit = (name) => {
    if (atStart.has(name) || !outputs.has(name)) return;
    atStart.add(name);
    for (const { path, kind } of outputs.get(name).imports) if (kind === 'import-statement') visit(basename(path));
  };
  visit(main);
  const parts = await Promise.all(outputFiles.map(async ({ path, text }) => {
    const now = text.replace(/readNow\(import\(("[^"]+")\)\)/g, 'require($1)');
    const { code } = await transform(now, { format: 'cjs', minify, target, platform, sourcemap, supported, define, legalComments, logLevel });
    return { name: basename(path), text: code };
  }));
  const files = [
    { name: main, text: `${banner}\n${joined(parts.filter(({ name }) => atStart.has(name)), main)}` },
    ...parts.filter(({ name }) => !atStart.has(name)).map(({ name, text }) => ({
      name, text: text.replace(/\brequire\("\.\/([\w-]+\.js)"\)/g, (call, other) => (atStart.has(other) ? `require("./${main}")("${other}")` : call)),
    })),
  ];
  return { files, metafile };
}

/** Several files as one, each run when it is first required. In brackets, which makes V8 compile a function at once, not twice. */
function joined(parts, main) {
  const each = parts.map(({ name, text }) => `${JSON.stringify(name)}:(function(module,exports,require){${text}\n})`);
  return `"use strict";var parts={${each.join(',\n')}},made={};` +
    'function part(name){var known=made[name];if(known===undefined){known=made[name]={exports:{}};parts[name](known,known.exports,need)}return known.exports}' +
    'function need(id){var name=id.slice(2);return id.startsWith("./")&&parts[name]!==undefined?part(name):require(id)}' +
    `module.exports=part;part(${JSON.stringify(main)});\n`;
}
