import { documentationKind } from '../core/syntax/documentation/kinds';
import { alwaysMatters, mayMatter } from '../core/syntax/trigger';
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

const whole: ReadOptions = {};
const looked: ReadOptions = { matters: mayMatter };

/** How such a file is read: a quick look at its raw text first. A kustomization and Terraform matter by their names, whatever they hold. */
export function readOptions(path: string): ReadOptions {
  return alwaysMatters(path) || terraform.test(path) ? whole : looked;
}

/** The same for a file that a walk met: it is a regular one. */
export function readMet(path: string): ReadResult {
  const { matters } = readOptions(path);
  return readText(path, matters ? lookedMet : wholeMet);
}

const wholeMet: ReadOptions = { ...whole, regular: true };
const lookedMet: ReadOptions = { ...looked, regular: true };
