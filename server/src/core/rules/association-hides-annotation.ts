import type { Rule, RuleContext } from './rule';
import { asksForRole } from './support/surroundings';
import { fileName } from './support/ties';
import type { ServiceAccountFact, WorkloadFact } from '../model/facts';
import { headline, line, lines } from '../text/message';
import { accessOf, type Access } from '../trust/access';
import { workloadWords } from '../trust/platforms';
import { shownRoleName } from '../trust/roleText';
import { isEksctlPair, isMovingPair, isSameRole } from '../trust/sameRole';
import type { Chain } from '../wiring/chain';
import { passesByWebhook } from '../wiring/chains';
import type { Grant } from '../wiring/grants';
import { overlayWords } from '../wiring/overlayWords';

/** The page: see pages.ts. */
export const doc = `
Finds a service account with \`eks.amazonaws.com/role-arn\` that also has an EKS Pod Identity association, in a file, in AWS or
in a snapshot of it.

## Why

In a cluster with the Pod Identity agent, the association overrides the annotation: pods get the credentials of the
association's role, and neither \`AWS_ROLE_ARN\` nor a web identity token. The annotation's role is never used.

## Wrong

\`\`\`yaml
kind: ServiceAccount
metadata:
  name: demo-sa
  namespace: demo-namespace
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`
\`\`\`yaml
kind: PodIdentityAssociation
spec: {clusterName: demo, namespace: demo-namespace, serviceAccount: demo-sa, roleARN: arn:aws:iam::111122223333:role/other-role}
\`\`\`

## Right

Only one of the two. If both use the same role and the association works, the service account is moving from IRSA to EKS Pod
Identity: then this is an info, and says how to end the move. Pods that start after the association use it, and running pods keep
what they have. To end the move, restart the workloads, remove the annotation, then remove the OIDC provider statement from the
trust policy. The same holds for the two roles with the same policies that eksctl creates for an entry of
\`iam.serviceAccounts\` and one of \`iam.podIdentityAssociations\`, and for the role of a Terraform module that a role of the module
\`eks-pod-identity\` with the same policies replaces. If several folders define a service account of this name, an
association is assumed to be for the one in its own folder, or in a folder above or below it. An association in AWS counts if the
service account's cluster is known from \`pod-roles.yaml\`, or is the only one. An association that a condition, a loop or a
template may omit isn't reported, and neither is one for a service account that only operators use, such as External Secrets with
\`serviceAccountRef\`: those use the annotation.

## When to turn it off

For service accounts that have an association only in some clusters.
`;

/** An association and an annotation for one account. */
export const associationHidesAnnotation: Rule = {
  id: 'association-hides-annotation',
  level: 'warning',
  title: 'A Pod Identity association overrides the role-arn annotation',
  fixable: false,
  since: '0.1.0',
  source: 'amazon-eks-pod-identity-webhook, pkg/handler/handler.go (buildPodPatchConfig)',
  checks: {
    serviceAccount(fact: ServiceAccountFact, context: RuleContext): void {
      if (!asksForRole(fact)) return;
      for (const chain of context.wiring.chainsFor(fact)) {
        const grant = chain.overriddenBy;
        if (!grant) continue;
        const { association } = grant;
        const access = accessOf(chain, context.wiring.aws, context.verdict(chain));
        context.report({
          doc: chain.request.doc,
          span: chain.request.span,
          ...((isSameRole(chain, grant) || isMovingPair(chain, grant)) && access.decision !== 'denied' && access.other?.oneAddon !== true
            ? { level: 'info' as const }
            : {}),
          message: message(chain, grant, access),
          overlays: chain.overlays,
          related: association ? [{ at: { doc: association.doc, span: association.head }, message: 'The association' }] : [],
        });
      }
    },
  },
};

function message(chain: Chain, grant: Grant, access: Access): string {
  const { association, source = 'AWS', cluster } = grant;
  const place = association ? (association.doc.uri === chain.request.doc.uri ? 'this file' : fileName(association.doc.uri)) : source;
  const inOverlay = chain.overlays && chain.name !== undefined ? `In ${overlayWords(chain.overlays)}, a` : 'A';
  const inCluster = cluster.name === undefined ? '' : ` in cluster ${cluster.name}`;
  return lines(
    headline`${inOverlay} Pod Identity association${inCluster} overrides this annotation (${place}).`,
    ...(access.decision !== 'denied' && access.other?.replaces
      ? replacedEffects(chain, grant, access)
      : effects(grant, access, chain.workloads.filter(passesByWebhook))),
  );
}

/** eksctl creates one role for each mechanism. Source: eksctl pkg/actions/podidentityassociation/creator.go. */
const eksctlEffects = [
  'Moving: pods that start now get the role that eksctl creates for the association, with the same policies; running pods keep IRSA.',
  'To end the move: restart the workloads, then run pod-roles migrate --step contract.',
] as const;

/** The effects where the association's role was made in the place of the annotation's. */
function replacedEffects(chain: Chain, grant: Grant, { role, other }: Access): readonly [string, string] {
  if (isEksctlPair(chain, grant)) return eksctlEffects;
  return [
    line`Moving: pods that start now get ${role}, which has the same policies as ${other!.role}; running pods keep IRSA.`,
    'To end the move: restart the workloads, then run pod-roles migrate --step contract.',
  ];
}

/** What happens at run time, and what to change. The facts: amazon-eks-pod-identity-webhook (the association is used at admission). */
function effects(grant: Grant, { decision, other, role }: Access, [operator]: readonly WorkloadFact[]): readonly [string, string] {
  if (operator && other?.sameRole && !other.oneAddon && decision !== 'denied')
    return [
      line`Pods that start now get ${role} by EKS Pod Identity; ${workloadWords(operator)} uses the annotation only.`,
      line`Keep the annotation for ${workloadWords(operator)}.`,
    ];
  if (other?.oneAddon)
    return [
      line`One add-on names both mechanisms: EKS uses the association only, and eksctl rejects it. Pods get ${role} from the Pod Identity agent.`,
      'Keep only one of the two.',
    ];
  if (other?.sameRole !== true)
    return [
      line`Pods get ${grant.role ? shownRoleName(grant.role) : "the association's role"} from the Pod Identity agent; the annotation has no effect.`,
      'Keep only one of the two.',
    ];
  if (decision === 'denied')
    return [
      line`New pods can't assume ${role} by EKS Pod Identity; running pods keep IRSA until they restart.`,
      "Change the role's trust policy, or remove the association.",
    ];
  if (other.decision === 'denied')
    return [
      line`Pods that start now get ${role} by EKS Pod Identity; IRSA no longer works: ${other.reason ?? 'it is denied'}.`,
      'To end the move, remove the annotation.',
    ];
  return [
    line`Moving: pods that start now get ${role} by EKS Pod Identity; running pods keep IRSA.`,
    'To end the move: restart the workloads, remove the annotation, then the OIDC provider statement of the trust policy.',
  ];
}
