import { documentationKind } from '../core/documents/documentation/kinds';
import { alwaysMatters, mayMatter } from '../core/readers/prescan/trigger';
import { readText, type ReadOptions, type ReadResult } from './readText';

const manifest = /\.(ya?ml|jsonc?)(\.(tpl|tmpl|tftpl|gotmpl|j2|jinja2?|erb|template))?$|\.tpl$|\.(tf|tofu|tfvars)$/i;

/** Files that may hold manifests or trust policies, by their names: YAML and JSON, and templates of them. */
export function isCandidate(path: string): boolean {
  return manifest.test(path) || alwaysMatters(path);
}

/** Documentation and scripts: what is embedded in them is read only where the user asks. */
export function isDocumentation(path: string): boolean {
  return documentationKind(path) !== undefined;
}

/** What another file of the same folder says may hang on any of these. */
const terraform = /\.(tf|tofu|tfvars|tf\.json)$/i;

/** A kustomization and Terraform matter by their names, whatever they hold. */
function isReadWhole(path: string): boolean {
  return alwaysMatters(path) || terraform.test(path);
}

/** How such a file is read: a quick look at its raw text first, where its name does not tell. */
export function readOptions(path: string): ReadOptions {
  return isReadWhole(path) ? {} : { matters: mayMatter };
}

const wholeFile: ReadOptions = { regular: true };
const lookedAt: ReadOptions = { matters: mayMatter, regular: true };

/** Reads a file that a walk met: it is a regular one. */
export function readMet(path: string): ReadResult {
  return readText(path, isReadWhole(path) ? wholeFile : lookedAt);
}
