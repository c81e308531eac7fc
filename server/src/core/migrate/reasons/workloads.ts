import type { ServiceAccountFact, WorkloadFact } from '../../model/facts';
import { literal } from '../../text/texts';
import { matchesPattern } from '../../text/wildcards/match';
import { unsupportedUses, type UnsupportedUse } from '../../trust/platforms';
import type { KnownProfile } from '../../wiring/fargate';
import type { Grant } from '../../wiring/grants';
import type { Wiring } from '../../wiring/wiring';
import type { Move } from '../moves';
import type { MigrationReason } from '../types';
import type { ReasonFinder } from './finder';

const platformWords = { windows: 'Windows nodes', fargate: 'AWS Fargate' } as const;

/** Workloads that can only run where EKS Pod Identity doesn't. Source: EKS user guide, pod-identities (considerations). */
export const workloadReasons: ReasonFinder = function* ({ move, direction, host }) {
  if (direction !== 'to-pod-identity') return;
  const { namespace, workloads } = move;
  const profiles = namespace === undefined ? [] : profilesOf(move, host.view.wiring);
  const whole = namespace === undefined || workloads.length > 0 || isOfDaemonSet(move) ? undefined : profileOfAll(namespace, profiles);
  if (whole) yield wholeNamespace(whole, namespace!);
  for (const use of unsupportedUses(workloads, { namespace: namespace ?? '', profiles }))
    if (use.profile) yield { code: 'fargate', effect: 'stops', message: profileText(use, namespace), at: headOf(use.workload) };
  for (const workload of workloads) {
    const platform = workload.platform?.name ?? (workload.windows ? 'windows' : undefined);
    // One that mounts a token by itself goes on with IRSA, and would lose its role in the last step.
    if (platform)
      yield {
        code: platform,
        effect: 'stops',
        message: `${shownWorkload(workload, move.namespace)} runs on ${platformWords[platform]}, where EKS Pod Identity isn't available.`,
        at: { doc: workload.doc, span: workload.platform?.span ?? workload.head },
      };
    else if (workload.live?.pods.some(({ withoutPodIdentity }) => withoutPodIdentity))
      yield {
        code: 'fargate',
        effect: 'stops',
        message: `Pods of ${shownWorkload(workload, move.namespace)} run on Windows nodes or AWS Fargate, where EKS Pod Identity isn't available.`,
        at: { doc: workload.doc, span: workload.head },
      };
    if (workload.ownTokenVolume)
      yield {
        code: 'operator-needs-token',
        effect: 'stops',
        message: `${shownWorkload(workload, move.namespace)} mounts a token for IRSA by itself. Remove that volume and its variables first.`,
        at: { doc: workload.doc, span: workload.head },
      };
  }
};

/** The Fargate profiles of the account's cluster: as its associations name it, else as the cluster is known. */
function profilesOf({ cluster, grants, account, policy }: Move, wiring: Wiring): readonly KnownProfile[] {
  if (!wiring.hasFargateProfiles) return [];
  const places = [account, policy.facts[0]].filter((place) => place !== undefined);
  const own = account?.eksctl === 'entry' ? besideEntry(account, wiring) : [];
  return [...grants.flatMap((grant) => grant.profiles), ...wiring.profilesOf(cluster, places), ...own];
}

/** The profiles of a ClusterConfig whose name no file tells: what one document of eksctl holds is of one cluster. */
function besideEntry({ doc }: ServiceAccountFact, wiring: Wiring): KnownProfile[] {
  return wiring
    .facts(doc.uri)
    .filter((fact) => fact.kind === 'fargateProfile')
    .filter((fact) => fact.doc.index === doc.index && literal(fact.clusterName) === undefined)
    .map((fact) => ({ selectors: fact.selectors, fact }));
}

/** What Fargate profiles take of an account's pods, as the associations that a step would write tell its cluster; undefined if nothing. */
export function takenByProfiles({ namespace, name, workloads }: Move, grants: readonly Grant[]): MigrationReason | undefined {
  for (const grant of grants) {
    const use = unsupportedUses(grant.workloads, grant).find(({ profile }) => profile);
    if (use) return { code: 'fargate', effect: 'stops', message: profileText(use, grant.namespace) };
  }
  if (namespace === undefined || workloads.length > 0 || isOfDaemonSet({ namespace, name })) return undefined;
  const whole = profileOfAll(
    namespace,
    grants.flatMap(({ profiles }) => profiles),
  );
  return whole && wholeNamespace(whole, namespace);
}

function wholeNamespace(profile: KnownProfile, namespace: string): MigrationReason {
  return {
    code: 'fargate',
    effect: 'unknown',
    message: `A Fargate profile${ofCluster(profile)} selects all pods in namespace ${namespace} except those of DaemonSets. EKS Pod Identity isn't available on AWS Fargate, and no file has the workloads of this service account: add them to the paths to make known where they run.`,
  };
}

/** The profile that takes all pods of a namespace, whatever their labels are. */
function profileOfAll(own: string, profiles: readonly KnownProfile[]): KnownProfile | undefined {
  return profiles.find(({ selectors }) =>
    selectors.some(({ namespace, labels }) => Object.keys(labels).length === 0 && matchesPattern(namespace, own)),
  );
}

/** An add-on's own DaemonSet uses the account: VPC CNI. Source: EKS user guide, cni-iam-role. */
function isOfDaemonSet({ namespace, name }: Pick<Move, 'namespace' | 'name'>): boolean {
  return namespace === 'kube-system' && name === 'aws-node';
}

function ofCluster({ cluster, source }: KnownProfile): string {
  return `${cluster === undefined ? '' : ` of cluster ${cluster}`}${source === undefined ? '' : ` (${source})`}`;
}

function profileText({ workload, profile }: UnsupportedUse, namespace: string | undefined): string {
  return `A Fargate profile${ofCluster(profile!)} selects ${shownWorkload(workload, namespace)}, and EKS Pod Identity isn't available on AWS Fargate.`;
}

function headOf({ doc, head: span }: WorkloadFact) {
  return { doc, span };
}

/** A workload as people are shown it: `Deployment shop/orders`. */
export function shownWorkload(workload: WorkloadFact, namespace: string | undefined): string {
  const name = literal(workload.name) ?? workload.name?.value;
  const own = literal(workload.namespace) ?? namespace;
  return `${workload.objectKind} ${own === undefined ? '' : `${own}/`}${name ?? '(unnamed)'}`;
}
