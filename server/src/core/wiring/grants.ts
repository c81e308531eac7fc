import type { AwsAssociation } from '../model/aws';
import type { AwsIndex } from './aws';
import type { Tie } from './chain';
import { inOrder } from './order';
import { contradicts } from './policyIndex';
import { roleKey } from './roleNames';
import { parseRoleArn, type RoleArn } from '../model/arn';
import type { PodIdentityAssociationFact, TrustPolicyFact } from '../model/facts';
import { literal, trim } from '../text/texts';

/** A role that EKS Pod Identity gives an account, by an association of a file or of AWS. A view: made on demand. */
export interface Grant {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly clusterName?: string | undefined;
  /** The association, where a file makes it. */
  readonly association?: PodIdentityAssociationFact;
  /** For one that AWS has: where its answer is from: "AWS", "snapshot of 2026-11-20". */
  readonly source?: string;
  /** As people speak of it: the ARN, or the name where no file tells more. */
  readonly role: string;
  readonly roleArn?: RoleArn;
  readonly sessionTagsDisabled?: boolean;
  /** False where a condition, a template or another cluster decides whether it is there. */
  readonly sure: boolean;
  /** The trust policies that may be the role's, as a chain's. */
  readonly ties: readonly Tie[];
}

/** Whose associations are asked for: an account by what it is called where it is deployed. */
export interface Grantee {
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** The account's file, and that of its overlay. */
  readonly uris: readonly string[];
}

export interface GrantSurroundings {
  together(uriA: string, uriB: string): boolean;
  /** Associations of files for a namespace and an account, in any deployment. */
  associations(namespace: string, name: string): Iterable<PodIdentityAssociationFact>;
  /** Every association that a file makes. */
  allAssociations(): Iterable<PodIdentityAssociationFact>;
  /** Policies whose document or path names a role; and whether pod-roles.yaml says whose a policy is. */
  policiesClaiming(roleName: string): Iterable<TrustPolicyFact>;
  /** Names of the clusters that a file is deployed to: by pod-roles.yaml, or the cluster that its own document makes. */
  clustersOf(uri: string): readonly string[];
  aws(): AwsIndex | undefined;
}

/** Which roles EKS Pod Identity gives to whom. */
export class Grants {
  constructor(private readonly surroundings: GrantSurroundings) {}

  /** The roles of an account: files first, then what AWS has beside them. None where its name is not known. */
  of({ namespace, name, uris }: Grantee): Grant[] {
    if (namespace === undefined || name === undefined) return [];
    const { surroundings } = this;
    const clusters = new Set(uris.flatMap((uri) => surroundings.clustersOf(uri)));
    const fits = (cluster: string | undefined): boolean => cluster === undefined || clusters.size === 0 || clusters.has(cluster);
    const found = inOrder(surroundings.associations(namespace, name))
      .filter((each) => uris.every((uri) => surroundings.together(each.doc.uri, uri)))
      .map((each) => this.fromFile(each)).filter((grant) => fits(grant.clusterName));
    const aws = surroundings.aws();
    const known = (aws?.associations() ?? []).filter((each) => each.namespace === namespace && each.serviceAccount === name && fits(each.clusterName));
    for (const each of known) {
      // One that a file makes is told by the file.
      if (found.some((grant) => grant.clusterName === undefined || grant.clusterName === each.clusterName)) continue;
      found.push(this.fromAws(each, aws!, clusters.has(each.clusterName) || [...aws!.clusters()].length === 1));
    }
    return found;
  }

  /** Every association of the files whose namespace and account are written out. */
  *all(): Generator<Grant> {
    for (const association of this.surroundings.allAssociations()) {
      if (literal(association.namespace) && literal(association.serviceAccount)) yield this.fromFile(association);
    }
  }

  private fromFile(association: PodIdentityAssociationFact): Grant {
    const text = association.roleArn && trim(association.roleArn);
    const roleArn = text && parseRoleArn(text);
    const name = association.roleName ?? roleArn?.name;
    const ties = this.tiesOf(association, roleArn);
    return {
      namespace: literal(association.namespace)!, serviceAccount: literal(association.serviceAccount)!, clusterName: literal(association.clusterName),
      association, role: (roleArn ? text.value : undefined) ?? literal(name) ?? text?.value ?? name?.value ?? '', ties, sure: association.conditional !== true,
      ...(roleArn ? { roleArn } : {}), ...(association.sessionTagsDisabled ? { sessionTagsDisabled: true } : {}),
    };
  }

  private fromAws(association: AwsAssociation, aws: AwsIndex, sure: boolean): Grant {
    const { namespace, serviceAccount, clusterName, roleArn = '' } = association;
    const span = { start: 0, end: roleArn.length };
    const arn = parseRoleArn({ value: roleArn, holes: [], span, outer: span, encodings: [], quoted: false });
    return {
      namespace, serviceAccount, clusterName, source: aws.source.label, role: roleArn, sure, ties: awsTie(roleArn, aws),
      ...(arn ? { roleArn: arn } : {}), ...(association.sessionTagsDisabled ? { sessionTagsDisabled: true } : {}),
    };
  }

  /** The policies that name the association's role, in its deployment. One that its document names goes before its path. */
  private tiesOf(association: PodIdentityAssociationFact, arn: RoleArn | undefined): Tie[] {
    const { uri } = association.doc;
    const names = new Set([roleKey(arn?.name, uri), roleKey(association.roleName, uri)].filter((name) => name !== undefined));
    const ties: Tie[] = [];
    for (const name of names) {
      for (const policy of inOrder(this.surroundings.policiesClaiming(name))) {
        if (!this.surroundings.together(policy.doc.uri, uri) || (arn && contradicts(policy, arn)) || otherRole(policy, arn)) continue;
        const own = policy.ownRoleOnly === true || policy.roleName !== undefined || policy.roleArn !== undefined;
        if (!ties.some((tie) => tie.policy === policy)) ties.push(own ? { kind: 'document', policy, because: 'named in the same document' } : { kind: 'path', policy, because: 'by its path' });
      }
    }
    const aws = this.surroundings.aws();
    const real = aws && arn && literal(arn.text) !== undefined ? awsTie(literal(arn.text)!, aws) : [];
    return [...ties.filter(({ kind }) => kind === 'document'), ...ties.filter(({ kind }) => kind === 'path'), ...real];
  }
}

function awsTie(arn: string, aws: AwsIndex): Tie[] {
  const trust = aws.trust(arn);
  return trust ? [{ kind: 'aws', policy: trust.fact, because: aws.source.label }] : [];
}

/** True where the policy's document gives another ARN. */
function otherRole(policy: TrustPolicyFact, arn: RoleArn | undefined): boolean {
  const own = literal(policy.roleArn);
  const wanted = literal(arn?.text);
  return own !== undefined && wanted !== undefined && own !== wanted;
}
