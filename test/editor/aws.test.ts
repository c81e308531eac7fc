import { mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { CreateClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { GetRoleCommand, IAMClient, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { describeWithMoto, startMoto, type Moto } from '../support/moto';
import { editorSession } from './support/session';
import { answer, rows, step } from './support/wizard';
import { until, waitFor } from './support/workbench';

const account = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: demo-sa
  namespace: demo-namespace
`;
const placeholders = `{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": { "Federated": "arn:aws:iam::[ACCOUNT_ID]:oidc-provider/[OIDC_ID]" },
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": { "StringEquals": { "[OIDC_ID]:sub": "system:serviceaccount:demo-namespace:other" } }
  }]
}
`;

/** From opt-in to the green lens, with nothing but a cluster in the account. */
describeWithMoto('AWS in the editor', () => {
  let moto: Moto;
  let iam: IAMClient;
  beforeAll(async () => {
    moto = await startMoto({ managedPolicies: true });
    const home = join(inject('editorData'), 'home', '.aws');
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, 'config'),
      `[default]\nregion = eu-west-1\nendpoint_url = ${moto.url}\naws_access_key_id = testing\naws_secret_access_key = testing\n`,
    );
    const client = { endpoint: moto.url, region: 'eu-west-1', credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } };
    iam = new IAMClient(client);
    await new EKSClient(client).send(
      new CreateClusterCommand({
        name: 'demo-cluster',
        roleArn: 'arn:aws:iam::123456789012:role/eks',
        resourcesVpcConfig: { subnetIds: ['subnet-1'] },
      }),
    );
  });
  afterAll(() => moto?.stop());
  const session = editorSession({ 'k8s/sa.yaml': account, 'iam/other-role/trust.json': placeholders });

  it('asks once whether AWS may be asked, and then fetches the OIDC ID', async () => {
    const { workbench } = session;
    await workbench.openFile('iam/other-role/trust.json');
    await workbench.run('Pod Roles: Fetch Cluster OIDC ID');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    expect(await dialog.textContent()).toContain('Allow Pod Roles to query AWS, to list your clusters');
    await workbench.press('Enter');
    const shown = await waitFor(
      () => rows(workbench),
      (all) => all.some((row) => row.includes('Copy the provider ARN')),
      'the result is shown',
    );
    await workbench.screenshot('aws-oidc');
    expect(shown.find((row) => row.includes('copy the issuer'))).toMatch(/^oidc\.eks\.eu-west-1\.amazonaws\.com\/id\/\w+/);
    expect(shown.join('\n')).toContain('No OpenIDConnect provider found in your account');
    const input = workbench.quickInput();
    await input.fill('Replace 2 placeholders in iam/other-role/trust.json');
    await waitFor(
      () => rows(workbench),
      (all) => all.length === 1,
      'the replacement is chosen',
    );
    await workbench.press('Enter');
    // Nothing is changed before the preview is accepted.
    await step(workbench, /look through the preview/i);
    await workbench.screenshot('aws-oidc-replace');
    await waitFor(
      () => rows(workbench),
      (all) => all[0]?.startsWith('Replace 2 placeholders') ?? false,
      'the replacement is offered',
    );
    expect(session.workspace.read('iam/other-role/trust.json')).toBe(placeholders);
    await workbench.press('Enter');
    await waitFor(
      () => workbench.visibleText(),
      (text) => !text.includes('[OIDC_ID]') && text.includes('"Version"'),
      'the placeholders are gone',
    );
    await workbench.press('Control+s');
    const issuer = shown.find((row) => row.includes('copy the issuer'))!.split(',')[0]!;
    await until(
      () => Promise.resolve(session.workspace.read('iam/other-role/trust.json').includes(`"${issuer}:sub"`)),
      'the issuer is put in',
    );
    expect(session.workspace.read('iam/other-role/trust.json')).toContain(`"arn:aws:iam::123456789012:oidc-provider/${issuer}"`);
    expect(await workbench.notifications()).toEqual([]);
  });

  it('generates the pair, shows everything, writes and applies it', async () => {
    const { workbench, workspace } = session;
    await workbench.openFile('k8s/sa.yaml');
    await workbench.run('Pod Roles: Generate Role and ServiceAccount');
    await step(workbench, /\(1\/6\)/);
    await answer(workbench);
    await step(workbench, /\(2\/6\)/);
    await waitFor(
      () => rows(workbench),
      (all) => all.some((row) => row.includes('demo-cluster')),
      'the cluster is offered',
    );
    await answer(workbench);
    await step(workbench, /\(3\/6\)/);
    expect((await rows(workbench))[0]).toContain('demo-namespace/demo-sa');
    await answer(workbench);
    await step(workbench, /\(4\/6\)/);
    await answer(workbench, 'demo-role');
    await step(workbench, /\(5\/6\)/);
    await workbench.quickInput().fill('AmazonS3ReadOnly');
    await waitFor(
      () => rows(workbench),
      (all) => all.some((row) => row.startsWith('AmazonS3ReadOnlyAccess')),
      'the policy is found',
    );
    await workbench.press('ArrowDown', 'Space');
    await workbench.screenshot('aws-wizard-permissions');
    await answer(workbench);
    await step(workbench, /\(6\/6\)/);
    await workbench.quickInput().fill('Apply');
    await workbench.press('ArrowDown', 'Space');
    await answer(workbench);
    await step(workbench, /look through the preview/);
    await workbench.screenshot('aws-wizard-preview');
    const choices = await rows(workbench);
    expect(choices[0]).toMatch(/^Write \d files? and make \d calls/);
    expect(existsSync(join(workspace.folder, 'iam/demo-role/trust-policy.json'))).toBe(false);
    await answer(workbench);
    await until(
      () =>
        iam.send(new GetRoleCommand({ RoleName: 'demo-role' })).then(
          () => true,
          () => false,
        ),
      'the role exists',
    );
    await until(
      async () => readFileSync(join(workspace.folder, 'k8s/sa.yaml'), 'utf8').includes('arn:aws:iam::123456789012:role/demo-role'),
      'the annotation is written',
    );
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'demo-role' }));
    expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toContain('system:serviceaccount:demo-namespace:demo-sa');
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'demo-role' }));
    expect(AttachedPolicies!.map(({ PolicyName }) => PolicyName)).toEqual(['AmazonS3ReadOnlyAccess']);
    expect(readFileSync(join(workspace.folder, 'k8s/sa.yaml'), 'utf8')).toContain('name: demo-sa');
  });

  it('the lens turns green and the hover shows what the role may do', async () => {
    const { workbench } = session;
    await workbench.openFile('k8s/sa.yaml');
    await waitFor(
      () => workbench.lenses(),
      (lenses) => lenses.some((text) => text.startsWith('✓ Can assume demo-role')),
      'the lens says yes',
    );
    await workbench.goTo({ line: 7, column: 40 });
    const hover = await waitFor(
      () => workbench.hover(),
      (text) => text.includes('S3'),
      'the permissions are shown',
    );
    await workbench.screenshot('aws-hover');
    expect(hover).toContain('AmazonS3ReadOnlyAccess');
    await workbench.press('Escape');
    await workbench.run('Pod Roles: Show Role Permissions');
    await waitFor(
      () => workbench.view().locator('#grants').textContent(),
      (text) => text?.includes('s3:GetObject') === true,
      'the view is shown',
    );
    await workbench.screenshot('aws-permissions-page');
  });
});
