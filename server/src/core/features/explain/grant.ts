import type { ServiceAccountFact } from '../../model/facts';
import { grantVerdict, webIdentityByHand } from '../../trust/grantVerdict';
import type { Verdict } from '../../trust/verdict';
import type { Chain } from '../../wiring/chain';
import type { Grant } from '../../wiring/grants';
import { grantedRole } from '../grantee';
import type { WorkspaceView } from '../workspaceView';
import type { ExplainDocument, ExplainStep } from './document';
import { tieAssumptions, workloadSteps } from './steps';
import { outcomeOf, policySteps } from './verdict';

/** Whose role it is: an account of the files, with the chain of its annotation where it has one. */
export type Holder = Chain | (Pick<Chain, 'workloads'> & { readonly account?: ServiceAccountFact });

/** Explains the role that EKS Pod Identity gives an account: which, why it goes before an annotation, and whether the role lets EKS do so. */
export function explainGrant(view: WorkspaceView, grant: Grant, holder: Holder): ExplainDocument {
  const chain = 'request' in holder ? holder : undefined;
  const verdict = grantVerdict(grant);
  const decision = verdict?.decision ?? 'unknown';
  const role = grantedRole(grant);
  const [tie] = grant.ties;
  const steps = [...workloadSteps({ ...holder, name: grant.serviceAccount }), ...annotationSteps(chain), associationStep(grant), ...webhookSteps(holder, chain)];
  if (verdict && tie) steps.push(...policySteps(verdict.trace, tie.policy.doc, tie.policy.policy));
  else steps.push({ level: 0, text: `The trust policy of ${role} is in none of the files that were read${view.wiring.aws ? ', and AWS\'s answer does not hold it' : ''}`, mark: null });
  return {
    title: `Which role do the pods of ${grant.namespace}/${grant.serviceAccount} get?`,
    answer: answer(decision, role),
    decision,
    mechanism: 'pod-identity',
    role: grant.role || role,
    ...(chain?.overlays ? { overlays: chain.overlays.map(({ name }) => name) } : {}),
    steps,
    outcome: outcome(decision, verdict),
    mend: [],
    assumptions: [
      'The EKS Pod Identity agent runs in the cluster.', ...(grant.sure ? [] : ['A condition or a template decides whether the association is there.']),
      ...tieAssumptions(grant.ties, role), ...(verdict?.assumptions ?? []),
    ],
    reasons: verdict?.trace ?? [],
    ...(verdict?.error === undefined ? {} : { error: verdict.error }),
    ...(tie ? { policy: { doc: tie.policy.doc, span: tie.policy.policy.span } } : {}),
  };
}

/** A sentence on an association that may be there. */
export function mayWin(grant: Grant): string {
  return `An association${ofCluster(grant)} may give this account ${grantedRole(grant)} by EKS Pod Identity: where it is there, it wins over the annotation.`;
}

function answer(decision: ExplainDocument['decision'], role: string): string {
  switch (decision) {
    case 'allowed':
      return `${role}, by EKS Pod Identity.`;
    case 'denied':
      return `None: EKS Pod Identity is to give them ${role}, and the role refuses.`;
    case 'unknown':
      return `${role}, by EKS Pod Identity, if the role lets EKS do so; the files do not tell.`;
  }
}

function outcome(decision: ExplainDocument['decision'], verdict: Verdict | undefined): string[] {
  if (decision === 'allowed') return ['So the Pod Identity agent gives the pod the role.'];
  return verdict ? outcomeOf(verdict) : ['Whether the role lets EKS Pod Identity take it depends on its trust policy. Add it to the files, or ask AWS for it.'];
}

/** The annotation that the association makes count for nothing. */
function annotationSteps(chain: Chain | undefined): ExplainStep[] {
  if (!chain) return [];
  const name = chain.name ?? chain.account.name?.value;
  return [{
    level: 0, text: `ServiceAccount${name === undefined ? '' : ` ${name}`} asks for ${chain.request.value?.value ?? 'no readable role'} by its annotation`,
    place: { doc: chain.request.doc, span: chain.request.valueSpan },
  }];
}

function associationStep(grant: Grant): ExplainStep {
  const { association, source } = grant;
  return {
    level: 0, text: `A Pod Identity association${ofCluster(grant)} gives ${grant.namespace}/${grant.serviceAccount} the role ${grant.role || grantedRole(grant)}`,
    ...(association ? { place: { doc: association.doc, span: association.head } } : { note: `(${source})` }), mark: grant.sure ? true : null,
  };
}

function webhookSteps({ workloads }: Holder, chain: Chain | undefined): ExplainStep[] {
  const steps: ExplainStep[] = [{
    level: 0,
    text: chain
      ? 'The association wins: the webhook gives the pod the credentials of the Pod Identity agent, and neither AWS_ROLE_ARN nor a web identity token'
      : 'The webhook gives the pod the credentials of the Pod Identity agent',
    mark: true,
  }];
  for (const { workload, container } of webIdentityByHand({ workloads }).slice(0, 5)) {
    steps.push({
      level: 1, text: `not to container ${container}: it sets AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE itself, and the SDKs take those first`.replace('container :', 'a container:'),
      place: { doc: workload.doc, span: workload.head }, mark: false,
    });
  }
  return steps;
}

function ofCluster({ clusterName }: Grant): string {
  return clusterName === undefined ? '' : ` of cluster ${clusterName}`;
}
