import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';
import { convertHcl } from '../core/syntax/hcl/convert';
import { knowsYamlLibrary } from '../core/syntax/yaml/port';
import { provideYaml } from '../yaml/load';
import type { HclParser } from '../core/syntax/hcl/parser';
import { emptyBody } from '../core/syntax/hcl/body';

export { reading } from '../core/readers/terraform/reading';

/** Where the grammars lie: beside the bundle, or in the packages when run from source. */
async function readWasm(name: string, packaged: string): Promise<Uint8Array> {
  try {
    return await readFile(join(__dirname, name));
  } catch {
    return await readFile(createRequire(__filename).resolve(`${packaged}/${name}`));
  }
}

/** Loads tree-sitter and the grammar of HCL: a bundle of its own, dist/hcl.js with two .wasm files. */
export async function makeHclParser(): Promise<HclParser> {
  // What reads Terraform reads YAML in it. In dist/ this is another bundle than the program's.
  if (!knowsYamlLibrary()) provideYaml();
  const wasmBinary = await readWasm('web-tree-sitter.wasm', 'web-tree-sitter');
  await Parser.init({ wasmBinary });
  const language = await Language.load(await readWasm('tree-sitter-hcl.wasm', '@tree-sitter-grammars/tree-sitter-hcl'));
  const parser = new Parser();
  parser.setLanguage(language);
  return (text) => {
    const tree = parser.parse(text);
    if (!tree) return { root: undefined, hcl: emptyBody, comments: [], problems: [], templated: false, language: 'hcl' };
    try {
      return convertHcl(tree.rootNode, text);
    } finally {
      tree.delete();
    }
  };
}
