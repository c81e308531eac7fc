import type { Node, SyntaxProblem, Tree } from '../tree';

/** What a plain reading of a YAML text gives, templates not minded. */
export interface YamlReading {
  readonly root: Node | undefined;
  readonly problems: SyntaxProblem[];
  /** What was left out to bound the work: no mistake of the syntax, so that it needs no other reading. */
  readonly limits: SyntaxProblem[];
  readonly comments: Tree['comments'];
}

/** The module that reads YAML by the `yaml` library; see library.ts. */
export interface YamlLibrary {
  readByLibrary(text: string, inTemplate: boolean): YamlReading;
}

let load: (() => YamlLibrary) | undefined;
let library: YamlLibrary | undefined;

/**
 * Says how the library is loaded, which is done when a text first needs it: it is large, and the reader for simple
 * texts (simple.ts) reads most manifests. Each program calls this once before anything is parsed.
 */
/** True where this bundle was told where the library is: each bundle of dist/ holds a copy of this module. */
export function knowsYamlLibrary(): boolean {
  return load !== undefined;
}

export function setYamlLibrary(loader: () => YamlLibrary): void {
  load = loader;
  library = undefined;
}

/** The library, loaded. @throws {Error} where no program said how: a mistake of ours, not of a text. */
export function yamlLibrary(): YamlLibrary {
  if (!load) throw new Error('setYamlLibrary was not called');
  return (library ??= load());
}
