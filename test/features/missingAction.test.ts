import { expect, test } from 'vitest';
import { explainAccount } from '../../server/src/core/features/explain';
import { Workspace } from '../../server/src/core/workspace/workspace';

/* EKS Pod Identity needs sts:AssumeRole and sts:TagSession, of one statement or of two. */

const pods = (action: string) => `{ "Effect": "Allow", "Principal": { "Service": "pods.eks.amazonaws.com" }, "Action": "${action}" }`;
const byRole = (action: string) =>
  `{ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111122223333:role/demo" }, "Action": "${action}" }`;
const role = (name: string, ...statements: readonly string[]) =>
  `{ "Role": { "RoleName": "${name}", "Arn": "arn:aws:iam::111122223333:role/${name}",
  "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [${statements.join(',')}] } } }`;
const files = (target: string) => `apiVersion: v1
kind: ServiceAccount
metadata: {name: app, namespace: shop}
---
apiVersion: eks.services.k8s.aws/v1alpha1
kind: PodIdentityAssociation
metadata: {name: app}
spec: {clusterName: demo, namespace: shop, serviceAccount: app, roleARN: "arn:aws:iam::111122223333:role/demo"${target}}
`;

function steps(texts: readonly string[], target = '') {
  const workspace = new Workspace({ log: (message) => expect(message).toBe('') });
  texts.forEach((text, i) => workspace.load(`file:///r/${i}.json`, text));
  workspace.load('file:///r/sa.yaml', files(target));
  const fact = workspace.wiring.facts('file:///r/sa.yaml').find(({ kind }) => kind === 'serviceAccount');
  if (fact?.kind !== 'serviceAccount') throw new Error('no account');
  const { decision, steps: found } = explainAccount(workspace, fact);
  return [
    decision,
    ...found.flatMap(({ text, label, mark }) =>
      /statement \d/.test(text) || label === 'Action' ? [`${label ?? 'statement'} ${mark}`] : [],
    ),
  ];
}

test('a statement without sts:TagSession is what fails, where no other has it', () => {
  expect(steps([role('demo', pods('sts:AssumeRole'))])).toEqual(['denied', 'statement false', 'Action false']);
});

test('two statements with one action each are both right', () => {
  expect(steps([role('demo', pods('sts:AssumeRole'), pods('sts:TagSession'))])).toEqual([
    'allowed',
    'statement true',
    'Action true',
    'statement true',
    'Action true',
  ]);
});

test('the same of the target role', () => {
  const own = role('demo', pods('sts:AssumeRole'), pods('sts:TagSession'));
  const target = ', targetRoleARN: "arn:aws:iam::111122223333:role/target"';
  expect(steps([own, role('target', byRole('sts:AssumeRole'))], target)).toEqual([
    'denied',
    ...['statement true', 'Action true', 'statement true', 'Action true'],
    ...['statement false', 'Action false'],
  ]);
});

test('where the answer is yes, a statement for other principals has no mark; where it is no, it is marked', () => {
  const github =
    '{ "Effect": "Allow", "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }, "Action": "sts:AssumeRoleWithWebIdentity" }';
  const deny = '{ "Effect": "Deny", "Principal": { "AWS": "arn:aws:iam::111122223333:role/x" }, "Action": "sts:AssumeRole" }';
  const both = [pods('sts:AssumeRole'), pods('sts:TagSession')];
  expect(steps([role('demo', github, ...both, deny)])).toEqual([
    'allowed',
    'statement undefined',
    ...['statement true', 'Action true', 'statement true', 'Action true'],
    'statement true',
  ]);
  expect(steps([role('demo', github, both[0]!)])).toEqual(['denied', 'statement false', 'statement false', 'Action false']);
});
