import { pathKey } from '../config/paths';
import type { Fact, HelmDelivery, KustomizationFact, ServiceAccountFact } from '../model/facts';
import { encloses } from '../text/span';
import type { Text } from '../text/text';
import { literal } from '../text/texts';
import { pathsOfRelease, type ReleasePaths } from './helmPaths';
import { accountAsWritten, workloadAsWritten, type BuiltAccount, type BuiltWorkload } from './kustomizeObjects';

/** What a release makes of the values and templates that are files of the repository. */
export interface BuiltRelease {
  readonly accounts: readonly BuiltAccount[];
  readonly workloads: readonly BuiltWorkload[];
}

/** Where a release's files are looked for. */
export interface ReleaseFiles {
  factsAt(path: string): readonly Fact[];
  /** The paths of the files with facts directly in a folder. */
  filesIn(folder: string, recursive: boolean): Iterable<string>;
}

/**
 * The accounts and workloads of one Helm release: values files in Helm's order, then what the release's own document
 * holds. Equal paths in them are one account, whose name and annotations each come from the last that sets them. Source:
 * Helm, Values Files; each tool's own order is in its fact.
 */
export function buildRelease(fact: KustomizationFact, release: HelmDelivery, files: ReleaseFiles): BuiltRelease {
  const place: Place = { release, namespace: release.namespace ? literal(release.namespace) : null };
  const found = pathsOfRelease(fact).filter((paths) => isHere(paths, files));
  const [paths, another] = found;
  const byPath = new Map<string, BuiltAccount>();
  const accounts: BuiltAccount[] = [];
  const workloads: BuiltWorkload[] = [];
  // Two folders of that path: which one is meant, no file tells.
  if (paths && !another) {
    for (const alternatives of paths.files) {
      const facts = alternatives.map((path) => files.factsAt(path)).find((all) => all.length > 0);
      for (const each of facts ?? []) take(each, place, byPath, accounts, workloads);
    }
    if (paths.chart !== undefined) {
      for (const path of files.filesIn(`${paths.chart}/templates`, false))
        for (const each of files.factsAt(path)) take(each, place, byPath, accounts, workloads);
    }
  }
  const isOpen = paths === undefined ? release.open === true : another !== undefined || paths.open;
  if (isOpen) for (const [path, account] of byPath) byPath.set(path, { ...account, unsure: true });
  for (const each of factsInside(files.factsAt(pathKey(fact.doc.uri)), fact)) take(each, place, byPath, accounts, workloads, isOpen);
  return { accounts: [...byPath.values(), ...accounts], workloads };
}

interface Place {
  readonly release: HelmDelivery;
  /** Null where the release says none: then it is that of the kustomization around it. */
  readonly namespace: string | null | undefined;
}

function isHere({ chart, files: groups }: ReleasePaths, files: ReleaseFiles): boolean {
  if (groups.some((paths) => paths.some((path) => files.factsAt(path).length > 0))) return true;
  return chart !== undefined && files.filesIn(`${chart}/templates`, false)[Symbol.iterator]().next().done !== true;
}

/** The facts that stand in a release's own document: its values. The facts of a file are in order. */
function* factsInside(facts: readonly Fact[], { doc, span }: KustomizationFact): Generator<Fact> {
  let [low, high] = [0, facts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const fact = facts[middle]!;
    if (fact.doc.index < doc.index || (fact.doc.index === doc.index && fact.span.start < span.start)) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < facts.length && facts[i]!.doc.index === doc.index && facts[i]!.span.start <= span.end; i++)
    if (facts[i]!.kind !== 'kustomization' && encloses(span, facts[i]!.span)) yield facts[i]!;
}

const releasesOfFile = new WeakMap<readonly Fact[], readonly KustomizationFact[]>();

/** The releases of a file whose own values hold a fact: several where one object makes them. */
export function releasesAround(fact: Fact, facts: readonly Fact[]): readonly KustomizationFact[] {
  let releases = releasesOfFile.get(facts);
  if (!releases) releasesOfFile.set(facts, (releases = facts.filter(isRelease)));
  let [low, high] = [0, releases.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { doc, span } = releases[middle]!;
    if (doc.index < fact.doc.index || (doc.index === fact.doc.index && span.start <= fact.span.start)) low = middle + 1;
    else high = middle;
  }
  const found: KustomizationFact[] = [];
  for (let i = low - 1; i >= 0 && releases[i]!.doc.index === fact.doc.index && encloses(releases[i]!.span, fact.span); i--)
    found.push(releases[i]!);
  return found.reverse();
}

/** The facts of a file that are not the values of one of its releases. */
export function outsideReleases(facts: readonly Fact[]): readonly Fact[] {
  const inner = new Set<Fact>();
  let last: KustomizationFact | undefined;
  for (const fact of facts) {
    if (!isRelease(fact)) continue;
    // Several releases of one object are written once.
    if (last?.doc.index !== fact.doc.index || last.span.start !== fact.span.start)
      for (const each of factsInside(facts, fact)) inner.add(each);
    last = fact;
  }
  return inner.size === 0 ? facts : facts.filter((fact) => !inner.has(fact));
}

export function isRelease(fact: Fact): fact is KustomizationFact {
  return fact.kind === 'kustomization' && fact.delivery?.release !== undefined;
}

/** @param isOpen true where values that are not read come before these: then they alone decide nothing that they do not say */
function take(
  fact: Fact,
  place: Place,
  byPath: Map<string, BuiltAccount>,
  accounts: BuiltAccount[],
  workloads: BuiltWorkload[],
  isOpen = false,
): void {
  if (fact.kind === 'workload') {
    const written = workloadAsWritten(fact);
    workloads.push({ ...written, namespace: namespaceIn(fact.namespace, written.namespace, place) });
  }
  if (fact.kind !== 'serviceAccount') return;
  const written = accountAsWritten(fact);
  const own: BuiltAccount = {
    ...written,
    namespace: namespaceIn(fact.ofRelease ? undefined : fact.namespace, fact.ofRelease ? null : written.namespace, place),
    name: fact.name ? nameIn(fact.name, place.release) : undefined,
    release: place.release.movable ? 'movable' : 'fixed',
  };
  if (fact.origin !== 'values' || fact.valuesPath === undefined) {
    accounts.push(own);
    return;
  }
  const below = byPath.get(fact.valuesPath);
  byPath.set(fact.valuesPath, below ? over(own, below, fact, isOpen) : isOpen && !isWhole(fact) ? { ...own, unsure: true } : own);
}

/** Values laid over those of the same account. A list is taken as a whole. */
function over(own: BuiltAccount, below: BuiltAccount, fact: ServiceAccountFact, isOpen: boolean): BuiltAccount {
  if (fact.valuesPath!.includes('[')) return own;
  const [roleArn, audience] = [own.roleArn ?? below.roleArn, own.audience ?? below.audience];
  return {
    ...own,
    name: fact.name ? own.name : below.name,
    namespace: fact.namespace && !fact.ofRelease ? own.namespace : below.namespace,
    parts: [...below.parts, fact],
    object: own.roleArn ? fact : below.object,
    unsure: below.unsure && !(isOpen && isWhole(fact)),
    ...(roleArn ? { roleArn } : {}),
    ...(audience ? { audience } : {}),
  };
}

/** Whether values say all of an account that counts: then what comes before them changes nothing. */
function isWhole(fact: ServiceAccountFact): boolean {
  return fact.name !== undefined && fact.roleArn !== undefined;
}

/** An object's namespace: its own; that of the release where it has none, or is told to take the release's. */
function namespaceIn(text: Text | undefined, written: string | null | undefined, { namespace }: Place): string | null | undefined {
  if (written === null) return namespace;
  return written === undefined && text && /^\{\{-?\s*[.$]+Release\.Namespace\s*(?:\|\s*quote\s*)?-?\}\}$/.test(text.value.trim())
    ? namespace
    : written;
}

/** A name, with the release's name in it filled in. */
function nameIn(text: Text, { name }: HelmDelivery): string | undefined {
  const known = literal(text);
  const own = name && literal(name);
  if (known !== undefined || own === undefined) return known || undefined;
  let value = '';
  let at = 0;
  for (const hole of text.holes) {
    if (!/^\{\{-?\s*[.$]+Release\.Name\s*-?\}\}$/.test(text.value.slice(hole.start, hole.end))) return undefined;
    value += text.value.slice(at, hole.start) + own;
    at = hole.end;
  }
  return value + text.value.slice(at);
}
