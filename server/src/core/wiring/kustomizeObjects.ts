import type { AccountPatch, AnnotationFact, PatchTarget, ServiceAccountFact, WorkloadFact } from '../model/facts';
import type { Text } from '../text/text';
import { regularMatches } from '../text/regular/regular';
import { literal } from '../text/texts';
import { any, type Tri } from '../text/tri';

/** A name that an object has, or had before a transformer; undefined where no file tells. */
export interface Identity {
  readonly name: string | undefined;
  /** Null where the object has none: it is then the applier's. */
  readonly namespace: string | null | undefined;
}

/** An annotation of a built account, and the account or patch that it stands in. */
export interface Decided {
  readonly annotation: AnnotationFact;
  readonly by: ServiceAccountFact;
}

/** An account as a build makes it. */
export interface BuiltAccount extends Identity {
  /** The account's own manifest, or a patch of an account that is not among the files. */
  readonly object: ServiceAccountFact;
  /** The object and all that was laid over it. */
  readonly parts: readonly ServiceAccountFact[];
  /** What it was called before, its own name first: patches and references may use any of these. */
  readonly before: readonly Identity[];
  readonly roleArn?: Decided;
  readonly audience?: Decided;
  /** True where something not read may set or remove its annotations. */
  readonly unsure: boolean;
  /** What Flux puts in the place of `${name}` in its texts. */
  readonly substitutes?: Readonly<Record<string, string>>;
  /** Set where a release of a chart makes it: whether a kustomization around that may move it. */
  readonly release?: 'fixed' | 'movable';
}

/** A workload as a build makes it. */
export interface BuiltWorkload {
  readonly fact: WorkloadFact;
  readonly namespace: string | null | undefined;
  /** The account as it is written; a reference that kustomize knows follows the account's new name. */
  readonly account: string | undefined;
  readonly follows: boolean;
}

/** Kinds whose reference to an account follows its new name. Source: kustomize namereference.go. */
const following = new Set(['Pod', 'StatefulSet', 'Deployment', 'ReplicationController', 'CronJob', 'Job', 'DaemonSet']);

/** An account as its manifest writes it. */
export function accountAsWritten(fact: ServiceAccountFact): BuiltAccount {
  return {
    object: fact,
    parts: [fact],
    before: [],
    unsure: false,
    name: literal(fact.name) || undefined,
    namespace: namespaceAsWritten(fact.namespace),
    ...(fact.roleArn ? { roleArn: { annotation: fact.roleArn, by: fact } } : {}),
    ...(fact.audience ? { audience: { annotation: fact.audience, by: fact } } : {}),
  };
}

/** A workload as its manifest writes it. */
export function workloadAsWritten(fact: WorkloadFact): BuiltWorkload {
  const written = fact.serviceAccountName;
  return {
    fact,
    namespace: namespaceAsWritten(fact.namespace),
    account: written && written.value !== '' ? literal(written) : fact.open ? undefined : 'default',
    follows: following.has(fact.objectKind) && fact.field !== 'serviceAccount',
  };
}

function namespaceAsWritten(text: Text | undefined): string | null | undefined {
  return text && text.value !== '' ? literal(text) : null;
}

/** Every name of an account, the latest first. */
export function namesOf(account: BuiltAccount): readonly Identity[] {
  return [{ name: account.name, namespace: account.namespace }, ...account.before];
}

/** The account under another name or namespace; what it was called stays known to patches. */
export function renamed(account: BuiltAccount, change: Partial<Identity>): BuiltAccount {
  return { ...account, ...change, before: [...account.before, { name: account.name, namespace: account.namespace }] };
}

/** The account with Flux' variables filled in: its names, where nothing else changed them, and whatever is asked of its texts. */
export function substituted(account: BuiltAccount, substitutes: Readonly<Record<string, string>>): BuiltAccount {
  const { object, before } = account;
  const own = before.every(({ name }) => name === undefined) && object.name ? literal(filledIn(object.name, substitutes)) : undefined;
  const unplaced = before.length === 0 && account.namespace === undefined && object.namespace;
  return {
    ...account,
    substitutes,
    ...(account.name === undefined && own ? { name: own } : {}),
    ...(unplaced ? { namespace: literal(filledIn(object.namespace, substitutes)) } : {}),
  };
}

/** A text with `${name}` and `${name:=default}` replaced. Source: Flux, post build variable substitution (drone/envsubst). */
export function filledIn(text: Text, substitutes: Readonly<Record<string, string>>): Text {
  let value = '';
  let from = 0;
  const holes: Text['holes'][number][] = [];
  for (const hole of text.holes) {
    value += text.value.slice(from, hole.start);
    from = hole.end;
    const [, name, fallback] = /^\$\{(\w+)(?::?[=-]([^${}]*))?\}$/.exec(text.value.slice(hole.start, hole.end)) ?? [];
    const known = name !== undefined && Object.hasOwn(substitutes, name) ? substitutes[name] : fallback;
    if (known === undefined) holes.push({ ...hole, start: value.length, end: value.length + hole.end - hole.start });
    value += known ?? text.value.slice(hole.start, hole.end);
  }
  return from === 0
    ? text
    : { value: value + text.value.slice(from), holes, span: text.span, outer: text.outer, encodings: [], quoted: text.quoted };
}

/** Whether a patch mends an account: null where a selector or a placeholder decides. `target` is what the kustomization says beside it. */
export function mends(patch: ServiceAccountFact, target: PatchTarget | undefined, account: BuiltAccount): boolean | null {
  if (account.object.origin !== 'manifest') return false;
  const names = namesOf(account);
  if (target) {
    const fits = [
      target.kind === undefined || whole(target.kind, 'ServiceAccount'),
      target.name === undefined || any(names.map(({ name }) => name === undefined || whole(target.name!, name))),
      target.namespace === undefined ||
        any(names.map(({ namespace }) => namespace === undefined || whole(target.namespace!, namespace ?? 'default'))),
    ];
    if (fits.includes(false)) return false;
    return target.open || fits.includes(null) || names.every(({ name }) => name === undefined) ? null : true;
  }
  const name = literal(patch.name);
  if (name === undefined || patch.patch?.operations || !names.some((each) => each.name === name)) return false;
  const namespace = patch.namespace && literal(patch.namespace);
  return !namespace || names.some((each) => (each.namespace ?? namespace) === namespace);
}

/** The account with a patch laid over it; undefined where the patch deletes it. */
export function patched(account: BuiltAccount, patch: ServiceAccountFact, sure: boolean): BuiltAccount | undefined {
  const does: AccountPatch = patch.patch ?? {};
  const parts = [...account.parts, patch];
  if (!sure) return { ...account, parts, unsure: true };
  if (does.deletes) return undefined;
  const gone = (key: string) => does.replacesAll === true || does.removes?.includes(`eks.amazonaws.com/${key}`) === true;
  return {
    ...(does.renamesTo ? renamed(account, does.renamesTo) : account),
    parts,
    ...decided('roleArn', patch.roleArn, gone('role-arn'), patch),
    ...decided('audience', patch.audience, gone('audience'), patch),
    ...(does.renames && !does.renamesTo ? { name: undefined, namespace: undefined } : {}),
  };
}

/** What a patch makes of an annotation; a null in a strategic merge takes it away. */
function decided(
  key: 'roleArn' | 'audience',
  annotation: AnnotationFact | undefined,
  gone: boolean,
  by: ServiceAccountFact,
): Partial<Record<typeof key, Decided | undefined>> {
  if (annotation) return { [key]: annotation.valueType === 'null' || annotation.valueType === 'missing' ? undefined : { annotation, by } };
  return gone ? { [key]: undefined } : {};
}

/**
 * Whether a target's expression fits a whole value; null where that is not known, as for one that Kustomize refuses. An
 * empty one fits everything. Source: kustomize, types/selector.go (Go's regexp between `^` and `$`).
 */
function whole(expression: string, value: string): Tri {
  return expression === value || expression === '' || (regularMatches(expression, value) ?? null);
}
