import { expect, test } from 'vitest';
import { explainAt } from '../../server/src/core/features/explainAt';
import { account, deployment, uriOf, workspaceOf } from '../wiring/build';

const association = `apiVersion: eks.services.k8s.aws/v1alpha1
kind: PodIdentityAssociation
metadata: {name: a}
spec: {clusterName: demo, namespace: n, serviceAccount: app, roleARN: "arn:aws:iam::111122223333:role/demo-role"}
`;

function words(config: string) {
  const workspace = workspaceOf({ 'pod-roles.yaml': config });
  const files = {
    'apps/sa.yaml': account('app', 'n', 'demo-role') + '---\n' + deployment('app', 'n'),
    'platform/association.yaml': association + '---\n' + account('cart', 'n', 'demo-role'),
  };
  for (const [path, text] of Object.entries(files)) workspace.open(uriOf(path), text);
  const page = explainAt(workspace, uriOf('apps/sa.yaml'), undefined);
  if ('problem' in page) throw new Error(page.problem);
  return { standing: page.mechanisms?.answers.map((each) => each.standing), words: page.mechanisms?.words };
}

test("why it is unknown whether an association is the account's, and how to make it known", () => {
  const cluster = 'clusters:\n  - name: demo\n    issuer: oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF0123456789ABCDEF0123456789\n';
  const open = words(cluster);
  expect(open.standing).toEqual(['in-effect', 'perhaps']);
  expect(open.words?.[0]).toContain('different folders');
  expect(open.words?.[0]).toContain("Add the service account's folder to the paths of cluster demo in pod-roles.yaml.");
  // The advice does what it says.
  expect(words(`${cluster}    paths: ["apps/**"]\n`).standing).toEqual(['in-effect', 'overridden']);
});
