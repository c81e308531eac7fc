import type { Fix, Rule, RuleContext } from './rule';
import { rewrite } from './support/edits';
import { fileName } from './support/ties';
import { filePath } from '../config/paths';
import type { ServiceAccountFact, WorkloadFact } from '../model/facts';
import { headline, line, lines } from '../text/message';
import { literal } from '../text/texts';

/** The page: see pages.ts. */
export const doc = `
Finds a workload whose service account isn't defined in the workload's namespace, if a service account of that name, with a
role, is in another namespace of the same deployment.

## Why

A pod can only use service accounts in its own namespace. Without one there, Kubernetes rejects the pod:
\`error looking up service account dev/demo-sa: serviceaccount "demo-sa" not found\`. If a service account of that name exists
there without the annotation, the pod starts and has no role.

## Wrong

\`\`\`yaml
kind: ServiceAccount
metadata: {name: demo-sa, namespace: demo, annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/demo-role"}}
---
kind: Deployment
metadata: {name: api, namespace: default}
spec: {template: {spec: {serviceAccountName: demo-sa}}}
\`\`\`

## Right

\`\`\`yaml
kind: Deployment
metadata: {name: api, namespace: demo}
spec: {template: {spec: {serviceAccountName: demo-sa}}}
\`\`\`

Not reported: unknown namespaces, templates, the service account \`default\`, and files whose namespaces a kustomization
sets.

## When to turn it off

If service accounts are created by a tool that isn't in these files.
`;

/** If more accounts have one name, none of them is more likely to be meant than another. */
const mostNamed = 1000;

/** The workload's account exists, annotated, only in another namespace. */
export const serviceAccountElsewhere: Rule = {
  id: 'service-account-elsewhere',
  level: 'warning',
  title: 'The service account with the role is in another namespace than the workload',
  fixable: true,
  since: '0.1.0',
  source: "Kubernetes, plugin/pkg/admission/serviceaccount: the account is looked up in the pod's namespace",
  checks: {
    workload(workload: WorkloadFact, context: RuleContext): void {
      const { wiring } = context;
      const text = workload.serviceAccountName;
      const name = literal(text);
      const namespace = literal(workload.namespace);
      // A pod that a cluster lists has its account there, whether the list has it or not.
      if (
        !text ||
        !name ||
        workload.live ||
        workload.operator === 'request' ||
        name === 'default' ||
        !namespace ||
        workload.open ||
        isTemplate(workload)
      )
        return;
      if (wiring.namespaceOf(workload) !== namespace || wiring.namespaceIsOverwritten?.(workload.doc.uri)) return;
      const all = wiring.accountsNamed(name).filter(({ requestedBy }) => !requestedBy);
      if (all.length > mostNamed) return;
      const named = all.filter((account) => wiring.together(account, workload));
      const places = named.map((account) => wiring.namespaceOf(account));
      if (places.some((place) => place === undefined || place === namespace)) return;
      const near = named.filter((account) => isCandidate(account, workload, context));
      if (near.length === 0 || new Set(near.map((account) => wiring.namespaceOf(account))).size > 1) return;
      const account = near[0]!;
      const elsewhere = wiring.namespaceOf(account)!;
      context.report({
        doc: workload.doc,
        span: text.span,
        message: lines(
          workload.operator
            ? headline`This ${workload.objectKind} uses service account ${namespace}/${name}, but ${name} is in ${elsewhere}.`
            : headline`This ${workload.objectKind} runs in namespace ${namespace}, but service account ${name} is in ${elsewhere}.`,
          workload.operator
            ? 'External Secrets finds no such service account, and gets no credentials.'
            : line`Kubernetes rejects its pods: "error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found".`,
          line`Put both in the same namespace. The service account with a role is in ${fileName(account.doc.uri)}.`,
        ),
        related: [
          { at: { doc: account.doc, span: account.name?.span ?? account.head }, message: line`The service account in ${elsewhere}` },
        ],
        fixes: moves(workload, account, namespace, elsewhere),
      });
    },
  },
};

/** Annotated, in the same deployment, and in the same folder or one beside, above or below it. */
function isCandidate(account: ServiceAccountFact, workload: WorkloadFact, { wiring }: RuleContext): boolean {
  const [a, b] = [account.doc.uri, workload.doc.uri];
  if (account.requestedBy) return false;
  if (wiring.identitiesOf(account).some(({ name }) => name !== literal(account.name))) return false;
  return account.roleArn !== undefined && !account.open && !isTemplate(account) && !wiring.namespaceIsOverwritten?.(a) && areClose(a, b);
}

function areClose(uriA: string, uriB: string): boolean {
  const [a, b] = [filePath(uriA).folders, filePath(uriB).folders];
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared++;
  return a.length - shared <= 1 && b.length - shared <= 1;
}

function isTemplate(fact: ServiceAccountFact | WorkloadFact): boolean {
  return filePath(fact.doc.uri).folders.includes('templates') || (fact.kind === 'serviceAccount' && fact.origin === 'values');
}

function moves(workload: WorkloadFact, account: ServiceAccountFact, namespace: string, elsewhere: string): Fix[] {
  const fixes: Fix[] = [];
  if (workload.namespace)
    fixes.push({
      title:
        workload.objectKind === 'ClusterSecretStore'
          ? line`Change the namespace of serviceAccountRef to ${elsewhere}`
          : line`Move this ${workload.objectKind} to namespace ${elsewhere}`,
      safe: false,
      edits: [rewrite(workload.doc, workload.namespace, elsewhere)],
    });
  if (account.namespace)
    fixes.push({
      title: line`Move the service account to namespace ${namespace}`,
      safe: false,
      edits: [rewrite(account.doc, account.namespace, namespace)],
    });
  return fixes;
}
