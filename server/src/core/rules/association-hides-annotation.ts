import type { Rule, RuleContext } from './rule';
import { asksForRole } from './support/surroundings';
import { fileName } from './support/ties';
import { folderKey } from '../config/paths';
import type { PodIdentityAssociationFact, ServiceAccountFact } from '../model/facts';
import { parseRoleArn } from '../model/arn';
import { equal, literal, trim } from '../text/texts';

const doc = `
Finds a service account with \`eks.amazonaws.com/role-arn\` for which a file makes an EKS Pod Identity association too.

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
taken to be for the account of its own folder only, or above or below it. An association that a condition, a loop or a template may leave out is
left alone.

## When to turn it off

While accounts move from one way to the other, and for accounts that have an association in some clusters only.
`;

/** An association and an annotation for one account. */
export const associationHidesAnnotation: Rule = {
  id: 'association-hides-annotation',
  level: 'warning',
  title: 'A Pod Identity association makes the annotation count for nothing',
  fixable: false,
  since: '0.1.0',
  source: 'amazon-eks-pod-identity-webhook, pkg/handler/handler.go (buildPodPatchConfig)',
  doc,
  checks: {
    serviceAccount(fact: ServiceAccountFact, context: RuleContext): void {
      const request = fact.roleArn;
      if (!request || !asksForRole(fact)) return;
      const associations = (context.wiring.associationsOf?.(fact) ?? []).filter((each) => !each.conditional && !ofAnotherCluster(fact, each, context) && meansThisOne(fact, each, context));
      const [association] = associations;
      if (!association) return;
      const mild = sameRole(fact, association);
      const where = association.doc.uri === fact.doc.uri ? 'this file' : fileName(association.doc.uri);
      const role = literal(association.roleArn && parseRoleArn(trim(association.roleArn))?.name) ?? literal(association.roleName);
      context.report({
        doc: request.doc, span: request.span, ...(mild ? { level: 'info' as const } : {}),
        message: `${where.charAt(0).toUpperCase()}${where.slice(1)} makes a Pod Identity association for this account, and the association wins: ` +
          `its pods get ${role === undefined ? "the association's role" : role} from the Pod Identity agent, and this annotation has no effect. Keep one of the two.`,
        related: [{ at: { doc: association.doc, span: association.head }, message: 'The association' }],
      });
    },
  },
};

function sameRole({ roleArn }: ServiceAccountFact, association: PodIdentityAssociationFact): boolean {
  const value = roleArn?.value && trim(roleArn.value);
  if (!value) return false;
  if (association.roleArn && equal(trim(association.roleArn), value) === true) return true;
  const name = literal(association.roleName ?? parseRoleArn(association.roleArn ?? value)?.name);
  return name !== undefined && name === literal(parseRoleArn(value)?.name);
}

/**
 * Several files that define an account of this name in folders of their own are alternatives, or of clusters apart: then an
 * association is only for the one in its folder, or above or below it.
 */
function meansThisOne(account: ServiceAccountFact, association: PodIdentityAssociationFact, { wiring }: RuleContext): boolean {
  const own = folderKey(account.doc.uri);
  const [namespace, name] = [literal(association.namespace), literal(association.serviceAccount)];
  const isOnlyOne = name === undefined || wiring.accountsNamed(name, namespace).every(({ doc }) => folderKey(doc.uri) === own);
  return isOnlyOne || within(own, folderKey(association.doc.uri)) || within(folderKey(association.doc.uri), own);
}

function within(folder: string, outer: string): boolean {
  return folder === outer || folder.startsWith(`${outer}/`);
}

/** True where the account's own document makes a cluster of another name (eksctl's files beside each other). */
function ofAnotherCluster(account: ServiceAccountFact, { clusterName }: PodIdentityAssociationFact, { wiring }: RuleContext): boolean {
  const name = literal(clusterName);
  const own = wiring.factsIn(account.doc).flatMap((fact) => (fact.kind === 'cluster' ? (literal(fact.name) ?? []) : []));
  return name !== undefined && own.length > 0 && !own.includes(name);
}
