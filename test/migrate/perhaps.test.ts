import { expect, it } from 'vitest';
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
  assume_role_policy = jsonencode(${trust(irsaStatement('system:serviceaccount:web:web')).trim()})
}
`,
};
const web = { accounts: [{ namespace: 'web', name: 'web' }] };

it('an account that only the policy names is perhaps that of a chart, and the plan names its annotation', () => {
  expect(planLines(files)).toEqual([
    'web/web → web: not-started can-move [identity-unknown]',
    'web → web: not-started unknown [identity-unknown!]',
  ]);
  const [first] = plan(hostOf(files), { direction: 'to-pod-identity' }).accounts;
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
  expect(after['iam/web.tf']).not.toContain('AssumeRoleWithWebIdentity');
});

it('an annotation of an account with another name is not its own', () => {
  const other = { ...files, ...chart('worker') };
  expect(planLines(other)[0]).toBe('web/web → web: not-started can-move [account-not-in-files]');
  const { files: expanded } = stepped(other, { step: 'expand', ...web });
  expect(stepped(expanded, { step: 'contract', ...web }).result.refused).toEqual([]);
});

it('an unknown namespace makes no wildcard of an exact subject', () => {
  expect(planLines(files).join('\n')).not.toContain('wildcard-subject');
  const pattern = { ...files, 'iam/web.tf': files['iam/web.tf']!.replace('web:web', '*:web').replace('StringEquals', 'StringLike') };
  expect(planLines(pattern).join('\n')).toContain('wildcard-subject');
});
