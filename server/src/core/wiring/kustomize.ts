import { folderKey, pathKey, resolvePath } from '../config/paths';
import type { KustomizationFact } from '../model/facts';
import { literal } from '../text/texts';
import { MultiMap } from './multiMap';

/** What kustomizations do to a file's objects. */
export interface Overwritten {
  /** `kept`: what the manifest says counts. `set`: every build sets this one. `unknown`: builds differ, or no file tells. */
  readonly namespace: { readonly kind: 'kept' } | { readonly kind: 'set'; readonly name: string } | { readonly kind: 'unknown' };
  /** True when a prefix or suffix changes names in some build. */
  readonly renamed: boolean;
}

const untouched: Overwritten = { namespace: { kind: 'kept' }, renamed: false };
const unknown = { kind: 'unknown' } as const;
/** How many kustomizations may stand above each other before no answer is tried. */
const deepest = 100;

/**
 * Which kustomizations take which files, through folders too. The outermost `namespace` of a build wins
 * (kustomize api/filters/namespace). Patches of a kustomization's folder that it does not list keep their own
 * namespace only where it is the same: what else would become of them no file tells.
 */
export class Kustomizations {
  private readonly byFolder = new MultiMap<string, KustomizationFact>();
  private readonly takers = new MultiMap<string, KustomizationFact>();
  private readonly effects = new Map<KustomizationFact, Overwritten>();

  add(fact: KustomizationFact): void {
    this.effects.clear();
    this.byFolder.add(folderKey(fact.doc.uri), fact);
    for (const target of targets(fact)) this.takers.add(target, fact);
  }

  remove(fact: KustomizationFact): void {
    this.effects.clear();
    this.byFolder.delete(folderKey(fact.doc.uri), fact);
    for (const target of targets(fact)) this.takers.delete(target, fact);
  }

  /** What is written over in a file's objects. */
  effectOn(uri: string): Overwritten {
    const takers = [...this.takers.get(pathKey(uri))];
    if (takers.length > 0) return merge(takers.map((taker) => this.effectOf(taker, new Set())));
    const own = [...this.byFolder.get(folderKey(uri))].filter((fact) => fact.doc.uri !== uri);
    if (own.length === 0) return untouched;
    const effect = merge(own.map((fact) => this.effectOf(fact, new Set())));
    return effect.namespace.kind === 'kept' ? effect : { ...effect, namespace: unknown };
  }

  /** What a kustomization and all that take it do, from the inside out. Cycles end where they close. */
  private effectOf(fact: KustomizationFact, visiting: Set<KustomizationFact>): Overwritten {
    const known = this.effects.get(fact);
    if (known) return known;
    if (visiting.has(fact)) return untouched;
    if (visiting.size > deepest) return { namespace: unknown, renamed: true };
    visiting.add(fact);
    const outer = [...this.takersOf(fact)].map((taker) => this.effectOf(taker, visiting));
    visiting.delete(fact);
    const inner = ownEffect(fact);
    const effect = outer.length === 0 ? inner : merge(outer.map((each) => over(each, inner)));
    this.effects.set(fact, effect);
    return effect;
  }

  private *takersOf(fact: KustomizationFact): Generator<KustomizationFact> {
    const folder = folderKey(fact.doc.uri);
    for (const key of [folder, pathKey(fact.doc.uri)]) {
      for (const taker of this.takers.get(key)) if (taker !== fact) yield taker;
    }
  }
}

function targets(fact: KustomizationFact): string[] {
  const folder = folderKey(fact.doc.uri);
  return fact.resources.flatMap((text) => {
    const path = literal(text);
    const target = path === undefined ? undefined : resolvePath(folder, path);
    return target === undefined ? [] : [target];
  });
}

function ownEffect(fact: KustomizationFact): Overwritten {
  const namespace = literal(fact.namespace);
  const kind = !fact.namespace || fact.namespace.value === '' ? untouched.namespace : namespace === undefined ? unknown : ({ kind: 'set', name: namespace } as const);
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
  return namespace.kind === 'set' ? namespace.name : undefined;
}
