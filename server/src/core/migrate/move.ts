import { isTestData } from '../config/testData';
import type { ServiceAccountFact, TrustPolicyFact, WorkloadFact } from '../model/facts';
import type { WebIdentityRequest } from '../trust/verdict';
import type { Chain } from '../wiring/chain';
import type { Grant } from '../wiring/grants';
import type { Wiring } from '../wiring/wiring';
import type { Admission, Named, PodStatement } from './admissions';
import type { MoveCluster } from './clusters';

/** The trust policy of a role, as far as it is known which it is. */
export type RolePolicy =
  /** In a file: one place, of which one text may give several roles their policy, one in each deployment. */
  | { readonly kind: 'file'; readonly facts: readonly [TrustPolicyFact, ...TrustPolicyFact[]] }
  /** Made by a tool for this account alone (eksctl's), and written nowhere. */
  | { readonly kind: 'made'; readonly facts: readonly [TrustPolicyFact, ...TrustPolicyFact[]] }
  /** In AWS alone. */
  | { readonly kind: 'aws'; readonly facts: readonly [TrustPolicyFact, ...TrustPolicyFact[]] }
  | { readonly kind: 'unknown'; readonly because: string; readonly facts: readonly [] };

/** One account with its role: what is moved. A view, made on demand. */
export interface Move {
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** `shop/orders`, for people and for results. */
  readonly shown: string;
  /** Its names as values, where they are known to be one thing. */
  readonly named: Named | undefined;
  /** What its annotation asks for; absent for one without. */
  readonly chain?: Chain;
  /** The account in a manifest, where there is one. */
  readonly account?: ServiceAccountFact;
  /** Associations that give it a role: its cluster's. */
  readonly grants: readonly Grant[];
  /** The role's name as people are shown it. */
  readonly role: string;
  readonly policy: RolePolicy;
  readonly cluster: MoveCluster;
  /** The statements that allow its token. */
  readonly admissions: readonly Admission[];
  /** The statements for Pod Identity. */
  readonly pods: readonly PodStatement[];
  /** What its pods ask of STS by IRSA. */
  readonly request: WebIdentityRequest;
  /** How many clusters the policy has providers of. */
  readonly providers: number;
  /** The same of the statements that name the account. */
  readonly ownProviders: number;
  /** What uses the account, as far as it is in the files: workloads, and operators' objects. */
  readonly workloads: readonly WorkloadFact[];
  /** Another account's annotation or association that tells which role the policy is of, where this one's own names none. */
  readonly knownBy?: Chain | Grant;
  /** True where no file tells the account of the annotation, but the role's trust policy allows only this one. */
  readonly assumed?: true;
  /** An annotation of this account with a role that may be this one, where the account's own names none for certain. */
  readonly perhapsBy?: Chain;
  /** The other way: the policy that may be of the annotation's role, where nothing joins them for certain. */
  readonly perhapsOf?: TrustPolicyFact;
  /** Whatever else the files say of an account of this name, in the same deployment: with another role, or for an operator. */
  readonly beside: readonly Move[];
}

/** A move before it is known what else there is of its account. */
export type Found = Omit<Move, 'beside' | 'perhapsBy' | 'perhapsOf'>;

/** What a pod of an account asks of STS in a cluster, for a role of an AWS account. */
export function requestFor(namespace: string, name: string, cluster: MoveCluster, account: string | undefined): WebIdentityRequest {
  return {
    mechanism: 'irsa',
    namespace,
    serviceAccount: name,
    ...(cluster.issuer === undefined ? {} : { issuer: cluster.issuer }),
    ...(account !== undefined && /^\d{12}$/.test(account) ? { roleAccount: account } : {}),
  };
}

/** An account as people are shown it. */
export function shownName(namespace: string | undefined, name: string | undefined): string {
  const shown = name ?? 'a service account';
  return namespace === undefined ? shown : `${namespace}/${shown}`;
}

/** Whether a file is of tests or examples, whose accounts nobody moves. */
export function isExample({ settings }: Wiring, uri: string): boolean {
  return isTestData(uri, settings.base);
}
