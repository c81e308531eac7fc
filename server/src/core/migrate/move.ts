import { isTestData } from '../config/testData';
import type { ServiceAccountFact, TrustPolicyFact, WorkloadFact } from '../model/facts';
import { plain } from '../text/texts';
import type { WebIdentityRequest } from '../trust/verdict';
import type { Chain } from '../wiring/chain';
import type { Grant } from '../wiring/grants';
import type { Wiring } from '../wiring/wiring';
import { namesExactly, naming, type Admission, type Named, type PodStatement } from './admissions';
import { hasUnwrittenProvider, type MoveCluster } from './clusters';

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
  /** Another cluster whose account of this name has the role, too, where the policy's only provider of a cluster is written in no file. */
  readonly rivalCluster?: string;
  /** Whatever else the files say of an account of this name, in the same deployment: with another role, or for an operator. */
  readonly beside: readonly Move[];
}

/** A move before it is known what else there is of its account. */
export type Found = Omit<Move, 'beside' | 'perhapsBy' | 'perhapsOf' | 'rivalCluster'>;

/** What a pod of an account asks of STS in a cluster, for a role of an AWS account with this policy. */
export function requestFor(
  namespace: string,
  name: string,
  cluster: MoveCluster,
  account: string | undefined,
  policy: RolePolicy,
): WebIdentityRequest {
  const asked: WebIdentityRequest = {
    mechanism: 'irsa',
    namespace,
    serviceAccount: name,
    ...(account !== undefined && /^\d{12}$/.test(account) ? { roleAccount: account } : {}),
  };
  return fromCluster(asked, cluster, policy, { namespace: plain(namespace), name: plain(name) });
}

/**
 * A request with the issuer of the account's cluster; without one where the policy names the account for a provider alone that
 * no file writes out: with an issuer that can't be compared to it, nothing could ever be told.
 */
export function fromCluster(
  { issuer: asked, ...rest }: WebIdentityRequest,
  cluster: MoveCluster,
  policy: RolePolicy,
  named: Named | undefined,
): WebIdentityRequest {
  const issuer = asked ?? cluster.issuer;
  return issuer === undefined || isProviderUnwritten(policy, named) ? rest : { ...rest, issuer };
}

/** Whether a policy in a file names an account for a provider alone whose issuer no file writes out. */
export function isProviderUnwritten(policy: RolePolicy, named: Named | undefined): boolean {
  const [fact] = policy.kind === 'file' ? policy.facts : [];
  return fact !== undefined && named !== undefined && namesExactly(fact.policy, named) && hasUnwrittenProvider(naming(fact, named));
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
