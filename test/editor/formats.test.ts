import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { fakeRenderers } from '../support/fakeRenderers';
import { mistake, trustPolicy } from './support/article';
import { editorSession } from './support/session';
import { waitFor } from './support/workbench';

const role = 'arn:aws:iam::481516234212:role/demo-role';
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const terraform = `resource "aws_iam_role" "demo" {
  name = "demo-role"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::481516234212:oidc-provider/${issuer}" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = { "${issuer}:sub" = "system:serviceaccount:demo/demo-sa", "${issuer}:aud" = "sts.amazonaws.com" } }
    }]
  })
}
`;

describe('what people write besides manifests and JSON', () => {
  const bin = join(inject('editorData'), 'bin');
  beforeAll(() => fakeRenderers(bin, ['helm']));
  afterAll(() => rmSync(bin, { recursive: true, force: true }));
  const session = editorSession({
    'README.md': `# Setup\n\nThe trust policy:\n\n\`\`\`json\n${trustPolicy(mistake)}\`\`\`\n`,
    'iam/role.tf': terraform,
    'app/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n',
    'app/values.yaml': `serviceAccount:\n  name: demo-sa\n  roleArn: ${role.replace('role/', 'user/')}\n`,
    'app/templates/sa.yaml':
      'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {{ .Values.serviceAccount.name }}\n  annotations:\n    eks.amazonaws.com/role-arn: {{ .Values.serviceAccount.roleArn }}\n',
  });

  it('a mistake in Terraform is told', async () => {
    const { workbench } = session;
    await workbench.openFile('iam/role.tf');
    await waitFor(
      () => workbench.problems(),
      (found) => found.some((text) => text.includes('subject-malformed')),
      'the slash is reported',
    );
    await workbench.screenshot('terraform');
  });

  it('a fence of Markdown is read, and told as information alone', async () => {
    const { workbench } = session;
    await workbench.openFile('README.md');
    const found = await waitFor(
      () => workbench.problems(),
      (all) => all.some((text) => text.includes('subject-under-audience-key')),
      'the mistake of the example is told',
    );
    expect(found.filter((text) => text.includes('subject-under-audience-key'))).toHaveLength(1);
    await workbench.screenshot('markdown');
  });

  it('Check Rendered Output judges what helm makes, at its place in the values', async () => {
    const { workbench } = session;
    await workbench.run('Pod Roles: Check Rendered Output');
    await waitFor(
      () => workbench.notifications(),
      (all) => all.length > 0,
      'the summary is shown',
    );
    await workbench.openFile('app/values.yaml');
    await waitFor(
      () => workbench.problems(),
      (found) => found.some((text) => text.includes('role-arn-malformed')),
      'the ARN is reported',
    );
    await workbench.screenshot('rendered');
  });
});
