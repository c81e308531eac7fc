import type { Format } from './reader';
import { formats } from './registry';

/** Endings of YAML and JSON, whatever is written in them. */
const plain = ['yaml', 'yml', 'json', 'jsonc'];
/** What a renderer's templates end with, behind the ending of what they make. */
const template = ['tpl', 'tmpl', 'tftpl', 'gotmpl', 'j2', 'jinja', 'jinja2', 'erb', 'template'];
/** Helpers of a chart end with this alone. */
const helper = 'tpl';

/** Which files are read, by their names: paths or URIs, case aside. One truth for walking, watching and the editor. */
export interface ReadableNames {
  /** Whether a file may hold what a reader reads. */
  isReadable(path: string): boolean;
  /** Whether a file matters by its name, whatever it holds. */
  alwaysMatters(path: string): boolean;
  /** Whether a file's text is wanted whole, whatever it holds: it matters by its name, or other files depend on it. */
  isReadWhole(path: string): boolean;
  /** Globs of the files, for an editor: VS Code's know no braces inside braces. */
  readonly globs: readonly string[];
}

/** The names that formats say of their files, beside those of YAML, JSON and templates of them. */
export function readableNames(formats: readonly Format[]): ReadableNames {
  const files = formats.flatMap((format) => format.files ?? []);
  const endings = [helper, ...files.flatMap((each) => each.endings ?? [])];
  const names: ReadonlySet<string> = new Set(files.flatMap((each) => each.names ?? []));
  const mattering: ReadonlySet<string> = new Set(files.flatMap((each) => (each.matter ? (each.names ?? []) : [])));
  /** By far most names do not begin as one of those does. */
  const firstLetters: ReadonlySet<number> = new Set([...names].flatMap((name) => [name.charCodeAt(0), name.toUpperCase().charCodeAt(0)]));
  // eslint-disable-next-line no-restricted-syntax -- the endings are constants of the registry's formats
  const anyEnding = new RegExp(`${source(plain)}(?:${source(template)})?$|${source(endings)}$`, 'i');
  const whole = files.flatMap((each) => (each.whole ? (each.endings ?? []) : []));
  // eslint-disable-next-line no-restricted-syntax -- the endings are constants of the registry's formats
  const wholeEnding = whole.length > 0 ? new RegExp(`${source(whole)}$`, 'i') : undefined;
  const isNamed = (path: string, known: ReadonlySet<string>): boolean => {
    const start = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
    return firstLetters.has(path.charCodeAt(start)) && known.has(path.slice(start).toLowerCase());
  };
  const alwaysMatters = (path: string): boolean => isNamed(path, mattering);
  return {
    isReadable: (path) => anyEnding.test(path) || isNamed(path, names),
    alwaysMatters,
    isReadWhole: (path) => alwaysMatters(path) || wholeEnding?.test(path) === true,
    globs: [
      `**/*.{${[...new Set([...plain, ...endings])].join(',')}}`,
      `**/*.{${plain.join(',')}}.{${template.join(',')}}`,
      ...[...names].filter((name) => !anyEnding.test(name)).map((name) => `**/${name}`),
    ],
  };
}

function source(endings: readonly string[]): string {
  return `\\.(?:${endings.map((ending) => ending.replaceAll('.', '\\.')).join('|')})`;
}

/** Those of the formats of the registry. */
export const { isReadable: isReadableName, alwaysMatters, isReadWhole, globs: readableGlobs } = readableNames(formats);
