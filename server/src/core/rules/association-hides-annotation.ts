import type { Rule, RuleContext } from './rule';
import { asksForRole } from './support/surroundings';
import { fileName } from './support/ties';
import type { ServiceAccountFact } from '../model/facts';
import { parseRoleArn } from '../model/arn';
import { equal, literal, trim } from '../text/texts';
import { shownRoleName } from '../trust/roleText';
import type { Chain } from '../wiring/chain';
import type { Grant } from '../wiring/grants';
import { overlayWords } from '../wiring/overlayWords';

const doc = `
Finds a service account with \`eks.amazonaws.com/role-arn\` for which a file makes, or AWS or a snapshot of it
has, an EKS Pod Identity association too.

## Why

Where a cluster has the Pod Identity agent, the association wins: the webhook gives the pods the credentials of the
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

One of the two. For the same role on both sides it is an info. Where several folders define an account of this name, an association is
taken to be for the account of its own folder only, or above or below it. An association of AWS counts where the account's
cluster is known by \`pod-roles.yaml\`, or is the only one. An association that a condition, a loop or a template may leave out is
left alone.

## When to turn it off

While accounts move from one way to the other, and for accounts that have an association in some clusters only.
`;

/** An association and an annotation for one account. */
export const associationHidesAnnotation: Rule = {
  id: 'association-hides-annotation',
  level: 'warning',
  title: 'A Pod Identity association overrides the role-arn annotation',
  fixable: false,
  since: '0.1.0',
  source: 'amazon-eks-pod-identity-webhook, pkg/handler/handler.go (buildPodPatchConfig)',
  doc,
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
          related: association ? [{ at: { doc: association.doc, span: association.head }, message: 'The association' }] : [],
        });
      }
    },
  },
};

function message(chain: Chain, grant: Grant): string {
  const { association, source = 'AWS', cluster } = grant;
  const where = association
    ? association.doc.uri === chain.request.doc.uri
      ? 'this file'
      : fileName(association.doc.uri)
    : source === 'AWS'
      ? source
      : `the ${source}`;
  const inOverlay = chain.overlays && chain.name !== undefined ? `In ${overlayWords(chain.overlays)}, a` : 'A';
  const inCluster = cluster.name === undefined ? '' : ` in cluster ${cluster.name}`;
  return (
    `${inOverlay} Pod Identity association for this service account${inCluster} (${where}) overrides this annotation: ` +
    `its pods get ${grant.role ? shownRoleName(grant.role) : "the association's role"} from the Pod Identity agent, and the annotation has no effect. Keep one of the two.`
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
