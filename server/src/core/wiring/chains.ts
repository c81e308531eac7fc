import { folderKey } from '../config/paths';
import type { RoleArn } from '../model/arn';
import type { AnnotationFact, KustomizationFact, RoleFact, ServiceAccountFact, TrustPolicyFact, WorkloadFact } from '../model/facts';
import type { Text } from '../text/text';
import { literal, plain } from '../text/texts';
import type { AwsIndex } from './aws';
import { overlayName, type Builds, type BuiltIn } from './builds';
import type { Chain, Overlay, Tie } from './chain';
import type { ClusterPaths } from './clusterPaths';
import type { Grant, Grantee } from './grants';
import type { Placed } from './ground';
import type { BuiltAccount } from './kustomizeObjects';
import { Answers, type Lookups } from './lookups';
import { inOrder } from './order';
import { requestedRole } from './requestedRole';
import { roleKey } from './roleNames';
import type { RoleReferences } from './roleReferences';
import type { Asking } from './policyIndex';
import { isWeak } from './tie';

/** What chains are made of, from the rest of the index. */
export interface ChainParts {
  readonly builds: Builds;
  readonly clusters: ClusterPaths;
  aws(): AwsIndex | undefined;
  namespaceOf(account: ServiceAccountFact): string | undefined;
  builtNamespace(built: BuiltIn<BuiltAccount>, uri: string): string | undefined;
  /** True where a build changes names of the file, so that what is written is not what arrives. */
  isRenamed(uri: string): boolean;
  tiesOf(asking: Asking): readonly Tie[];
  resolve: RoleReferences['resolve'];
  roleOf(arn: RoleArn, name: string, at: Placed): RoleFact | undefined;
  grantsOf(grantee: Grantee): readonly Grant[];
  /** The associations that give the role of a trust policy. */
  grantsTo(policy: TrustPolicyFact): readonly Grant[];
  workloadsOf(account: ServiceAccountFact, built: BuiltIn<BuiltAccount> | undefined): readonly WorkloadFact[];
}

/** What each account asks for, and what answers: made when first asked for, and anew when something changes that was looked up for it. */
export class Chains {
  private readonly known: Answers<ServiceAccountFact, readonly Chain[]>;
  private readonly loose = new WeakMap<ServiceAccountFact, Chain>();

  constructor(
    private readonly parts: ChainParts,
    lookups: Lookups,
  ) {
    this.known = new Answers(lookups);
  }

  /** An account is gone. */
  forget(account: ServiceAccountFact): void {
    this.known.forget(account);
  }

  /** The chains of an account, one for each identity that builds give it; none where it asks for no role. */
  of(account: ServiceAccountFact): readonly Chain[] {
    return this.known.get(account, () => this.make(account));
  }

  /** The chains of an account, and those of the parts whose annotation builds lay over it. */
  through(account: ServiceAccountFact): readonly Chain[] {
    const found = new Set(this.of(account));
    for (const { built } of this.parts.builds.accounts(account) ?? []) {
      const by = built.roleArn?.by;
      for (const chain of by && by !== account ? this.of(by) : []) if (chain.name === built.name) found.add(chain);
    }
    return [...found];
  }

  /** The first chain of an account; or what an annotation asks for that every build writes over, or that no build is seen to lay over an account. */
  firstOf(account: ServiceAccountFact): Chain | undefined {
    const [first] = this.of(account);
    if (first || !account.roleArn) return first;
    const known = this.loose.get(account);
    if (known) return known;
    const chain: Chain = { account, request: account.roleArn, workloads: [], ties: [], ...optionalArn(requestedRole(account)) };
    this.loose.set(account, chain);
    return chain;
  }

  private make(account: ServiceAccountFact): readonly Chain[] {
    const built = this.parts.builds.accounts(account);
    if (!account.roleArn) return [];
    if (!built || built.length === 0) return [this.makeOne(account, account.roleArn)];
    const chains = new Map<string, Chain>();
    for (const each of built) {
      const { roleArn } = each.built;
      if (roleArn?.by !== account) continue;
      const chain = this.makeOne(account, roleArn.annotation, each);
      // Overlays that come to the same are one chain.
      const key = JSON.stringify([
        chain.namespace,
        chain.name,
        chain.issuer,
        chain.audience?.value?.value,
        chain.ties.map(({ policy: { doc, span } }) => [doc.uri, doc.index, span.start]),
        overriding(chain),
      ]);
      const same = chains.get(key);
      chains.set(key, same ? merged(same, chain) : chain);
    }
    const all = [...chains.values()];
    // One build in the folder of the account itself says nothing that its name would make clearer.
    const plain =
      all.length === 1 &&
      built.every((each) => each.built.object === account && folderKey(each.root.doc.uri) === folderKey(account.doc.uri));
    return plain ? all.map(({ overlays: _overlays, ...chain }) => chain) : all;
  }

  private makeOne(account: ServiceAccountFact, request: AnnotationFact, built?: BuiltIn<BuiltAccount>): Chain {
    const { parts } = this;
    const { uri } = account.doc;
    const arn = requestedRole(account, built?.built.substitutes);
    const roleName = roleKey(arn?.name, uri);
    const sure = built?.built.unsure !== true;
    const namespace = !sure ? undefined : built ? parts.builtNamespace(built, uri) : parts.namespaceOf(account);
    const name = !sure ? undefined : built ? built.built.name : parts.isRenamed(uri) ? undefined : literal(account.name) || undefined;
    const issuer = parts.clusters.agreedOf(
      built?.root,
      uri,
      (cluster) => cluster.issuer ?? parts.aws()?.clusterNamed(cluster.name, cluster)?.issuer,
    );
    const places: readonly [Placed, ...Placed[]] = built ? [account, built.root] : [account];
    const refers = request.value?.refers;
    const who = namespace === undefined || name === undefined ? {} : { who: { namespace, name } };
    const referred = refers && parts.resolve(refers, account);
    const files = referred
      ? referred.ties
      : arn && roleName !== undefined
        ? parts.tiesOf({ account, arn, name: roleName, places, ...who })
        : [];
    const ties = arn ? this.withAws(files, arn) : files;
    const role = referred
      ? onlyOf(referred.reference.roles)
      : arn && roleName !== undefined
        ? parts.roleOf(arn, roleName, account)
        : undefined;
    const clientIds = arn && this.clientIdsOf(arn, issuer, ties[0]);
    const workloads = parts.workloadsOf(account, built);
    // What an operator requests with the account's token passes by the webhook, and so by associations.
    const grants = account.requestedBy ? [] : parts.grantsOf({ namespace, name, places, roleAccount: literal(arn?.account) });
    const isForOperators = workloads.length > 0 && workloads.every(passesByWebhook);
    return {
      account,
      request,
      ties,
      workloads,
      ...(clientIds ? { clientIds } : {}),
      ...(built ? { overlays: [overlayOf(built.root, built.built.object.doc.uri)], ...audienceOf(built.built, account) } : {}),
      ...optionalArn(arn),
      ...(referred ? { reference: referred.reference } : {}),
      ...(role ? { role } : {}),
      ...(isForOperators ? passedBy(grants) : overridden(grants)),
      ...(account.requestedBy || who.who ? {} : this.perhapsGranted(namespace, name, ties)),
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      ...(issuer === undefined ? {} : { issuer }),
      ...(referred && !built && !parts.isRenamed(uri) ? identified(account, namespace, name) : {}),
    };
  }

  /** What may be the account's by its role, and by as much of its name as is known. */
  private perhapsGranted(namespace: string | undefined, name: string | undefined, [tie]: readonly Tie[]): Pick<Chain, 'perhapsGrantedBy'> {
    const grants = (tie ? this.parts.grantsTo(tie.policy) : []).filter(
      (grant) => (namespace ?? grant.namespace) === grant.namespace && (name ?? grant.serviceAccount) === grant.serviceAccount,
    );
    return grants.length > 0 ? { perhapsGrantedBy: grants } : {};
  }

  /** The audiences that the token's provider takes; undefined where AWS does not tell, or the policy names several providers. */
  private clientIdsOf(arn: RoleArn, issuer: string | undefined, tie: Tie | undefined): readonly string[] | undefined {
    const aws = this.parts.aws();
    const [account, partition] = [literal(arn.account), literal(arn.partition)];
    if (!aws || account === undefined || partition === undefined) return undefined;
    const named = new Set(
      tie?.policy.policy.statements
        .filter(({ effect }) => literal(effect?.text) !== 'Deny')
        .flatMap((s) => s.principal?.kinds ?? [])
        .filter(({ key }) => key.value === 'Federated')
        .flatMap(({ values }) => values.map((value) => literal(value) ?? '')),
    );
    const [only] = named;
    const provider = issuer !== undefined ? `arn:${partition}:iam::${account}:oidc-provider/${issuer}` : named.size === 1 ? only! : '';
    // A provider of another account or partition is none of the role's.
    if (!provider.startsWith(`arn:${partition}:iam::${account}:`)) return undefined;
    return aws.clientIdsAreKnown(provider) ? aws.provider(provider)?.clientIds : undefined;
  }

  /** The ties with the one to AWS in its place: behind the files that are surely the role's, before the one that may be. */
  private withAws(files: readonly Tie[], arn: RoleArn): readonly Tie[] {
    const text = literal(arn.text);
    const aws = this.parts.aws();
    const trust = text === undefined ? undefined : aws?.trust(text);
    if (!aws || !trust) return files;
    const own: Tie = { kind: 'aws', policy: trust.fact, because: aws.source.label };
    return [...files.filter((tie) => !isWeak(tie)), own, ...files.filter(isWeak)];
  }
}

function onlyOf<T>(values: readonly T[]): T | undefined {
  return values.length === 1 ? values[0] : undefined;
}

/** The names of an account of which one or both are values of its program that no file tells. */
function identified(account: ServiceAccountFact, namespace: string | undefined, name: string | undefined): Pick<Chain, 'identified'> {
  if (namespace !== undefined && name !== undefined) return {};
  const names = {
    namespace: namespace === undefined ? account.namespace : plain(namespace),
    name: name === undefined ? account.name : plain(name),
  };
  const isWhole = (text: Text | undefined): text is Text =>
    text !== undefined && text.value !== '' && text.holes.every((hole) => hole.identity !== undefined);
  return isWhole(names.namespace) && isWhole(names.name) ? { identified: { namespace: names.namespace, name: names.name } } : {};
}

function optionalArn(arn: RoleArn | undefined): { readonly roleArn?: RoleArn } {
  return arn ? { roleArn: arn } : {};
}

/** What tells the association of one overlay from that of another. */
function overriding({ overriddenBy }: Chain): unknown {
  return (
    overriddenBy && [
      overriddenBy.cluster,
      overriddenBy.role?.value,
      overriddenBy.association?.doc.uri,
      overriddenBy.association?.head.start,
    ]
  );
}

/** True for an operator that requests a token of the account itself, and needs the annotation's role: no association gives it one. */
export function passesByWebhook({ operator }: WorkloadFact): boolean {
  return operator !== undefined;
}

/** Associations of an account that only operators use, which request the annotation's role with a token of their own. */
function passedBy(grants: readonly Grant[]): Pick<Chain, 'passedBy'> {
  return grants.length > 0 ? { passedBy: grants } : {};
}

function overridden(grants: readonly Grant[]): Pick<Chain, 'overriddenBy' | 'perhapsOverriddenBy'> {
  // One of another tree may be for another account of that name: see ground.ts.
  const sure = grants.find((grant) => grant.sure && grant.ground !== 'open');
  if (sure) return { overriddenBy: sure };
  return grants.length > 0 ? { perhapsOverriddenBy: grants } : {};
}

function overlayOf(root: KustomizationFact, uri: string): Overlay {
  return { name: overlayName(root, uri), doc: root.doc, span: root.span };
}

/** The audience, where another part of the build decides it than the one that asks for the role. */
function audienceOf(built: BuiltAccount, account: ServiceAccountFact): Pick<Chain, 'audience'> {
  return built.audience?.annotation === account.audience ? {} : { audience: built.audience?.annotation ?? null };
}

function merged(chain: Chain, other: Chain): Chain {
  return {
    ...chain,
    workloads: inOrder(new Set([...chain.workloads, ...other.workloads])),
    overlays: [...(chain.overlays ?? []), ...(other.overlays ?? [])],
  };
}
