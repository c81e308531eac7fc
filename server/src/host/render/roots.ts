import { basename, dirname, join, resolve, sep } from 'node:path';
import type { KustomizationFact } from '../../core/model/facts';
import { kustomizationReader } from '../../core/readers/kustomization';
import { valueAt } from '../../core/syntax/nodes';
import { parseYaml, readSourceFile } from '../../core/documents/readSourceFile';
import { byCodeUnits, isWithin, toUri } from '../paths';
import { readText } from '../readText';
import { Seen, walk } from '../walk';

/** Something that a tool renders whole. */
export interface Root {
  readonly kind: 'chart' | 'kustomization';
  /** Absolute. */
  readonly folder: string;
  /** Its own file, `Chart.yaml` or a kustomization. */
  readonly file: string;
  /** A chart's name, with which the comments of its output begin. */
  readonly name?: string;
  /** The files that its output is made of, absolute, nearest first: where a finding is looked for. */
  readonly sources: readonly string[];
}

const kustomizationName = /^kustomization(?:\.ya?ml)?$/i;

/** The charts below some folders but those in other charts, and the kustomizations that no other one takes. In one order on every machine. */
export function findRoots(starts: readonly string[], ignores: (path: string) => boolean): Root[] {
  const seen = new Seen();
  const charts: string[] = [];
  const kustomizations = new Map<string, string>();
  for (const start of starts) {
    const wants = (path: string): boolean => basename(path) === 'Chart.yaml' || kustomizationName.test(basename(path));
    for (const met of walk(start, { wants, ignores, seen })) {
      if (met.kind !== 'file') continue;
      if (basename(met.path) === 'Chart.yaml') charts.push(met.path);
      else kustomizations.set(dirname(met.path), met.path);
    }
  }
  return [...chartRoots(charts), ...kustomizationRoots(kustomizations)].sort(
    (a, b) => byCodeUnits(a.folder, b.folder) || byCodeUnits(a.kind, b.kind),
  );
}

function chartRoots(files: readonly string[]): Root[] {
  const folders = files.map((file) => dirname(file));
  return files.flatMap((file): Root[] => {
    const folder = dirname(file);
    if (folders.some((other) => other !== folder && isWithin(join(other, 'charts'), folder))) return [];
    const text = textOf(file);
    const root = text === undefined ? undefined : parseYaml(text).root;
    const [name, type] = ['name', 'type']
      .map((key) => valueAt(root, key))
      .map((node) => (node?.kind === 'scalar' ? node.value : undefined));
    // A library renders nothing by itself; a chart without a name is a template of one.
    if (type === 'library' || name === undefined || !/^[\w.-]+$/.test(name)) return [];
    return [{ kind: 'chart', folder, file, name, sources: [...filesBelow(join(folder, 'templates')), join(folder, 'values.yaml')] }];
  });
}

function kustomizationRoots(files: ReadonlyMap<string, string>): Root[] {
  const read = new Map([...files].map(([folder, file]) => [folder, kustomizationIn(file)] as const));
  const taken = new Set<string>();
  for (const [folder, fact] of read) for (const path of fact ? pathsOf(fact) : []) taken.add(resolve(folder, path));
  return [...files].flatMap(([folder, file]): Root[] => {
    const fact = read.get(folder);
    if (!fact || fact.isComponent || taken.has(folder) || taken.has(file)) return [];
    return [{ kind: 'kustomization', folder, file, sources: sourcesOf(folder, file, read, files) }];
  });
}

function kustomizationIn(file: string): KustomizationFact | undefined {
  const text = textOf(file);
  if (text === undefined) return undefined;
  const [document] = readSourceFile(toUri(file), text, 'yaml').documents;
  const facts = document ? kustomizationReader.read({ doc: document.ref, text: document.text, tree: document.tree() }) : [];
  return facts.find((fact): fact is KustomizationFact => fact.kind === 'kustomization');
}

/** What a kustomization takes, as written. */
function pathsOf({ resources, patches }: KustomizationFact): string[] {
  return [...(patches ?? []).map(({ path }) => path.value), ...resources.map(({ value }) => value)].filter(
    (path) => !/^[a-z]+:\/\/|\?ref=|^git@/.test(path),
  );
}

/** The kustomization, its patches, what it takes, and so on below. */
function sourcesOf(
  folder: string,
  file: string,
  read: ReadonlyMap<string, KustomizationFact | undefined>,
  files: ReadonlyMap<string, string>,
): string[] {
  const found = new Set([file]);
  const queue = [folder];
  const seen = new Set(queue);
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const fact = read.get(at);
    for (const path of fact ? pathsOf(fact) : []) {
      const target = resolve(at, path);
      const own = files.get(target);
      found.add(own ?? target);
      if (own !== undefined && !seen.has(target)) {
        seen.add(target);
        queue.push(target);
      }
    }
  }
  return [...found];
}

function filesBelow(folder: string): string[] {
  // A walk follows no link twice; what Git ignores is a chart's all the same where it is named.
  return [...walk(folder, { wants: (path) => /\.(?:ya?ml|tpl|json)$/.test(path) })]
    .flatMap((met) => (met.kind === 'file' ? [met.path] : []))
    .sort(byCodeUnits);
}

function textOf(path: string): string | undefined {
  const result = readText(path);
  return result.kind === 'text' ? result.file.text : undefined;
}

/** Whether a path is one of a root's sources, or lies in a chart's templates or packed charts: its output stands for it. */
export function isSourceOf(root: Root, path: string): boolean {
  if (root.sources.includes(path)) return true;
  if (root.kind !== 'chart') return false;
  return (
    ['templates', 'charts'].some((name) => path.startsWith(root.folder + sep + name + sep)) ||
    (dirname(path) === root.folder && /^values.*\.ya?ml$/.test(basename(path)))
  );
}
