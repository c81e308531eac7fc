import { folderKey } from '../config/paths';
import type { AwsAssociation } from '../model/aws';
import { parseRoleArn, type RoleArn } from '../model/arn';
import type { PodIdentityAssociationFact, WorkloadFact } from '../model/facts';
import type { Text } from '../text/text';
import { literal, plain, trim } from '../text/texts';
import type { AwsIndex } from './aws';
import type { Tie } from './tie';
import type { KnownCluster } from './clusters';
import type { KnownProfile, ProfileCluster } from './fargate';
import { rankOf, type Ground, type GroundKind, type Placed } from './ground';
import { inOrder } from './order';
import type { Asking } from './policyIndex';
import { roleKey } from './roleNames';
import { referenceOf, type ReferredRole, type RoleReferences } from './roleReferences';

/** A role that EKS Pod Identity gives an account, by an association of a file or of AWS. A view: made on demand. */
export interface Grant {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly cluster: KnownCluster;
  /** The association, where a file makes it. */
  readonly association?: PodIdentityAssociationFact;
  /** For one that AWS has: where its answer is from: "AWS", "snapshot of 2026-11-20". */
  readonly source?: string;
  /** The role as the association names it: its ARN, or its name. */
  readonly role?: Text;
  readonly roleArn?: RoleArn;
  readonly sessionTagsDisabled?: boolean;
  /** True where a variable or a template decides whether session tags are disabled. */
  readonly sessionTagsUnknown?: true;
  /** The session policy, where the association has one: its text; empty where it isn't a text of its own. */
  readonly sessionPolicy?: string;
  /** Where the association refers to an object that a program makes: what is known of it. Then no name was looked up. */
  readonly reference?: ReferredRole;
  /** False where a condition, a template or another cluster decides whether it is there. */
  readonly sure: boolean;
  /** What the account and the association of a file have in common, where an account was asked about; and why. */
  readonly ground?: GroundKind;
  readonly because?: string;
  /** The trust policies that may be the role's, as a chain's. */
  readonly ties: readonly Tie[];
  /** The target role, where the association has one; looked up when first read. */
  readonly target?: TargetRole | undefined;
  /** The workloads of the files that use the account, as far as they are read; looked up when first read. */
  readonly workloads: readonly WorkloadFact[];
  /** The Fargate profiles of the association's cluster; looked up when first read. */
  readonly profiles: readonly KnownProfile[];
}

/** The role that EKS assumes with an association's role: its session is what pods get. */
export interface TargetRole {
  readonly role: Text;
  readonly roleArn?: RoleArn;
  readonly reference?: ReferredRole;
  /** The external ID that AWS tells of the association. */
  readonly externalId?: string;
  readonly ties: readonly Tie[];
}

/** Whose associations are asked for: an account by what it is called where it is deployed. */
export interface Grantee {
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** The account, and its overlay. */
  readonly places: readonly Placed[];
  /** The AWS account of the role that its annotation names. */
  readonly roleAccount?: string | undefined;
}

export interface GrantSurroundings {
  ground(a: Placed, b: Placed): Ground;
  /** Associations of files for a namespace and an account, in any deployment. */
  associations(namespace: string, name: string): Iterable<PodIdentityAssociationFact>;
  /** Every association that a file makes. */
  allAssociations(): Iterable<PodIdentityAssociationFact>;
  /** The folders of the files that define an account of that name in a namespace. */
  foldersOf(namespace: string, name: string): Iterable<string>;
  profilesOf(cluster: ProfileCluster, places: readonly Placed[]): readonly KnownProfile[];
  /** The workloads of the files that use an account of that name in a namespace. */
  workloadsOf(namespace: string, name: string): readonly WorkloadFact[];
  tiesOf(asking: Asking): readonly Tie[];
  resolve: RoleReferences['resolve'];
  /** Names of the clusters that a file is deployed to: by pod-roles.yaml, or the cluster that its own document makes. */
  clustersOf(uri: string): readonly string[];
  /** What is known of the cluster of an association in a file, or of AWS's. */
  cluster(
    name: string | undefined,
    uri: string | undefined,
    told: { readonly account?: string | undefined; readonly partition?: string | undefined; readonly region?: string | undefined },
  ): KnownCluster;
  aws(): AwsIndex | undefined;
}

/** Which roles EKS Pod Identity gives to whom. */
export class Grants {
  constructor(private readonly surroundings: GrantSurroundings) {}

  /** The roles of an account: files first, then what AWS has beside them. None where its name is not known. */
  of({ namespace, name, places, roleAccount }: Grantee): Grant[] {
    if (namespace === undefined || name === undefined) return [];
    const { surroundings } = this;
    const clusters = new Set(places.flatMap(({ doc }) => surroundings.clustersOf(doc.uri)));
    const fits = (cluster: string | undefined): boolean => cluster === undefined || clusters.size === 0 || clusters.has(cluster);
    const found = inOrder(surroundings.associations(namespace, name)).flatMap((each) => {
      if (places.length === 0) return [this.fromFile(each, places, undefined)];
      const ground = this.groundOf(each, places);
      if (!ground || !fits(literal(each.clusterName))) return [];
      const named = literal(each.clusterName);
      const isSame = ground.kind === 'open' && named !== undefined && clusters.has(named);
      return [this.fromFile(each, places, isSame ? { kind: 'same', because: `both are for cluster ${named}` } : ground)];
    });
    const aws = surroundings.aws();
    for (const each of aws?.associationsFor(namespace, name) ?? []) {
      // One that a file makes is told by the file.
      if (!fits(each.clusterName) || found.some(({ cluster }) => cluster.name === undefined || cluster.name === each.clusterName)) continue;
      const [only, another] = aws!.clusters();
      const isOnly =
        only !== undefined && another === undefined && (roleAccount === undefined || aws!.accountOfAssociation(each) === roleAccount);
      found.push(this.fromAws(each, aws!, places, clusters.has(each.clusterName) || isOnly));
    }
    return found;
  }

  /** Every association of the files whose namespace and account are written out. */
  *all(): Generator<Grant> {
    for (const association of this.surroundings.allAssociations()) {
      const grant = this.ofAssociation(association);
      if (grant) yield grant;
    }
  }

  /** What one association of a file gives; undefined where its namespace or account is not written out. */
  ofAssociation(association: PodIdentityAssociationFact): Grant | undefined {
    return literal(association.namespace) && literal(association.serviceAccount) ? this.fromFile(association, [], undefined) : undefined;
  }

  /** What an association has in common with an account and its overlay; undefined where it is of another deployment than any of them. */
  private groundOf(association: PodIdentityAssociationFact, places: readonly Placed[]): Ground | undefined {
    let best: Ground | undefined;
    for (const place of places) {
      const ground = this.surroundings.ground(association, place);
      if (ground.kind === 'apart') return undefined;
      if (!best || rankOf(ground) > rankOf(best) || (best.kind === 'open' && ground.kind === 'halves')) best = ground;
    }
    return best;
  }

  private fromFile(association: PodIdentityAssociationFact, places: readonly Placed[], ground: Ground | undefined): Grant {
    const text = association.roleArn && trim(association.roleArn);
    const roleArn = text && parseRoleArn(text);
    const role = text ?? association.roleName;
    const { uri } = association.doc;
    const refers = referenceOf(association);
    const told = { ...accountOf(roleArn), region: literal(association.region) };
    const namespace = literal(association.namespace)!;
    const serviceAccount = literal(association.serviceAccount)!;
    const used = this.users(namespace, serviceAccount);
    const target = this.targets();
    const { surroundings } = this;
    const cluster = surroundings.cluster(literal(association.clusterName), uri, told);
    return {
      namespace,
      serviceAccount,
      association,
      cluster,
      ...(refers
        ? this.surroundings.resolve(refers, association)
        : { ties: this.tiesOf([roleKey(roleArn?.name, uri), roleKey(association.roleName, uri)], roleArn, [association, ...places]) }),
      sure:
        association.conditional !== true &&
        (places[0] === undefined || this.meansAccountOf(places[0].doc.uri, association, namespace, serviceAccount)),
      ...(ground ? { ground: ground.kind, because: ground.because } : {}),
      ...(role ? { role } : {}),
      ...(roleArn ? { roleArn } : {}),
      ...(association.sessionTagsDisabled ? { sessionTagsDisabled: true } : {}),
      ...(association.sessionPolicy ? { sessionPolicy: association.sessionPolicy.text?.value ?? '' } : {}),
      ...(association.disableSessionTags && literal(association.disableSessionTags) === undefined ? { sessionTagsUnknown: true } : {}),
      get target() {
        return target(association.targetRoleArn, [association, ...places]);
      },
      get workloads() {
        return used([association, ...places]);
      },
      get profiles() {
        return surroundings.profilesOf({ written: association.clusterName, arn: cluster.arn }, [association, ...places]);
      },
    };
  }

  private fromAws(association: AwsAssociation, aws: AwsIndex, places: readonly Placed[], sure: boolean): Grant {
    const { namespace, serviceAccount, clusterName, region, roleArn } = association;
    const role = roleArn === undefined ? undefined : plain(roleArn);
    const arn = role && parseRoleArn(role);
    const [first, ...others] = places;
    const used = this.users(namespace, serviceAccount);
    const target = this.targets();
    const { surroundings } = this;
    const cluster = surroundings.cluster(clusterName, undefined, {
      ...accountOf(arn),
      account: aws.accountOfAssociation(association),
      region,
    });
    return {
      namespace,
      serviceAccount,
      source: aws.source.label,
      sure,
      cluster,
      ties: arn && first !== undefined ? this.tiesOf([literal(arn.name)], arn, [first, ...others]) : awsTie(roleArn, aws),
      ...(role ? { role } : {}),
      ...(arn ? { roleArn: arn } : {}),
      ...(association.sessionTagsDisabled ? { sessionTagsDisabled: true } : {}),
      ...(association.policy === undefined ? {} : { sessionPolicy: association.policy }),
      get target() {
        return target(
          association.targetRoleArn === undefined ? undefined : plain(association.targetRoleArn),
          places,
          association.externalId,
        );
      },
      get workloads() {
        return used(places);
      },
      get profiles() {
        return surroundings.profilesOf({ name: clusterName, arn: cluster.arn }, places);
      },
    };
  }

  /** Looks up a target role; a reference as that very role, else by its name or as the role's own policy in AWS. */
  private targets(): (written: Text | undefined, places: readonly Placed[], externalId?: string) => TargetRole | undefined {
    return (written, places, externalId) => {
      const role = written && trim(written);
      if (!role) return undefined;
      const arn = parseRoleArn(role);
      const [first, ...others] = places;
      const found =
        role.refers && first
          ? this.surroundings.resolve(role.refers, first)
          : { ties: first ? this.tiesOf([roleKey(arn?.name, first.doc.uri)], arn, [first, ...others]) : this.awsTies(literal(role)) };
      return { role, ...(arn ? { roleArn: arn } : {}), ...(externalId === undefined ? {} : { externalId }), ...found };
    };
  }

  private awsTies(arn: string | undefined): Tie[] {
    const aws = this.surroundings.aws();
    return aws ? awsTie(arn, aws) : [];
  }

  /** Looks up the workloads of an account; not those of another deployment than a place is of. */
  private users(namespace: string, name: string): (places: readonly Placed[]) => readonly WorkloadFact[] {
    const { surroundings } = this;
    return (places) =>
      surroundings
        .workloadsOf(namespace, name)
        .filter((workload) => places.every((place) => surroundings.ground(place, workload).kind !== 'apart'));
  }

  /**
   * False where several folders define an account of this name: they are alternatives, or of clusters apart. Then an
   * association is only for the one in its own folder, or above or below it.
   */
  private meansAccountOf(uri: string, association: PodIdentityAssociationFact, namespace: string, name: string): boolean {
    const [own, theirs] = [folderKey(uri), folderKey(association.doc.uri)];
    if (within(own, theirs) || within(theirs, own)) return true;
    for (const folder of this.surroundings.foldersOf(namespace, name)) if (folder !== own) return false;
    return true;
  }

  /** The policies that may be those of the association's role, as a chain's; the role's own in AWS after those of files. */
  private tiesOf(names: readonly (string | undefined)[], arn: RoleArn | undefined, places: readonly [Placed, ...Placed[]]): Tie[] {
    const ties: Tie[] = [];
    for (const name of new Set(names)) {
      if (name === undefined) continue;
      for (const tie of this.surroundings.tiesOf({ arn, name, places }))
        if (!ties.some(({ policy }) => policy === tie.policy)) ties.push(tie);
    }
    return [...ties, ...this.awsTies(literal(arn?.text))];
  }
}

function accountOf(arn: RoleArn | undefined): { readonly account?: string; readonly partition?: string } {
  const [account, partition] = [literal(arn?.account), literal(arn?.partition)];
  return { ...(account !== undefined && /^\d{12}$/.test(account) ? { account } : {}), ...(partition ? { partition } : {}) };
}

function awsTie(arn: string | undefined, aws: AwsIndex): Tie[] {
  const trust = arn === undefined ? undefined : aws.trust(arn);
  return trust ? [{ kind: 'aws', policy: trust.fact, because: aws.source.label }] : [];
}

function within(folder: string, outer: string): boolean {
  return folder === outer || folder.startsWith(`${outer}/`);
}
