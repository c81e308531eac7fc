import type { ServiceAccountFact } from '../../model/facts';
import { shownText } from '../../text/shown';
import type { Span } from '../../text/span';
import { accessByGrant, type Access } from '../../trust/access';
import { webIdentityByHand } from '../../trust/grantVerdict';
import { cannotUse, operatorUses, platformNames, unsupportedUses, workloadWords } from '../../trust/platforms';
import { shownRole, shownRoleName } from '../../trust/roleText';
import { lacksAgent } from '../../wiring/aws';
import type { Chain } from '../../wiring/chain';
import { passesByWebhook } from '../../wiring/chains';
import type { Grant } from '../../wiring/grants';
import type { WorkspaceView } from '../workspaceView';
import type { ExplainDocument, ExplainStep } from './document';
import { fixesFor } from './fixes';
import { mechanismsOf } from './mechanisms';
import { missingPolicyStep } from './missingPolicy';
import { accountNode, associationNode, roleNode, workloadNodes } from './nodes';
import { referenceSteps } from './reference';
import { tieAssumptions, workloadSteps } from './steps';
import { answerOf, outcomeOfAccess, policySteps } from './verdict';

/** Whose role it is: an account of the files, with the chain of its annotation where it has one. */
export type Holder = Chain | (Pick<Chain, 'workloads'> & { readonly account?: ServiceAccountFact });

/** Explains the role that EKS Pod Identity gives an account: which, why it overrides an annotation, and whether the role allows it. */
export function explainGrant(view: WorkspaceView, grant: Grant, holder: Holder): ExplainDocument {
  const chain = 'request' in holder ? holder : undefined;
  const access = chain ? view.access(chain) : accessByGrant(grant, view.wiring.aws, undefined, holder.workloads);
  const { decision, verdict, role, fault, reason, target } = access;
  const [tie] = grant.ties;
  const error = verdict?.error ?? target?.verdict?.error;
  const steps = [
    ...workloadSteps({ ...holder, name: grant.serviceAccount }),
    ...annotationSteps(chain),
    associationStep(grant, role),
    ...optionSteps(grant),
    ...referenceSteps(grant.role, grant.reference),
    ...webhookSteps(holder, chain),
    ...platformSteps(holder, grant, access),
  ];
  if (verdict && tie) steps.push(...policySteps(verdict, tie.policy.doc, tie.policy.policy));
  else
    steps.push(missingPolicyStep(view, { role, value: grant.role, arn: grant.roleArn, reference: grant.reference, at: grant.association }));
  steps.push(...targetSteps(view, access));
  if (fault && reason !== undefined && fault !== 'no-policy' && fault !== 'target')
    steps.push({ level: 0, text: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`, mark: decision === 'denied' ? false : null });
  return {
    title: `Can ${grant.namespace}/${grant.serviceAccount} assume ${role}?`,
    answer: answerOf(decision),
    decision,
    mechanism: 'pod-identity',
    ...mechanismsOf(access, chain),
    role: grant.role ? shownRole(grant.role) : role,
    ...(chain?.overlays ? { overlays: chain.overlays.map(({ name }) => name) } : {}),
    chain: [
      ...workloadNodes(holder),
      accountNode(holder.account, `${grant.namespace}/${grant.serviceAccount}`),
      associationNode(grant),
      roleNode(role, grant.ties),
      ...(target ? [{ ...roleNode(target.role, target.target.ties), type: 'Target role' }] : []),
    ],
    steps,
    outcome: outcomeOfAccess(access),
    fixes: decision === 'denied' ? fixesFor(view, chain, access, holder.account) : [],
    assumptions: [
      `The EKS Pod Identity agent runs in the cluster${agentNote(view, grant)}.`,
      ...sameAccount(grant),
      ...tieAssumptions(grant.ties, role),
      ...(verdict?.assumptions ?? []),
      ...(target ? tieAssumptions(target.target.ties, target.role) : []),
      ...(target?.verdict?.assumptions ?? []),
      ...(target?.permission?.isAllowed === null
        ? [`The policies of ${role} allow ${target.permission.actions.join(' and ')} on ${shownRole(target.target.role)}.`]
        : []),
    ],
    reasons: [...(verdict?.trace ?? []), ...(target?.verdict?.trace ?? [])],
    ...(error === undefined || decision !== 'denied' ? {} : { error }),
    ...(tie ? { policy: { doc: tie.policy.doc, span: tie.policy.policy.span } } : {}),
  };
}

/** What AWS says against it: an agent that is installed by hand, it doesn't know. */
function agentNote({ wiring: { aws } }: WorkspaceView, { cluster: { arn } }: Grant): string {
  return arn !== undefined && lacksAgent(aws?.cluster(arn)) ? ", though AWS doesn't have its add-on there" : '';
}

/** Why the association is taken to be for this account, where it is in another file. */
function sameAccount({ association, because, ground }: Grant): string[] {
  if (!association || because === undefined || ground === 'same') return [];
  return [`The association is assumed to be for this service account: ${because}.`];
}

/** A sentence on an association that may be there. */
export function mayWin(grant: Grant): string {
  return `An association${ofCluster(grant)} may give this service account ${shownRoleName(grant.role)} by EKS Pod Identity: if it applies, it overrides the annotation.`;
}

/** The annotation that the association overrides. */
function annotationSteps(chain: Chain | undefined): ExplainStep[] {
  if (!chain) return [];
  const name = chain.name ?? (chain.account.name && shownText(chain.account.name));
  return [
    {
      level: 0,
      text: `ServiceAccount${name === undefined ? '' : ` ${name}`} uses ${chain.request.value ? shownRole(chain.request.value) : 'no readable role'} by its annotation`,
      place: { doc: chain.request.doc, span: chain.request.valueSpan },
    },
  ];
}

function associationStep(grant: Grant, role: string): ExplainStep {
  const { association, source } = grant;
  return {
    level: 0,
    text: `A Pod Identity association${ofCluster(grant)} gives ${grant.namespace}/${grant.serviceAccount} ${withArticle(grant.role ? shownRole(grant.role) : role)}`,
    ...(association ? { place: { doc: association.doc, span: association.head } } : { note: `(${source})` }),
    mark: grant.sure ? true : null,
  };
}

/** `the role demo`; a role without a name is described by its words: `the role created by eksctl`. */
function withArticle(role: string): string {
  return role.startsWith('role created by ') ? `the ${role}` : `the role ${role}`;
}

function webhookSteps({ workloads }: Holder, chain: Chain | undefined): ExplainStep[] {
  if (!chain && workloads.length > 0 && workloads.every(passesByWebhook)) return [];
  const steps: ExplainStep[] = [
    {
      level: 0,
      text: chain
        ? 'The association overrides the annotation: the webhook gives the pod the credentials of the Pod Identity agent, and neither AWS_ROLE_ARN nor a web identity token'
        : 'The webhook gives the pod the credentials of the Pod Identity agent',
      mark: true,
    },
  ];
  for (const { workload, container } of webIdentityByHand({ workloads }).slice(0, 5)) {
    steps.push({
      level: 1,
      text: `not to container ${container}: it sets AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE itself, and the SDKs use those first`.replace(
        'container :',
        'a container:',
      ),
      place: { doc: workload.doc, span: workload.head },
      mark: false,
    });
  }
  return steps;
}

/** What the association says beside its role: session tags and a session policy. */
function optionSteps({ association, sessionTagsDisabled, sessionTagsUnknown, sessionPolicy, target }: Grant): ExplainStep[] {
  const steps: ExplainStep[] = [];
  const place = (span: Span | undefined) => (association && span ? { place: { doc: association.doc, span } } : {});
  if (sessionTagsDisabled || sessionTagsUnknown)
    steps.push({
      level: 1,
      text: sessionTagsDisabled
        ? 'It disables session tags: conditions on aws:RequestTag and aws:PrincipalTag have no value'
        : 'Whether it disables session tags is unknown',
      ...place(association?.disableSessionTags?.span),
    });
  if (sessionPolicy !== undefined)
    steps.push({
      level: 1,
      text: `Its session policy restricts what pods may do with ${target ? 'the target role' : 'the role'}: only what both allow is allowed`,
      ...place(association?.sessionPolicy?.span),
    });
  return steps;
}

/** The second step of an association with a target role, with its own trust policy. */
function targetSteps(view: WorkspaceView, { target, grant, role }: Access): ExplainStep[] {
  if (!target) return [];
  const { decision, verdict, tie, target: written } = target;
  const at = grant?.association;
  const first: ExplainStep = {
    level: 0,
    text: `Then EKS assumes the target role ${shownRole(written.role)} with the session of ${role}`,
    ...(at ? { place: { doc: at.doc, span: at.targetRoleArn?.span ?? at.head } } : {}),
    mark: decision === 'allowed' ? true : decision === 'denied' ? false : null,
  };
  const references = [...permissionSteps(target, role), ...referenceSteps(written.role, written.reference)];
  if (!verdict || !tie)
    return [
      first,
      ...references,
      missingPolicyStep(view, { role: target.role, value: written.role, arn: written.roleArn, reference: written.reference, at }),
    ];
  return [first, ...references, ...policySteps(verdict, tie.policy.doc, tie.policy.policy, "Target role's trust policy")];
}

/** What the association's role needs of its own policies, where AWS tells whether they allow it. */
function permissionSteps({ permission, role: target }: NonNullable<Access['target']>, role: string): ExplainStep[] {
  if (!permission || permission.isAllowed === null) return [];
  const { actions, isAllowed } = permission;
  return [
    { level: 0, text: `The policies of ${role} ${isAllowed ? '' : "don't "}allow ${actions.join(' and ')} on ${target}`, mark: isAllowed },
  ];
}

/** Workloads for which there is no agent. */
function platformSteps({ workloads }: Holder, grant: Grant, { exceptions = [], fault }: Access): ExplainStep[] {
  const operators = exceptions.flatMap(({ workload, platform }) => (platform === 'operator' ? [workload] : []));
  const told = fault === 'operator' || fault === 'association' ? operatorUses(workloads).map(({ workload }) => workload) : operators;
  const steps = told.slice(0, 5).map((workload) => ({
    level: 0 as const,
    text: `${workloadWords(workload)} needs the role-arn annotation: ${cannotUse}`,
    place: { doc: workload.doc, span: workload.serviceAccountName?.span ?? workload.head },
    mark: false,
  }));
  return [...steps, ...unsupportedSteps(workloads, grant)];
}

function unsupportedSteps(workloads: Holder['workloads'], grant: Grant): ExplainStep[] {
  return unsupportedUses(workloads, grant)
    .slice(0, 5)
    .map(({ workload, platform }) => ({
      level: 0,
      text: `${workloadWords(workload)} runs only on ${platformNames[platform]}, where EKS Pod Identity isn't available`,
      place: { doc: workload.doc, span: workload.platform?.span ?? workload.head },
      mark: false,
    }));
}

function ofCluster({ cluster }: Grant): string {
  return cluster.name === undefined ? '' : ` of cluster ${cluster.name}`;
}
