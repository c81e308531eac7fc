import { resolvePath } from '../config/paths';
import type { Delivery, Fact, KustomizationFact, PatchTarget, ServiceAccountFact } from '../model/facts';
import { encloses } from '../text/span';
import type { Text } from '../text/text';
import { literal } from '../text/texts';
import { deliveredFolders, isValuesFile, placeOf } from './kustomize';
import { buildRelease, isRelease, outsideReleases, type BuiltRelease } from './helmBuild';
import { Answers, type Lookups } from './lookups';
import {
  accountAsWritten,
  mends,
  patched,
  renamed,
  substituted,
  workloadAsWritten,
  type BuiltAccount,
  type BuiltWorkload,
} from './kustomizeObjects';

/** What one `kustomize build` makes, of what concerns us. */
export interface Built {
  readonly accounts: readonly BuiltAccount[];
  readonly workloads: readonly BuiltWorkload[];
  /** True where it takes something that is no file of this workspace. */
  readonly hasRemote: boolean;
}

/** The files and kustomizations among which builds are made. */
export interface BuildFiles {
  /** The kustomization of a folder, or in a file. */
  kustomizationAt(path: string): KustomizationFact | undefined;
  /** The facts of the file at a path. */
  factsAt(path: string): readonly Fact[];
  /** The paths of the files in a folder, and of those below it. */
  filesIn(folder: string, recursive: boolean): Iterable<string>;
}

const nothing: Built = { accounts: [], workloads: [], hasRemote: false };
/** A build that no cluster could take: nothing more is added. */
const mostObjects = 20_000;
/** How many kustomizations may stand above each other. */
const deepest = 100;

/**
 * Makes what kustomize makes of a folder, in its order: resources, components, patches, namespace, prefix and suffix.
 * Source: kustomize internal/target/kusttarget.go (accumulateTarget), kusttarget_configplugin.go. Each kustomization is
 * built once, until something in it changes.
 */
export class Builder {
  private readonly made: Answers<KustomizationFact, Built>;
  private readonly visiting = new Set<KustomizationFact>();

  constructor(
    private readonly files: BuildFiles,
    lookups: Lookups,
  ) {
    this.made = new Answers(lookups);
  }

  /** A kustomization is gone. */
  forget(kustomization: KustomizationFact): void {
    this.made.forget(kustomization);
  }

  build(kustomization: KustomizationFact): Built {
    return this.made.get(kustomization, () => this.run(kustomization, nothing));
  }

  /** A kustomization over what there is already: for a component that of the kustomization that takes it. */
  private run(kustomization: KustomizationFact, before: Built): Built {
    if (this.visiting.has(kustomization) || this.visiting.size > deepest) return { ...before, hasRemote: true };
    this.visiting.add(kustomization);
    try {
      const layer = new Layer(before);
      if (kustomization.delivery?.release) {
        layer.addRelease(buildRelease(kustomization, kustomization.delivery.release, this.files));
        return layer.done();
      }
      if (kustomization.delivery) {
        this.deliver(kustomization, kustomization.delivery, layer);
        return layer.done();
      }
      const { folder } = placeOf(kustomization);
      const components = new Set((kustomization.components ?? []).map(({ value }) => value));
      for (const text of kustomization.resources) if (!components.has(text.value)) this.take(text, folder, layer);
      for (const chart of this.files.factsAt(placeOf(kustomization).path))
        if (isRelease(chart) && chart.doc.index === kustomization.doc.index) layer.add(this.build(chart));
      for (const text of kustomization.components ?? []) this.layComponent(text, folder, layer);
      for (const [fact, target] of this.patchesOf(kustomization, folder)) layer.patch(fact, target);
      layer.transform(kustomization);
      return layer.done();
    } finally {
      this.visiting.delete(kustomization);
    }
  }

  /** What Flux or Argo CD make of a folder: its kustomization, or the files in it. */
  private deliver(kustomization: KustomizationFact, { recursive, fallbackNamespace, substitutes }: Delivery, layer: Layer): void {
    const built = deliveredFolders(kustomization).flatMap((folder) => {
      const inner = this.files.kustomizationAt(folder);
      const paths = inner ? [] : [...this.files.filesIn(folder, recursive)];
      return inner || paths.length > 0 ? [{ inner, paths }] : [];
    });
    // Two folders of that path: which one is meant, no file tells.
    if (built.length !== 1) return;
    const [{ inner, paths }] = built as [(typeof built)[number]];
    if (inner) layer.add(this.build(inner));
    else for (const path of paths) if (!isValuesFile(path)) this.addFile(path, layer);
    for (const [fact, target] of this.patchesOf(kustomization, '')) if (encloses(kustomization.span, fact.span)) layer.patch(fact, target);
    if (substitutes) layer.substitute(substitutes);
    layer.transform(kustomization);
    if (fallbackNamespace) layer.place(literal(fallbackNamespace));
  }

  private take(text: Text, folder: string, layer: Layer): void {
    const path = pathOf(text, folder);
    const inner = path === undefined ? undefined : this.files.kustomizationAt(path);
    if (inner) layer.add(this.build(inner));
    else if (path === undefined) layer.hasRemote = true;
    else this.addFile(path, layer);
  }

  /** The objects of a file; a release of Flux in it as what its chart makes. Others are deployed by themselves. */
  private addFile(path: string, layer: Layer): void {
    const facts = this.files.factsAt(path);
    const releases = facts.filter(isRelease);
    if (releases.length === 0) return layer.addFacts(facts);
    layer.addFacts(outsideReleases(facts));
    for (const release of releases) if (release.delivery?.tool === 'Flux HelmRelease') layer.add(this.build(release));
  }

  private layComponent(text: Text, folder: string, layer: Layer): void {
    const path = pathOf(text, folder);
    const component = path === undefined ? undefined : this.files.kustomizationAt(path);
    if (component) layer.replace(this.run(component, layer.done()));
    else layer.blur(true, true);
  }

  /** The patches with what the kustomization says of their targets, in its order. */
  private patchesOf(kustomization: KustomizationFact, folder: string): [Fact, PatchTarget | undefined][] {
    const found: { at: number; fact: Fact; target: PatchTarget | undefined }[] = [];
    for (const { path: text, target } of kustomization.patches ?? []) {
      const path = pathOf(text, folder);
      for (const fact of path === undefined ? [] : this.files.factsAt(path)) found.push({ at: text.span.start, fact, target });
    }
    const own = this.files.factsAt(placeOf(kustomization).path);
    for (const fact of outsideReleases(own)) {
      if (fact.doc.index !== kustomization.doc.index || fact.kind === 'kustomization') continue;
      found.push({ at: fact.span.start, fact, target: fact.kind === 'serviceAccount' ? fact.patch?.target : undefined });
    }
    return found.sort((a, b) => a.at - b.at).map(({ fact, target }) => [fact, target]);
  }
}

/** Objects while a kustomization is worked through. */
class Layer {
  private accounts: BuiltAccount[];
  private workloads: BuiltWorkload[];
  hasRemote: boolean;

  constructor(before: Built) {
    this.accounts = [...before.accounts];
    this.workloads = [...before.workloads];
    this.hasRemote = before.hasRemote;
  }

  /** What a release makes, in the place of the release. */
  addRelease({ accounts, workloads }: BuiltRelease): void {
    this.add({ accounts, workloads, hasRemote: false });
  }

  add(built: Built): void {
    if (this.accounts.length + this.workloads.length + built.accounts.length + built.workloads.length > mostObjects) this.hasRemote = true;
    else {
      this.accounts.push(...built.accounts);
      this.workloads.push(...built.workloads);
      this.hasRemote ||= built.hasRemote;
    }
  }

  replace(built: Built): void {
    this.accounts = [...built.accounts];
    this.workloads = [...built.workloads];
    this.hasRemote = built.hasRemote;
  }

  addFacts(facts: readonly Fact[]): void {
    if (this.accounts.length + this.workloads.length + facts.length > mostObjects) return;
    // Patches within what deploys another folder are no objects here.
    const deliveries = facts.filter((fact) => fact.kind === 'kustomization');
    for (const fact of facts) {
      if (deliveries.some(({ doc, span }) => doc.index === fact.doc.index && encloses(span, fact.span))) continue;
      if (fact.kind === 'serviceAccount') this.accounts.push(accountAsWritten(fact));
      else if (fact.kind === 'workload') this.workloads.push(workloadAsWritten(fact));
    }
  }

  patch(fact: Fact, target: PatchTarget | undefined): void {
    if (fact.kind === 'serviceAccount') {
      if (fact.origin === 'manifest') this.patchAccount(fact, target);
      else this.patchValues(fact);
    } else if (fact.kind === 'workload' && !target) this.patchWorkload(workloadAsWritten(fact));
  }

  private patchAccount(fact: ServiceAccountFact, target: PatchTarget | undefined): void {
    let matched = false;
    this.accounts = this.accounts.flatMap((account) => {
      const fits = mends(fact, target, account);
      if (fits === false) return [account];
      matched = true;
      return patched(account, fact, fits === true) ?? [];
    });
    if (matched || !fact.roleArn || fact.roleArn.valueType === 'null') return;
    // The account that it mends is not among the files; what the patch says of it counts all the same.
    const name = target ? plainName(target) : fact.patch?.operations ? undefined : literal(fact.name);
    if (name === undefined) return;
    this.accounts.push({ ...accountAsWritten(fact), name: this.hasRemote ? undefined : name });
  }

  /** A patch of a release: which one it mends its accounts do not tell. */
  private patchValues(fact: ServiceAccountFact): void {
    const name = literal(fact.name);
    this.accounts = this.accounts.map((account) => {
      if (account.object.origin !== 'values' || (name !== undefined && account.name !== undefined && name !== account.name)) return account;
      return { ...account, unsure: true, parts: [...account.parts, fact] };
    });
    this.accounts.push(accountAsWritten(fact));
  }

  private patchWorkload(patch: BuiltWorkload): void {
    let matched = false;
    const [name, kind] = [literal(patch.fact.name), patch.fact.objectKind];
    this.workloads = this.workloads.map((workload) => {
      if (workload.fact.objectKind !== kind || name === undefined || literal(workload.fact.name) !== name) return workload;
      matched = true;
      return patch.fact.serviceAccountName ? { ...workload, account: patch.account, follows: patch.follows } : workload;
    });
    if (!matched && patch.fact.serviceAccountName) this.workloads.push(patch);
  }

  /** Notes that something not read may change names or annotations. */
  blur(names: boolean, annotations: boolean): void {
    if (names) {
      this.accounts = this.accounts.map((account) => renamed(account, { name: undefined, namespace: undefined }));
      this.workloads = this.workloads.map((workload) => ({ ...workload, namespace: undefined }));
    }
    if (annotations) this.accounts = this.accounts.map((account) => ({ ...account, unsure: true }));
  }

  /** Gives a namespace to what has none. */
  place(namespace: string | undefined): void {
    this.accounts = this.accounts.map((account) =>
      account.namespace === null && canMove(account) ? renamed(account, { namespace }) : account,
    );
    this.workloads = this.workloads.map((workload) => (workload.namespace === null ? { ...workload, namespace } : workload));
  }

  substitute(substitutes: Readonly<Record<string, string>>): void {
    this.accounts = this.accounts.map((account) => substituted(account, substitutes));
  }

  transform(kustomization: KustomizationFact): void {
    if (isSet(kustomization.namespace)) {
      const namespace = literal(kustomization.namespace);
      this.accounts = this.accounts.map((account) => (canMove(account) ? renamed(account, { namespace }) : account));
      this.workloads = this.workloads.map((workload) => ({ ...workload, namespace }));
    }
    const [prefix, suffix] = [affix(kustomization.namePrefix), affix(kustomization.nameSuffix)];
    if (prefix !== '' || suffix !== '') {
      this.accounts = this.accounts.map((account) => {
        if (account.object.origin !== 'manifest' && account.release !== 'movable') return account;
        const { name } = account;
        return renamed(account, {
          name: name === undefined || prefix === undefined || suffix === undefined ? undefined : `${prefix}${name}${suffix}`,
        });
      });
    }
    this.blur(kustomization.rewritesNames === true, kustomization.rewritesAnnotations === true);
  }

  done(): Built {
    return { accounts: this.accounts, workloads: this.workloads, hasRemote: this.hasRemote };
  }
}

/** False for what a release puts into a namespace of its own. */
function canMove({ release, object }: BuiltAccount): boolean {
  return release === undefined ? !object.ofRelease : release === 'movable';
}

function isSet(text: Text | undefined): text is Text {
  return text !== undefined && text.value !== '';
}

/** A prefix or suffix; undefined where a placeholder stands in it. */
function affix(text: Text | undefined): string | undefined {
  return isSet(text) ? literal(text) : '';
}

/** A target's name, where it is that alone and not an expression. */
function plainName({ name, open }: PatchTarget): string | undefined {
  return !open && name !== undefined && /^[a-z0-9-]+$/.test(name) ? name : undefined;
}

/** The path that a kustomization's entry leads to; undefined for addresses and placeholders. */
function pathOf(text: Text, folder: string): string | undefined {
  const path = literal(text);
  if (path === undefined || /^(?:git@|[\w.-]+\.(?:com|org|io|net|dev)\/)/.test(path)) return undefined;
  return resolvePath(folder, path);
}
