import { shellQuote } from '../text/shellQuote';
import { literal } from '../text/texts';
import { listed } from './listed';
import type { Move } from './moves';
import type { MigrationStep } from './types';

/**
 * What to do about accounts of eksctl's `iam.serviceAccounts` after a step towards EKS Pod Identity. Source: eksctl, pkg/ctl/create/pod_identity_association.go,
 * pkg/kubernetes/serviceaccount.go, pkg/actions/podidentityassociation/deleter.go (both deletions take the account with them if it has eksctl's label).
 */
export function eksctlSteps(moves: readonly Move[], step: MigrationStep): string[] {
  const own = moves.filter(isOfEksctl);
  const [first] = own;
  if (!first) return [];
  const accounts = listed(own.map(({ shown }) => shown));
  const files = [...new Set(own.map(({ chain }) => shellQuote(fileOf(chain!.account.doc.uri))))];
  if (step === 'expand')
    return [
      ...files.map(
        (file) =>
          `Run eksctl create podidentityassociation -f ${file}. It needs the add-on eks-pod-identity-agent in the cluster: if it isn't there yet, run eksctl create addon -f ${file} first.`,
      ),
      `eksctl creates another role for the association of ${accounts}, with the same policies. New pods get the new role, not ${rolesOf(own)}: add it wherever the old role's ARN is used, such as bucket policies and KMS key policies.`,
    ];
  const command = (name: string): string => example(first, name);
  const keep = `To keep it, first run: ${command('kubectl label')}`;
  return step === 'contract'
    ? [
        `eksctl delete iamserviceaccount deletes the role for IRSA. It also deletes the service account itself (${accounts}) if it has the label app.kubernetes.io/managed-by=eksctl, and pods can't start without it. ${keep}`,
        `Run: ${command('eksctl delete iamserviceaccount')}`,
        `Then remove the annotation in the cluster: ${command('kubectl annotate')}`,
      ]
    : [
        `eksctl delete podidentityassociation deletes the association and its role. It also deletes the service account itself (${accounts}) if it has the label app.kubernetes.io/managed-by=eksctl. ${keep}`,
        `Run: ${command('eksctl delete podidentityassociation')}`,
        'If this move added eks-pod-identity-agent to addons, it stays there: other associations may need it.',
      ];
}

/** Whether eksctl creates an account and its role by an entry of `iam.serviceAccounts`. */
export function isOfEksctl({ chain, policy }: Move): boolean {
  return chain?.account.eksctl === 'entry' && policy.kind === 'made';
}

/** A command for one account; the others' differ in their names. */
function example({ namespace, name, cluster }: Move, command: string): string {
  const [ns, account] = [shellQuote(namespace ?? 'NAMESPACE'), shellQuote(name ?? 'NAME')];
  if (command === 'kubectl label') return `kubectl label serviceaccount ${account} -n ${ns} app.kubernetes.io/managed-by-`;
  if (command === 'kubectl annotate') return `kubectl annotate serviceaccount ${account} -n ${ns} eks.amazonaws.com/role-arn-`;
  const where = `--cluster ${shellQuote(cluster.name ?? 'CLUSTER')}${cluster.region === undefined ? '' : ` --region ${shellQuote(cluster.region)}`}`;
  const option = command.endsWith('iamserviceaccount') ? '--name' : '--service-account-name';
  return `${command} ${where} --namespace ${ns} ${option} ${account}`;
}

function rolesOf(moves: readonly Move[]): string {
  const names = [...new Set(moves.flatMap(({ policy }) => literal(policy.facts[0]?.roleName) ?? []))];
  return names.length === 0 ? 'the one for IRSA' : listed(names);
}

function fileOf(uri: string): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
