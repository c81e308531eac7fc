import { accountAround, asksForRole, workloadAround } from './support/surroundings';
import type { Fix, Rule, RuleContext } from './rule';
import type { AnnotationFact, ServiceAccountFact } from '../model/facts';
import { isUnreadKey } from '../model/unreadKey';
import { headline, line, lines } from '../text/message';
import { literal } from '../text/texts';

/** The page: see pages.ts. */
export const doc = `
Finds annotations and labels that were invented for EKS Pod Identity, such as \`eks.amazonaws.com/pod-identity-association\`,
\`eks.amazonaws.com/pod-identity-association-arn\`, \`eks.amazonaws.com/pod-identity-association-role-arn\` and
\`eks.amazonaws.com/pod-identity-webhook-enabled\`, on service accounts, pods and workloads, and in Helm values.

## Why

Nothing reads them. EKS Pod Identity finds a pod's role by its association in the EKS API, by cluster, namespace and service
account; no annotation ties a service account to an association. Such keys are in tutorials and in generated code. Without an
association pods get no role, and there is no error.

## Wrong

\`\`\`yaml
kind: ServiceAccount
metadata:
  name: demo-sa
  namespace: demo-namespace
  annotations:
    eks.amazonaws.com/pod-identity-association-role-arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`

## Right

\`\`\`yaml
kind: ServiceAccount
metadata:
  name: demo-sa
  namespace: demo-namespace
\`\`\`

\`\`\`
aws eks create-pod-identity-association --cluster-name demo --namespace demo-namespace \\
  --service-account demo-sa --role-arn arn:aws:iam::111122223333:role/demo-role
\`\`\`

The webhook's own annotations and other real keys of EKS under the same prefix (\`compute-type\`, \`nodegroup\`,
\`skip-pod-identity-webhook\`, …) aren't reported. A key that is similar to one of the webhook's is \`annotation-key-misspelt\`.

## When to turn it off

If a controller of your own reads the key.
`;

/** Keys that were invented for EKS Pod Identity: nothing reads them. */
export const annotationNotRead: Rule = {
  id: 'annotation-not-read',
  level: 'warning',
  title: 'Nothing reads the annotation',
  fixable: true,
  since: '0.1.0',
  source: 'aws/containers-roadmap#2291 and #2292; amazon-eks-pod-identity-webhook pkg/cache/cache.go, pkg/handler/handler.go',
  checks: {
    annotation(fact: AnnotationFact, context: RuleContext): void {
      const key = literal(fact.key);
      const isLabel = fact.place.endsWith('labels');
      if (key === undefined || fact.place === 'other-object' || !isUnreadKey(key, isLabel)) return;
      const accounts = accountsOf(fact, context);
      const names = accounts.flatMap((account) => nameOf(account, context) ?? []);
      const has = accounts.some((account) => hasAssociation(account, context));
      const annotated = accounts.some(asksForRole);
      context.report({
        doc: fact.doc,
        span: fact.key.span,
        message: lines(
          headline`Nothing reads the ${isLabel ? 'label' : 'annotation'} ${key}.`,
          has
            ? 'EKS finds the association by cluster, namespace and service account, without an annotation.'
            : annotated
              ? 'EKS Pod Identity needs an association in the EKS API; pods keep the role of eks.amazonaws.com/role-arn.'
              : 'EKS Pod Identity needs an association in the EKS API; without one pods get no role, and there is no error.',
          has
            ? 'Remove it.'
            : names[0] !== undefined && names.length === 1
              ? line`Create a Pod Identity association for ${names[0]}, and remove this key.`
              : 'Create a Pod Identity association for the namespace and service account, and remove this key.',
        ),
        fixes: removal(fact, isLabel),
      });
    },
  },
};

/** The accounts that it was meant for: the one on which it stands, or those that the workload uses. */
function accountsOf(fact: AnnotationFact, context: RuleContext): readonly ServiceAccountFact[] {
  const account = accountAround(fact, context);
  if (account) return [account];
  const workload = workloadAround(fact, context);
  return workload ? context.wiring.accountsOf(workload) : [];
}

function nameOf(account: ServiceAccountFact, { wiring }: RuleContext): string | undefined {
  const [identity, another] = wiring.identitiesOf(account);
  return identity?.namespace === undefined || identity.name === undefined || another ? undefined : `${identity.namespace}/${identity.name}`;
}

/** True if a file or AWS has an association for the account, surely or perhaps. */
function hasAssociation(account: ServiceAccountFact, { wiring }: RuleContext): boolean {
  if (wiring.identitiesOf(account).some(({ namespace, name }) => wiring.grantsOf({ namespace, name, places: [account] }).length > 0))
    return true;
  // A template that makes both writes the name alike.
  const { name, doc } = account;
  if (!name || name.holes.length === 0 || name.holes.some((hole) => !hole.named)) return false;
  for (const association of wiring.associations())
    if (association.doc.uri === doc.uri && association.serviceAccount?.value === name.value) return true;
  return false;
}

/** A controller that isn't known may read it: nothing to do unattended. */
function removal({ cut, doc: at }: AnnotationFact, isLabel: boolean): Fix[] {
  return cut
    ? [{ title: `Remove the ${isLabel ? 'label' : 'annotation'}`, edits: [{ doc: at, span: cut, newText: '' }], safe: false }]
    : [];
}
