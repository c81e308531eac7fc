import { alwaysMatters, mayMatter } from '../core/syntax/trigger';
import type { ReadOptions } from './readText';

const manifest = /\.(ya?ml|jsonc?)(\.(tpl|tmpl|tftpl|gotmpl|j2|jinja2?|erb|template))?$|\.tpl$/i;

/** Files that may hold manifests or trust policies, by their names: YAML and JSON, and templates of them. */
export function isCandidate(path: string): boolean {
  return manifest.test(path) || alwaysMatters(path);
}

/** How such a file is read: a quick look at its raw text first. A kustomization matters by its name, whatever it holds. */
export function readOptions(path: string): ReadOptions {
  return alwaysMatters(path) ? {} : { matters: mayMatter };
}
