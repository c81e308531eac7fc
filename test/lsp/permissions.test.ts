import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodeLens, Hover, MarkupContent } from 'vscode-languageserver-protocol/node';
import { connectAws } from '../../server/src/aws/load';
import { LspClient } from '../support/lspClient';
import { describeWithMoto, motoAccount, startMoto, type Moto } from '../support/moto';

const examples = ['k8s/service-accounts.yaml', 'iam/demo-role/trust-policy.json', 'pod-roles.yaml', 'pod-roles.snapshot.json'];
const example = (path: string): string => readFileSync(join(import.meta.dirname, '../../examples', path), 'utf8');

interface Shown {
  title: string;
  text: string;
  uri: string;
}
interface Page {
  title: string;
  text: string;
  roleArn: string;
  links: { uri: string }[];
  grants: { statement: { uri: string } }[];
}

async function hoverOn(client: LspClient, path: string, marked: string): Promise<string> {
  const at = await client.open(path, marked);
  const hover = await client.at<Hover | null>('textDocument/hover', at);
  await client.close(path);
  return (hover?.contents as MarkupContent | undefined)?.value ?? '';
}

describe('permissions from the snapshot of the examples, with no account', () => {
  let client: LspClient;
  const path = 'k8s/service-accounts.yaml';
  const roleArn = 'arn:aws:iam::481516234212:role/demo-role';
  beforeAll(async () => {
    client = await LspClient.start({ files: Object.fromEntries(examples.map((file) => [file, example(file)])) });
  });
  afterAll(() => client.stop());

  it('stand on the annotation', async () => {
    const text = await hoverOn(client, path, example(path).replace(roleArn, `${roleArn.slice(0, -3)}‸ole`));
    expect(text).toContain('Reads the demo bucket and the demo queue');
    expect(text).toContain('| Permissions | list | read | write | permissions |');
    expect(text).toMatch(/Boundary: workload\\-boundary/);
    expect(text).toContain('Snapshot of 2026\\-11\\-20');
  });

  it('are counted in the lens', async () => {
    await client.open(path, example(path));
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: client.uri(path) } });
    expect(lenses.map((lens) => lens.command!.title).find((title) => title.includes('demo-role'))).toMatch(
      / \d+ list, \d+ read, \d+ write(, \d+ \w+)* actions?/,
    );
    await client.close(path);
  });

  it('are a page whose links lead to documents', async () => {
    const page = await client.request<Page>('podRoles/permissions', { roleArn });
    expect(page).toMatchObject({ title: 'Permissions of demo-role', roleArn });
    const documents = [...page.links, ...page.grants.map(({ statement }) => statement)]
      .filter(({ uri }) => uri.startsWith('pod-roles-aws:'))
      .map(({ uri }) => uri);
    expect(documents.length).toBeGreaterThan(2);
    for (const uri of new Set(documents)) {
      const shown = await client.request<Shown>('podRoles/policyDocument', { uri });
      expect(JSON.parse(shown.text)).toMatchObject({ Version: '2012-10-17' });
    }
  });

  it('are asked by place, too, and a sentence says why there are none', async () => {
    const at = await client.open(path, example(path).replace('name: demo-sa', 'name: demo‸-sa'));
    expect(
      await client.request('podRoles/permissions', { uri: at.uri, position: { line: at.line, character: at.character } }),
    ).toMatchObject({ title: 'Permissions of demo-role' });
    expect(await client.request('podRoles/permissions', { roleArn: 'arn:aws:iam::481516234212:role/gone' })).toEqual({
      message: 'Account 481516234212 has no role of this name.',
    });
    expect(await client.request('podRoles/policyDocument', { arn: 'arn:aws:iam::aws:policy/Gone' })).toHaveProperty('message');
    expect(await client.request('podRoles/policyDocument', { uri: 'file:///etc/hostname' })).toEqual({
      message: "This isn't a document from AWS.",
    });
  });
});

describeWithMoto('permissions from AWS itself', () => {
  let moto: Moto;
  let client: LspClient;
  const saved = { ...process.env };
  const roleArn = `arn:aws:iam::${motoAccount}:role/eks/queue-role`;
  const account = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: queue
  namespace: demo
  annotations:
    eks.amazonaws.com/role-arn: ${roleArn.slice(0, -4)}‸role
`;
  beforeAll(async () => {
    moto = await startMoto();
    process.env = { ...saved, ...moto.env };
    const { writer } = await connectAws();
    await writer.createRole({
      name: 'queue-role',
      path: '/eks/',
      description: '[AWS](command:workbench.action.quit)',
      trustPolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] }],
      }),
    });
    await writer.putRolePolicy(
      'queue-role',
      'queue',
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'], Resource: '*' }],
      }),
    );
    client = await LspClient.start({ files: { 'sa.yaml': account.replace('‸', '') } });
  });
  afterAll(async () => {
    await client?.stop();
    process.env = saved;
    await moto?.stop();
  });

  it('are not asked for before the opt-in', async () => {
    const text = await hoverOn(client, 'sa.yaml', account);
    expect(text).toContain('queue\\-role');
    expect(text).not.toContain('| Permissions');
    expect(await client.request('podRoles/permissions', { roleArn })).toMatchObject({
      message: expect.stringContaining('Only AWS knows the permissions'),
    });
  });

  it('stand on the annotation after it, and nothing from AWS becomes a command', async () => {
    await client.request('podRoles/aws/configure', { enabled: true, regions: ['eu-west-1'] });
    let text = '';
    for (let i = 0; i < 40 && !text.includes('| Permissions'); i++) {
      text = await hoverOn(client, 'sa.yaml', account);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(text).toContain('| SQS | – | 1 | 1 | – | on `*` ⚠ any queue |');
    expect(text).not.toContain('](command:workbench');
    expect(text).toContain('\\[AWS\\]\\(command:workbench');
    expect(text).toMatch(/AWS, asked \d{4}\\-\d\d\\-\d\d/);
  });

  it('are a page, and the second hover is instant', async () => {
    expect(await client.request('podRoles/permissions', { roleArn })).toMatchObject({
      text: expect.stringContaining('write (1): sqs:SendMessage'),
    });
    expect(await hoverOn(client, 'sa.yaml', account)).toContain('SQS');
  });
});
