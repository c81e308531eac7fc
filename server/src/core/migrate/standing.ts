import type { ConditionElement, PolicyDocument } from '../model/policy';
import { literal } from '../text/texts';
import type { Text } from '../text/text';
import { chainVerdict } from '../trust/chainVerdict';
import { grantVerdict } from '../trust/grantVerdict';
import { judge } from '../trust/judge';
import type { Decision, PodIdentityRequest } from '../trust/verdict';
import type { Grant } from '../wiring/grants';
import { isSame, namesAccount, podStatements } from './admissions';
import type { Move } from './moves';
import { replacementPolicy } from './replaced';
import { givesSameRole } from './sameRole';
import type { Direction, MigrationState, MissingPart } from './types';

/** What there is of each mechanism for one account. */
export interface Standing {
  /** An annotation asks for the role. */
  readonly annotation: boolean;
  /** What the trust policy answers to the account's token; undefined where no policy is known. */
  readonly irsa: Decision | undefined;
  /** A statement names the account for IRSA. */
  readonly irsaNamed: boolean;
  /** Associations give this role: of files, or of AWS. */
  readonly associations: readonly Grant[];
  /** An association gives the account another role. */
  readonly otherRole: Grant | undefined;
  /** What the trust policy answers to EKS for the account; undefined where no policy is known. */
  readonly pods: Decision | undefined;
  /** A statement names the account for Pod Identity. */
  readonly podsNamed: boolean;
}

/** Where an account stands between the two mechanisms. */
export function standingOf(move: Move): Standing {
  const associations = move.grants.filter((grant) => givesSameRole(grant, move) !== false);
  const replacing = replacementPolicy(move.policy, associations[0])?.policy;
  const policy = replacing ?? move.policy.facts[0]?.policy;
  const pods = replacing ? podStatements(replacing) : move.pods;
  return {
    annotation: move.chain !== undefined,
    irsa: irsaAnswer(move),
    irsaNamed: move.admissions.some(({ by }) => by === 'exact'),
    associations,
    otherRole: move.grants.find((grant) => givesSameRole(grant, move) === false),
    pods: move.policy.kind === 'made' ? madeAnswer(associations[0]) : policy && podsAnswer(policy, move, associations[0]),
    podsNamed: move.named !== undefined && pods.some((statement) => namesAccount(statement, move.named!)),
  };
}

/** Where an account stands. One that never used the old mechanism is done, also where the new one doesn't work. */
export function stateOf(standing: Standing, direction: Direction): MigrationState {
  const { annotation, irsa, irsaNamed, associations, pods, podsNamed } = standing;
  const isAssociated = associations.length > 0;
  if (direction === 'to-pod-identity') {
    const mayUseIrsa = annotation || irsaNamed || (pods === 'denied' && (irsa === 'allowed' || irsa === 'unknown'));
    if (isAssociated) return mayUseIrsa ? 'moving' : 'done';
    return podsNamed ? 'moving' : 'not-started';
  }
  if (annotation) return !isAssociated && !podsNamed && (irsa !== 'denied' || pods !== 'allowed') ? 'done' : 'moving';
  return irsaNamed && isAssociated ? 'moving' : isAssociated || podsNamed ? 'not-started' : 'done';
}

/** What an account that is between the mechanisms lacks of the new one; undefined where both are there. */
export function missingOf({ annotation, irsa, associations, pods }: Standing, direction: Direction): MissingPart | undefined {
  if (direction === 'to-pod-identity') return associations.length === 0 ? 'association' : pods === 'denied' ? 'trust-policy' : undefined;
  return !annotation ? 'annotation' : irsa === 'denied' ? 'trust-policy' : undefined;
}

/** A tool that makes its roles makes another one for the association. */
function madeAnswer(grant: Grant | undefined): Decision | undefined {
  return grant && grantVerdict(grant)?.decision;
}

function irsaAnswer(move: Move): Decision | undefined {
  const policy = move.policy.facts[0]?.policy;
  if (!policy) return undefined;
  // With the issuer that the move has found, where the files of the account tell none.
  return move.chain && !move.assumed && move.chain.issuer === move.request.issuer
    ? chainVerdict(move.chain)?.decision
    : judge(policy, move.request).decision;
}

/** What a trust policy answers to EKS for an account, whether or not it has an association. */
export function podsAnswer(policy: PolicyDocument, { namespace, name, named, cluster, request }: Move, grant: Grant | undefined): Decision {
  const account = cluster.account ?? request.roleAccount;
  const asked: PodIdentityRequest = {
    mechanism: 'pod-identity',
    namespace,
    serviceAccount: name,
    ...(request.roleAccount === undefined ? {} : { roleAccount: request.roleAccount }),
    ...(request.rolePartition === undefined ? {} : { rolePartition: request.rolePartition }),
    ...(account === undefined ? {} : { account }),
    ...(cluster.name === undefined ? {} : { clusterName: cluster.name }),
    ...(cluster.arn === undefined ? {} : { clusterArn: cluster.arn }),
    ...(grant?.sessionTagsDisabled ? { sessionTagsDisabled: true } : {}),
  };
  const clusterName = grant?.association?.clusterName;
  return judge(withoutKnown(policy, [...(clusterName ? [clusterName] : []), ...(named ? [named.namespace, named.name] : [])]), asked)
    .decision;
}

/** Keys that an unknown value of the program decides, which is the same as that of the association: then they hold. */
const settled: ReadonlySet<string> = new Set([
  'aws:requesttag/eks-cluster-name',
  'aws:requesttag/kubernetes-namespace',
  'aws:requesttag/kubernetes-service-account',
]);

/**
 * The policy without the conditions that surely hold though no file tells their values: those that compare a tag with the
 * very expression of the association, and the source account with an expression, since an association's role is in its
 * cluster's account.
 */
function withoutKnown(policy: PolicyDocument, known: readonly Text[]): PolicyDocument {
  const holds = (key: string, values: readonly Text[]): boolean => {
    const name = key.toLowerCase();
    if (name === 'aws:sourceaccount') return values.length > 0 && values.every((value) => literal(value) === undefined);
    if (!settled.has(name)) return false;
    return values.some((value) => literal(value) === undefined && known.some((each) => isSame(each, value)));
  };
  const reduced = (condition: ConditionElement): ConditionElement => ({
    ...condition,
    operators: condition.operators.map((operator) =>
      operator.key.value === 'StringEquals'
        ? { ...operator, keys: operator.keys.filter(({ key, values }) => !holds(key.value, values.values)) }
        : operator,
    ),
  });
  return {
    ...policy,
    statements: policy.statements.map((statement) =>
      statement.condition && literal(statement.effect?.text) === 'Allow'
        ? { ...statement, condition: reduced(statement.condition) }
        : statement,
    ),
  };
}
