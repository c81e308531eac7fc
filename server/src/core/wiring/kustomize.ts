import { folderKey, pathKey, resolvePath } from '../config/paths';
import type { KustomizationFact } from '../model/facts';
import type { Text } from '../text/text';
import { literal } from '../text/texts';
import { FactMap } from './factMap';
import { chartOfTemplate, pathsOfRelease } from './helmPaths';
import { Answers, Keys, type Lookups } from './lookups';
import { inOrder } from './order';

/** What kustomizations do to a file's objects. */
export interface Overwritten {
  /** `kept`: what the manifest says counts. `set`: every build sets this one. `unknown`: builds differ, or no file tells. */
  readonly namespace:
    | { readonly kind: 'kept' }
    | { readonly kind: 'set'; readonly name: string }
    /** No build is seen to take the file; if one does, it sets this. What the manifest says counts where it is the same. */
    | { readonly kind: 'perhaps'; readonly name: string }
    | { readonly kind: 'unknown' };
  /** True when a prefix or suffix changes names in some build. */
  readonly renamed: boolean;
}

const untouched: Overwritten = { namespace: { kind: 'kept' }, renamed: false };
const unknown = { kind: 'unknown' } as const;
/** How many kustomizations may stand above each other before no answer is tried. */
const deepest = 100;

/**
 * Which kustomizations take which files, through folders too. The outermost `namespace` of a build wins
 * (kustomize api/filters/namespace). A file that none takes, in or below a kustomization's folder, may be a patch
 * that is named in a way not read here: only what cannot be wrong is said of it.
 */
export class Kustomizations {
  private readonly byFolder: FactMap<string, KustomizationFact>;
  private readonly byFile: FactMap<string, KustomizationFact>;
  private readonly takers: FactMap<string, KustomizationFact>;
  /** Patches whose own names count for nothing. */
  private readonly targeted: FactMap<string, KustomizationFact>;
  private readonly effects: Answers<KustomizationFact, Overwritten>;
  private readonly visiting = new Set<KustomizationFact>();
  /** What Flux and Argo CD deploy, by each folder that may be meant. */
  private readonly deliveries: FactMap<string, KustomizationFact>;
  /** The same by the file that they stand in: patches within them are part of their build. */
  private readonly deliveriesByFile: FactMap<string, KustomizationFact>;
  /** Releases of charts by each path that may be one of their values files, or `chart ` and the folder of their chart. */
  private readonly releases: FactMap<string, KustomizationFact>;
  private readonly all = new Set<KustomizationFact>();
  private renaming = 0;
  private readonly wide: Keys<'all' | 'emptiness' | 'renaming'>;

  constructor(lookups: Lookups) {
    this.byFolder = new FactMap(lookups);
    this.byFile = new FactMap(lookups);
    this.takers = new FactMap(lookups);
    this.targeted = new FactMap(lookups);
    this.effects = new Answers(lookups);
    this.deliveries = new FactMap(lookups);
    this.deliveriesByFile = new FactMap(lookups);
    this.releases = new FactMap(lookups);
    this.wide = new Keys(lookups);
  }

  /** True where there is no kustomization at all. */
  get isEmpty(): boolean {
    this.wide.note('emptiness');
    return this.all.size === 0;
  }

  /** True where some kustomization changes names. */
  get renames(): boolean {
    this.wide.note('renaming');
    return this.renaming > 0;
  }

  /** The kustomizations that are built for themselves. */
  *roots(): Generator<KustomizationFact> {
    this.wide.note('all');
    for (const fact of this.all) if (!fact.isComponent && this.takersOf(fact).next().done === true) yield fact;
  }

  /** The kustomization of a folder, or in the file at a path. */
  at(path: string): KustomizationFact | undefined {
    const [first, ...others] = inOrder([...this.byFolder.get(path), ...this.byFile.get(path)]);
    return others.length === 0
      ? first
      : ([first!, ...others].find(({ doc }) => /(?:^|\/)kustomization(?:\.ya?ml)?$/i.test(doc.uri)) ?? first);
  }

  /** The kustomizations that take the file at a path, or that it holds. */
  takersOfPath(path: string): KustomizationFact[] {
    return [
      ...this.takers.get(path),
      ...this.byFile.get(path),
      ...this.deliveriesByFile.get(path),
      ...this.deliverers(path),
      ...this.releasesWith(path),
    ];
  }

  /** The releases that may take a file as their values, or as a template of their chart. */
  private releasesWith(path: string): Iterable<KustomizationFact> {
    if (this.releases.isEmpty) return [];
    const chart = chartOfTemplate(path);
    return chart === undefined ? this.releases.get(path) : this.releases.get(`chart ${chart}`);
  }

  /** What deploys a file as one of a folder without a kustomization. */
  private deliverers(path: string): KustomizationFact[] {
    if (this.deliveries.isEmpty || isValuesFile(path)) return [];
    for (let at = parentOf(path), near = true; at !== ''; at = parentOf(at), near = false) {
      if (this.byFolder.get(at).size > 0) return [];
      const found = [...this.deliveries.get(at)].filter(({ delivery }) => near || delivery!.recursive);
      if (found.length > 0) return found;
    }
    return [];
  }

  add(fact: KustomizationFact): void {
    this.change(fact, 'add');
  }

  remove(fact: KustomizationFact): void {
    this.change(fact, 'delete');
  }

  private change(fact: KustomizationFact, operation: 'add' | 'delete'): void {
    this.effects.forget(fact);
    const [wasEmpty, renamed] = [this.all.size === 0, this.renaming > 0];
    this.all[operation](fact);
    if (fact.namePrefix || fact.nameSuffix || fact.delivery?.substitutes || fact.delivery?.release)
      this.renaming += operation === 'add' ? 1 : -1;
    this.wide.changed('all');
    if (wasEmpty !== (this.all.size === 0)) this.wide.changed('emptiness');
    if (renamed !== this.renaming > 0) this.wide.changed('renaming');
    if (fact.delivery) {
      if (fact.delivery.release) {
        for (const key of releaseKeys(fact)) this.releases[operation](key, fact);
        return;
      }
      for (const folder of deliveredFolders(fact)) this.deliveries[operation](folder, fact);
      this.deliveriesByFile[operation](pathKey(fact.doc.uri), fact);
      return;
    }
    const folder = folderKey(fact.doc.uri);
    this.byFolder[operation](folder, fact);
    this.byFile[operation](pathKey(fact.doc.uri), fact);
    const patches = fact.patches ?? [];
    for (const target of targets(folder, [...fact.resources, ...patches.map((patch) => patch.path)])) this.takers[operation](target, fact);
    for (const target of targets(
      folder,
      patches.filter((patch) => patch.targeted).map((patch) => patch.path),
    ))
      this.targeted[operation](target, fact);
  }

  /** A patch that gives accounts another name came or is gone. */
  countRenaming(change: 1 | -1): void {
    const before = this.renaming > 0;
    this.renaming += change;
    if (before !== this.renaming > 0) this.wide.changed('renaming');
  }

  /** What is written over in a file's objects. */
  effectOn(uri: string): Overwritten {
    const path = pathKey(uri);
    // Patches within a kustomization are part of its own build.
    const takers = this.takersOfPath(path).filter(({ delivery }) => !delivery);
    if (takers.length > 0) {
      const effect = merge(takers.map((taker) => this.effectOf(taker)));
      return this.targeted.get(path).size > 0 ? { ...effect, renamed: true } : effect;
    }
    const { namespace, renamed } = this.around(folderKey(uri));
    return { renamed, namespace: namespace.kind === 'set' ? { kind: 'perhaps', name: namespace.name } : namespace };
  }

  /** What the nearest kustomization at or above a folder does. */
  private around(folder: string): Overwritten {
    for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
      const facts = [...this.byFolder.get(at)];
      if (facts.length > 0) return merge(facts.map((fact) => this.effectOf(fact)));
      if (at === '') return untouched;
    }
  }

  /** What a kustomization and all that take it do, from the inside out. Cycles end where they close. */
  private effectOf(fact: KustomizationFact): Overwritten {
    if (this.visiting.has(fact)) return untouched;
    if (this.visiting.size > deepest) return { namespace: unknown, renamed: true };
    return this.effects.get(fact, () => {
      this.visiting.add(fact);
      const outer = [...this.takersOf(fact)].map((taker) => this.effectOf(taker));
      this.visiting.delete(fact);
      const inner = ownEffect(fact);
      return outer.length === 0 ? inner : merge(outer.map((each) => over(each, inner)));
    });
  }

  /** The kustomizations that take another. */
  *takersOf(fact: KustomizationFact): Generator<KustomizationFact> {
    if (fact.delivery) {
      // A release is a part of the kustomization that writes it or takes its file, where that may change it.
      const { path } = placeOf(fact);
      if (fact.delivery.tool === 'Kustomize chart') yield* this.byFile.get(path);
      else if (fact.delivery.tool === 'Flux HelmRelease') yield* new Set([...this.takers.get(path), ...this.deliverers(path)]);
      return;
    }
    const { folder, path } = placeOf(fact);
    for (const key of [folder, path]) {
      for (const taker of this.takers.get(key)) if (taker !== fact) yield taker;
    }
    yield* this.deliveries.get(folder);
  }
}

const places = new WeakMap<KustomizationFact, { readonly folder: string; readonly path: string }>();

/** A kustomization's folder and path as comparable texts; looked up once, for a workspace asks by the thousand. */
export function placeOf(fact: KustomizationFact): { readonly folder: string; readonly path: string } {
  let place = places.get(fact);
  if (!place) places.set(fact, (place = { folder: folderKey(fact.doc.uri), path: pathKey(fact.doc.uri) }));
  return place;
}

/** True where a kustomization may concern objects that it does not name: by a target, a new name, a folder or a component as a whole. */
export function reachesBeyondNames({ namePrefix, nameSuffix, delivery, components, patches }: KustomizationFact): boolean {
  return (
    Boolean(namePrefix ?? nameSuffix ?? delivery) || (components?.length ?? 0) > 0 || (patches?.some(({ targeted }) => targeted) ?? false)
  );
}

/** The folders that a delivery may mean: its path counts from the repository's root, which is some folder above it. */
export function deliveredFolders({ doc, resources }: KustomizationFact): string[] {
  return resources.flatMap((text) => {
    const path = literal(text)
      ?.replace(/^(?:\.?\/)+/, '')
      .replace(/\/+$/, '');
    if (!path || path === '.' || path.includes('..')) return [];
    const found: string[] = [];
    for (let at = folderKey(doc.uri); ; at = parentOf(at)) {
      found.push(at === '' ? path : `${at}/${path}`);
      if (at === '') return found;
    }
  });
}

/** Values of a chart are no objects of the folder that they stand in. */
export function isValuesFile(path: string): boolean {
  return /(?:^|\/)values(?:[-_.][^/]*)?\.ya?ml$/.test(path);
}

function releaseKeys(fact: KustomizationFact): Set<string> {
  const keys = new Set<string>();
  for (const { chart, files } of pathsOfRelease(fact)) {
    if (chart !== undefined) keys.add(`chart ${chart}`);
    for (const path of files.flat()) keys.add(path);
  }
  return keys;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function targets(folder: string, texts: readonly Text[]): string[] {
  return texts.flatMap((text) => {
    const path = literal(text);
    const target = path === undefined ? undefined : resolvePath(folder, path);
    return target === undefined ? [] : [target];
  });
}

function ownEffect(fact: KustomizationFact): Overwritten {
  const namespace = literal(fact.namespace);
  const kind =
    !fact.namespace || fact.namespace.value === ''
      ? untouched.namespace
      : namespace === undefined
        ? unknown
        : ({ kind: 'set', name: namespace } as const);
  return { namespace: kind, renamed: Boolean(fact.namePrefix?.value || fact.nameSuffix?.value) };
}

function over(outer: Overwritten, inner: Overwritten): Overwritten {
  return { namespace: outer.namespace.kind === 'kept' ? inner.namespace : outer.namespace, renamed: outer.renamed || inner.renamed };
}

function merge(effects: readonly Overwritten[]): Overwritten {
  const [first, ...rest] = effects as [Overwritten, ...Overwritten[]];
  const same = rest.every(({ namespace: n }) => n.kind === first.namespace.kind && nameOf(n) === nameOf(first.namespace));
  return { namespace: same ? first.namespace : unknown, renamed: effects.some((effect) => effect.renamed) };
}

function nameOf(namespace: Overwritten['namespace']): string | undefined {
  return namespace.kind === 'set' || namespace.kind === 'perhaps' ? namespace.name : undefined;
}
