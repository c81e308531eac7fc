import { describe, expect, it } from 'vitest';
import { plan } from '../../server/src/core/migrate/chunk';
import { hostOf, planLines, stepped, type Files } from './host';
import { irsaStatement, roleArn, settings, trust } from './repositories';

/** A chart whose account is in the namespace of the release. */
const chart = (name: string): Files => ({
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'charts/web/templates/sa.yaml': `apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .Values.serviceAccount.name }}
  namespace: {{ .Release.Namespace }}
  annotations:
    {{- toYaml .Values.serviceAccount.annotations | nindent 4 }}
`,
  'charts/web/values.yaml': `serviceAccount:
  name: ${name}
  annotations:
    eks.amazonaws.com/role-arn: ${roleArn('web')}
`,
});

const files: Files = {
  'pod-roles.yaml': settings(),
  ...chart('web'),
  'iam/web.tf': `resource "aws_iam_role" "web" {
  name               = "web"
  assume_role_policy = jsonencode(${trust(irsaStatement(['system:serviceaccount:web:web', 'system:serviceaccount:other:web'])).trim()})
}
`,
};
const web = { accounts: [{ namespace: 'web', name: 'web' }] };

it('an account that only the policy names is perhaps that of a chart, and the plan names its annotation', () => {
  expect(planLines(files)).toEqual([
    'other/web → web: not-started can-move [identity-unknown]',
    'web/web → web: not-started can-move [identity-unknown]',
    'web → web: not-started unknown [identity-unknown!]',
  ]);
  const [, first] = plan(hostOf(files), { direction: 'to-pod-identity' }).accounts;
  expect(first!.reasons[0]!.message).toContain('perhaps web/web');
  expect(first!.reasons[0]!.at?.doc.uri).toMatch(/charts\/web\/values\.yaml$/);
});

it('its subject stays until that annotation is gone', () => {
  const { result, files: expanded } = stepped(files, { step: 'expand', ...web });
  expect(result.refused).toEqual([]);
  const contracted = stepped(expanded, { step: 'contract', ...web });
  expect(contracted.files).toEqual(expanded);
  expect(contracted.result.refused).toEqual([
    { account: 'web/web', reason: expect.stringMatching(/^The annotation at charts\/web\/values\.yaml:4 requests the role/) as string },
  ]);
  const without: Files = { ...expanded, 'charts/web/values.yaml': 'serviceAccount:\n  name: web\n  annotations: {}\n' };
  const { result: done, files: after } = stepped(without, { step: 'contract', ...web });
  expect(done.refused).toEqual([]);
  expect(after['iam/web.tf']).toContain('system:serviceaccount:other:web');
  expect(after['iam/web.tf']).not.toContain('system:serviceaccount:web:web');
});

it('an annotation of an account with another name is not its own', () => {
  const other = { ...files, ...chart('worker') };
  expect(planLines(other)[1]).toBe('web/web → web: not-started can-move [account-not-in-files]');
  const { files: expanded } = stepped(other, { step: 'expand', ...web });
  expect(stepped(expanded, { step: 'contract', ...web }).result.refused).toEqual([]);
});

describe('the only account that the trust policy allows', () => {
  const only: Files = {
    ...files,
    'iam/web.tf': `resource "aws_iam_role" "web" {
  name               = "web"
  assume_role_policy = jsonencode(${trust(irsaStatement(['system:serviceaccount:web:web', 'system:serviceaccount:web:cart'])).trim()})
}
`,
  };

  it('is that of the annotation, and moves with it', () => {
    expect(planLines(only)).toEqual([
      'web/cart → web: not-started can-move [account-not-in-files]',
      'web/web → web: not-started can-move [identity-unknown]',
    ]);
    expect(plan(hostOf(only), { direction: 'to-pod-identity' }).accounts[1]!.reasons[0]!.message).toBe(
      'Assumption: this annotation is that of web/web, because the trust policy of web allows no other service account that it can be.',
    );
    const { result, files: expanded } = stepped(only, { step: 'expand', ...web });
    expect(result.refused).toEqual([]);
    const { result: done, files: after } = stepped(expanded, { step: 'contract', ...web });
    expect(done.refused).toEqual([]);
    expect(after['charts/web/values.yaml']).toBe('serviceAccount:\n  name: web\n');
    expect(after['iam/web.tf']).not.toContain('system:serviceaccount:web:web');
    expect(after['iam/web.tf']).toContain('system:serviceaccount:web:cart');
    expect(stepped(expanded, { step: 'undo', ...web }).files).toEqual(only);
  });

  it.each([
    ['by a pattern', ['system:serviceaccount:web:web', 'system:serviceaccount:*:web'], 'StringLike'],
    ['in two namespaces', ['system:serviceaccount:web:web', 'system:serviceaccount:shop:web'], 'StringEquals'],
    ['of another name alone', ['system:serviceaccount:web:cart'], 'StringEquals'],
  ])('is not told by a policy that allows accounts %s', (_, subjects, operator) => {
    const policy = trust(irsaStatement(subjects, undefined, operator)).trim();
    const others = {
      ...only,
      'iam/web.tf': `resource "aws_iam_role" "web" {\n  name = "web"\n  assume_role_policy = jsonencode(${policy})\n}\n`,
    };
    expect(planLines(others).at(-1)).toMatch(/^web → web: not-started unknown \[identity-unknown!/);
  });
});

describe('an annotation with a role that may be that of a policy', () => {
  const account = (environment: string): string =>
    `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web\n  namespace: web\n  annotations:\n    eks.amazonaws.com/role-arn: ${roleArn(`web-${environment}`)}\n`;
  const named: Files = {
    'pod-roles.yaml': settings(),
    'k8s/dev/sa.yaml': account('dev'),
    'k8s/prod/sa.yaml': account('prod'),
    'iam/web.tf': `variable "environment" {}\n\n${files['iam/web.tf']!.replace('name               = "web"', 'name               = "web-${var.environment}"').replace(',\n          "system:serviceaccount:other:web"', '')}`,
  };

  it('is no other role, and stays until somebody removes it', () => {
    const codes = planLines(named).filter((line) => line.startsWith('web/web'));
    expect(codes.map((line) => line.replace(/^.*: not-started /, '')).sort()).toEqual([
      'can-move [identity-unknown]',
      'unknown [role-not-found!]',
      'unknown [role-not-found!]',
    ]);
    const { accounts } = plan(hostOf(named), { direction: 'to-pod-identity' });
    const messages = accounts
      .filter(({ namespace }) => namespace === 'web')
      .flatMap(({ reasons }) => reasons.map(({ message }) => message));
    expect(messages).toContain('The annotation requests web-dev, which may be this role. The last step, contract, needs it removed first.');
    expect(messages.filter((message) => message.startsWith("It isn't certain that this trust policy is the role's: the name of its role depends on values"))).toHaveLength(2); // prettier-ignore
    const { files: expanded } = stepped(named, { step: 'expand', ...web });
    expect(expanded['iam/web.tf']).toContain('aws_eks_pod_identity_association');
    const { result, files: after } = stepped(expanded, { step: 'contract', ...web });
    expect(after).toEqual(expanded);
    expect(result.refused).not.toEqual([]);
  });

  it('is another role where its name cannot be that', () => {
    const other = { ...named, 'k8s/dev/sa.yaml': account('dev').replace('web-dev', 'cart'), 'k8s/prod/sa.yaml': '' };
    expect(planLines(other).filter((line) => line.includes('association-exists!'))).toHaveLength(1);
  });
});

it('an unknown namespace makes no wildcard of an exact subject', () => {
  expect(planLines(files).join('\n')).not.toContain('wildcard-subject');
  const pattern = {
    ...files,
    'iam/web.tf': files['iam/web.tf']!.replace('serviceaccount:web:web', 'serviceaccount:*:web').replace('StringEquals', 'StringLike'),
  };
  expect(planLines(pattern).join('\n')).toContain('wildcard-subject');
});
