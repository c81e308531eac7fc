import type { Rule, RuleContext } from './rule';
import { asksForRole } from './support/surroundings';
import { fileName } from './support/ties';
import type { ServiceAccountFact } from '../model/facts';
import { parseRoleArn } from '../model/arn';
import { headline, line, lines } from '../text/message';
import { equal, literal, trim } from '../text/texts';
import { shownRoleName } from '../trust/roleText';
import type { Chain } from '../wiring/chain';
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

Only one of the two. If both use the same role, it is an info. If several folders define a service account of this name, an
association is assumed to be for the one in its own folder, or in a folder above or below it. An association in AWS counts if the
service account's cluster is known from \`pod-roles.yaml\`, or is the only one. An association that a condition, a loop or a
template may omit isn't reported.

## When to turn it off

During a migration, and for service accounts that have an association only in some clusters.
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
        context.report({
          doc: chain.request.doc,
          span: chain.request.span,
          ...(isSameRole(chain, grant) ? { level: 'info' as const } : {}),
          message: message(chain, grant),
          overlays: chain.overlays,
          related: association ? [{ at: { doc: association.doc, span: association.head }, message: 'The association' }] : [],
        });
      }
    },
  },
};

function message(chain: Chain, grant: Grant): string {
  const { association, source = 'AWS', cluster } = grant;
  const place = association ? (association.doc.uri === chain.request.doc.uri ? 'this file' : fileName(association.doc.uri)) : source;
  const inOverlay = chain.overlays && chain.name !== undefined ? `In ${overlayWords(chain.overlays)}, a` : 'A';
  const inCluster = cluster.name === undefined ? '' : ` in cluster ${cluster.name}`;
  return lines(
    headline`${inOverlay} Pod Identity association${inCluster} overrides this annotation (${place}).`,
    line`Pods get ${grant.role ? shownRoleName(grant.role) : "the association's role"} from the Pod Identity agent; the annotation has no effect.`,
    'Keep only one of the two.',
  );
}

function isSameRole({ request }: Chain, { association, role, roleArn }: Grant): boolean {
  const value = request.value && trim(request.value);
  if (!value) return false;
  if (role && equal(role, value) === true) return true;
  const name = literal(roleArn?.name ?? association?.roleName);
  return (
    name !== undefined &&
    name === literal(parseRoleArn(value)?.name) &&
    (roleArn === undefined || equal(roleArn.account, parseRoleArn(value)!.account) !== false)
  );
}
