import { formats } from './registry';

/** Endings of YAML and JSON, whatever is written in them. */
const plain = ['yaml', 'yml', 'json', 'jsonc'];
/** What a renderer's templates end with, behind the ending of what they make. */
const template = ['tpl', 'tmpl', 'tftpl', 'gotmpl', 'j2', 'jinja', 'jinja2', 'erb', 'template'];
/** Helpers of a chart end with this alone. */
const helper = 'tpl';

const files = formats.flatMap((format) => format.files ?? []);
const names: ReadonlySet<string> = new Set(files.flatMap((each) => each.names ?? []));
const mattering: ReadonlySet<string> = new Set(files.flatMap((each) => (each.matter ? (each.names ?? []) : [])));
/** By far most names do not begin as one of those does. */
const firstLetters: ReadonlySet<number> = new Set([...names].flatMap((name) => [name.charCodeAt(0), name.toUpperCase().charCodeAt(0)]));
// eslint-disable-next-line no-restricted-syntax -- the endings are constants of the registry's formats
const anyEnding = new RegExp(
  `${source(plain)}(?:${source(template)})?$|${source([helper, ...files.flatMap((each) => each.endings ?? [])])}$`,
  'i',
);
// eslint-disable-next-line no-restricted-syntax -- the endings are constants of the registry's formats
const wholeEnding = new RegExp(`${source(files.flatMap((each) => (each.whole ? (each.endings ?? []) : [])))}$`, 'i');

function source(endings: readonly string[]): string {
  return `\\.(?:${endings.map((ending) => ending.replace('.', '\\.')).join('|')})`;
}

/** Whether a file may hold what a reader reads, by its name: a path or a URI. */
export function isReadableName(path: string): boolean {
  return anyEnding.test(path) || isNamed(path, names);
}

/** Whether a file matters by its name, whatever it holds. */
export function alwaysMatters(path: string): boolean {
  return isNamed(path, mattering);
}

/** Whether a file's text is wanted whole, whatever it holds: it matters by its name, or other files depend on it. */
export function isReadWhole(path: string): boolean {
  return alwaysMatters(path) || wholeEnding.test(path);
}

/** The endings and the whole names of files that may be read, for a watcher's globs. */
export function watchedNames(): { readonly endings: readonly string[]; readonly names: readonly string[] } {
  return {
    endings: [...new Set([...plain, ...template, ...files.flatMap((each) => each.endings ?? [])])].filter(
      (ending) => !ending.includes('.'),
    ),
    names: [...names].filter((name) => !name.includes('.')),
  };
}

function isNamed(path: string, known: ReadonlySet<string>): boolean {
  const start = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
  return firstLetters.has(path.charCodeAt(start)) && known.has(path.slice(start).toLowerCase());
}
