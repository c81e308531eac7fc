import type { RoleFact, ServiceAccountFact, WorkloadFact, AnnotationFact } from '../model/facts';
import type { RoleArn } from '../model/arn';
import type { Tie, TieKind } from './tie';
import type { DocumentRef } from '../syntax/sourceFile';
import type { Span } from '../text/span';
import type { Text } from '../text/text';
import type { Grant } from './grants';
import type { ReferredRole } from './roleReferences';

export type { Tie, TieKind };

/** What deploys an account under a name and namespace: a kustomization that no other takes. */
export interface Overlay {
  /** As people speak of it: `overlays/prod`. */
  readonly name: string;
  readonly doc: DocumentRef;
  readonly span: Span;
}

/** One account that asks for a role, with everything that bears on it. A view: made on demand, never stored. */
export interface Chain {
  readonly account: ServiceAccountFact;
  /** The annotation that asks. */
  readonly request: AnnotationFact;
  /** The audience asked for, where another manifest or patch of the same build says it than that of `account`; null: none is left. */
  readonly audience?: AnnotationFact | null;
  /** The builds in which this is so, where kustomizations make more of the account than its file says. All of one chain come to the same. */
  readonly overlays?: readonly Overlay[];
  /** The role asked for, when the value is a role ARN (holes allowed in the account). */
  readonly roleArn?: RoleArn;
  /** Where the value refers to an object that a program makes: what is known of it. Then no name was looked up. */
  readonly reference?: ReferredRole;
  readonly workloads: readonly WorkloadFact[];
  /** The policies that may be the role's. Empty: not known here. Several of one kind: they disagree, nothing is sure. */
  readonly ties: readonly Tie[];
  readonly role?: RoleFact;
  /** The EKS Pod Identity association that surely overrides the annotation: at admission it wins. */
  readonly overriddenBy?: Grant;
  /** Associations that override it where a condition, a template or another cluster has them. */
  readonly perhapsOverriddenBy?: readonly Grant[];
  /** Associations that give the annotation's role and may be the account's, whose namespace or name isn't known. */
  readonly perhapsGrantedBy?: readonly Grant[];
  /** Associations that override nothing, since only operators use the account: they request the annotation's role with its token. */
  readonly passedBy?: readonly Grant[];
  /** The account's namespace where it is known: from the manifest, a kustomization or pod-roles.yaml. */
  readonly namespace?: string;
  /** The account's name where it is known. */
  readonly name?: string;
  /**
   * The account's namespace and name where they are not both known, but it is known which values they are: those of one
   * program, whose holes have an identity.
   */
  readonly identified?: { readonly namespace: Text; readonly name: Text };
  /** Issuer of the cluster that the file is deployed to, when pod-roles.yaml says. */
  readonly issuer?: string;
  /** The client ids of the issuer's provider in the role's account, where AWS tells them. */
  readonly clientIds?: readonly string[];
}
