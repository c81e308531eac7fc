import { filePath, relativePath } from '../config/paths';
import { asList, asMap } from '../readers/nodes';
import { outerSpan, valueAt } from '../syntax/nodes';
import { shellQuote } from '../text/shellQuote';
import { literal } from '../text/texts';
import { isSameSpan } from './edits/source';
import { isByEksctlAlone } from './eksctl';
import { listed } from './listed';
import type { Move } from './moves';
import type { MigrationHost } from './port';
import { documentOf } from './spelling';
import type { MigrationStep } from './types';

/** How many accounts' commands are written out. */
const mostCommands = 10;

/**
 * What to do about accounts of eksctl's `iam.serviceAccounts` after a step towards EKS Pod Identity. Source: eksctl, pkg/ctl/create/pod_identity_association.go,
 * pkg/kubernetes/serviceaccount.go, pkg/actions/podidentityassociation/deleter.go (both deletions take the account with them if it has eksctl's label).
 */
export function eksctlSteps(moves: readonly Move[], step: MigrationStep, host: MigrationHost): string[] {
  const own = moves.filter(isOfEntry);
  const addons = step === 'expand' ? addonSteps(moves, host) : [];
  if (own.length === 0) return addons;
  const accounts = listed(own.map(({ shown }) => shown));
  const files = [...new Set(own.map(({ chain, policy }) => shellQuote(fileOf((chain?.account ?? policy.facts[0]!).doc.uri, host))))];
  if (step === 'expand')
    return [
      ...addons,
      ...files.map(
        (file) =>
          `Run eksctl create podidentityassociation -f ${file}. It needs the add-on eks-pod-identity-agent in the cluster: if it isn't there yet, run eksctl create addon -f ${file} first.`,
      ),
      ...withoutMetadata(own, host),
      `eksctl creates another role for the association of ${accounts}, with the same policies. New pods get the new role, not ${rolesOf(own)}: add it wherever the old role's ARN is used, such as bucket policies and KMS key policies.`,
    ];
  const command = (name: string): string => {
    const more = own.length - mostCommands;
    const rest = more > 0 ? `, and the same for ${more} more service account${more === 1 ? '' : 's'}` : '';
    return `${own.slice(0, mostCommands).map((move) => commandFor(move, name)).join(' && ')}${rest}`; // prettier-ignore
  };
  const keep = `To keep it, first run: ${command('kubectl label')}`;
  return step === 'contract'
    ? [
        `eksctl delete iamserviceaccount deletes the role for IRSA. It also deletes the service account itself (${accounts}) if it has the label app.kubernetes.io/managed-by=eksctl, and pods can't start without it. ${keep}`,
        `Run: ${command('eksctl delete iamserviceaccount')}`,
        `Then remove the annotation in the cluster: ${command('kubectl annotate')}`,
        ...withoutMetadata(own, host),
      ]
    : [
        `eksctl delete podidentityassociation deletes the association and its role. It also deletes the service account itself (${accounts}) if it has the label app.kubernetes.io/managed-by=eksctl. ${keep}`,
        `Run: ${command('eksctl delete podidentityassociation')}`,
        'If this move added eks-pod-identity-agent to addons, it stays there: other associations may need it.',
      ];
}

/** Whether eksctl makes all of a move: the account's role, and its association. */
function isOfEksctl(move: Move): boolean {
  return isOfEntry(move) || (move.chain?.account.addon === 'eksctl' && move.policy.kind === 'made');
}

/** Whether eksctl creates an account and its role by an entry of `iam.serviceAccounts`. */
function isOfEntry({ chain, policy }: Move): boolean {
  return policy.kind === 'made' && (chain === undefined || chain.account.eksctl === 'entry');
}

/** Source: eksctl pkg/actions/addon/update.go, podidentityassociation.go (the role for IRSA leaves with its stack). */
function addonSteps(moves: readonly Move[], host: MigrationHost): string[] {
  const own = moves.filter(({ chain }) => chain?.account.addon === 'eksctl');
  const files = [...new Set(own.map(({ chain }) => shellQuote(fileOf(chain!.account.doc.uri, host))))];
  const made = own.filter(isOfEksctl);
  return [
    ...files.map(
      (file) =>
        `For the add-ons, run eksctl create addon -f ${file} if the cluster lacks eks-pod-identity-agent, then eksctl update addon -f ${file}.`,
    ),
    ...(made.length > 0
      ? [
          `eksctl creates another role for the association of ${listed(made.map(({ shown }) => shown))}, with the same policies, and deletes the one for IRSA.`,
        ]
      : []),
  ];
}

/** Labels and annotations of entries that no association gives. Source: eksctl pkg/apis/eksctl.io/v1alpha5/iam.go (PodIdentityAssociation). */
function withoutMetadata(moves: readonly Move[], host: MigrationHost): string[] {
  const lost = moves.filter((move) => hasMetadata(move, host)).map(({ shown }) => shown);
  if (lost.length === 0) return [];
  return [
    `The labels and annotations in the metadata of ${listed(lost)} have no place in an association, and the contract step removes them from the file. A cluster that eksctl creates from the file then lacks them: if they are needed, define the service account in a manifest.`,
  ];
}

function hasMetadata({ chain }: Move, host: MigrationHost): boolean {
  if (!chain || !isByEksctlAlone(chain, host)) return false;
  const root = documentOf(chain.account, host.source)?.tree().root;
  const entries = asList(valueAt(root, 'iam', 'serviceAccounts'))?.items ?? [];
  const metadata = valueAt(
    entries.find((each) => isSameSpan(outerSpan(each), chain.account.span)),
    'metadata',
  );
  return ['labels', 'annotations'].some((key) => (asMap(valueAt(metadata, key))?.entries.length ?? 0) > 0);
}

/** A command for one account. */
function commandFor({ namespace, name, cluster }: Move, command: string): string {
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

/** The file below the folder of the settings, as the plan's paths are. */
function fileOf(uri: string, { view }: MigrationHost): string {
  return relativePath(uri, view.wiring.settings.base) ?? filePath(uri).name;
}
