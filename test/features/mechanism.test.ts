import { describe, expect, it } from 'vitest';
import { accessMap } from '../../server/src/core/features/accessMap';
import { lensesOf } from '../../server/src/core/features/codeLens';
import { completionAt } from '../../server/src/core/features/completion/completion';
import { explainAt } from '../../server/src/core/features/explainAt';
import { hoverAt } from '../../server/src/core/features/hover/hover';
import { readSnapshot } from '../../server/src/core/snapshot/read';
import { AwsIndex } from '../../server/src/core/wiring/aws';
import { account, deployment, trust, uriOf, workspaceOf } from '../wiring/build';

const podTrust = (more = '') =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        ...(more ? (JSON.parse(more) as object) : {}),
      },
    ],
  });
const arn = (role: string) => `arn:aws:iam::111122223333:role/${role}`;
const ack = (role: string, name = 'app') =>
  `apiVersion: eks.services.k8s.aws/v1alpha1\nkind: PodIdentityAssociation\nmetadata: {name: a}\nspec: {clusterName: demo, namespace: n, serviceAccount: ${name}, roleARN: "${arn(role)}"}\n`;
const crossplane = (role: string) =>
  `apiVersion: eks.aws.upbound.io/v1beta1\nkind: PodIdentityAssociation\nmetadata: {name: a}\nspec: {forProvider: {clusterName: demo, namespace: n, serviceAccount: app, roleArn: "${arn(role)}"}}\n`;
const cloudformation = (role: string) =>
  `AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  Association:\n    Type: AWS::EKS::PodIdentityAssociation\n    Properties: {ClusterName: demo, Namespace: n, ServiceAccount: app, RoleArn: "${arn(role)}"}\n`;
const eksctl = (role: string) =>
  `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: demo, region: eu-west-1}\niam:\n  podIdentityAssociations:\n  - {namespace: n, serviceAccountName: app, roleARN: "${arn(role)}"}\n`;

const explained = (files: Record<string, string>, path = 'k8s/sa.yaml') => {
  const page = explainAt(workspaceOf(files), uriOf(path), undefined);
  if ('problem' in page) throw new Error(page.problem);
  return page;
};

describe('the role that a pod gets, and how', () => {
  const both = {
    'k8s/sa.yaml': account('app', 'n', 'irsa-role'),
    'k8s/deploy.yaml': deployment('app', 'n'),
    'iam/irsa-role.json': trust('n:app'),
    'iam/pod-role.json': podTrust(),
  };

  it.each([
    ['ACK', ack('pod-role')],
    ['Crossplane', crossplane('pod-role')],
    ['CloudFormation', cloudformation('pod-role')],
    ['eksctl', eksctl('pod-role')],
  ])("is the association's, not the annotation's: %s", (_, association) => {
    const page = explained({ ...both, 'k8s/association.yaml': association });
    expect([page.title, page.answer, page.mechanism, page.role, page.decision]).toEqual([
      'Can n/app assume pod-role?',
      'Yes.',
      'pod-identity',
      arn('pod-role'),
      'allowed',
    ]);
    expect(page.steps.map(({ text }) => text).join('\n')).toContain('The association overrides the annotation');
  });

  it("is the annotation's without an association, and with one for another account", () => {
    expect(explained(both)).toMatchObject({ mechanism: 'irsa', role: arn('irsa-role'), decision: 'allowed' });
    expect(explained({ ...both, 'k8s/association.yaml': ack('pod-role', 'other') })).toMatchObject({ mechanism: 'irsa' });
  });

  it("is the association's for an account without an annotation", () => {
    const sa = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, namespace: n}\n';
    expect(explained({ ...both, 'k8s/sa.yaml': sa, 'k8s/association.yaml': ack('pod-role') })).toMatchObject({
      mechanism: 'pod-identity',
      decision: 'allowed',
    });
  });

  it("is none where the association's role does not trust EKS", () => {
    const page = explained({ ...both, 'iam/pod-role.json': trust('n:app'), 'k8s/association.yaml': ack('pod-role') });
    expect([page.decision, page.answer]).toEqual(['denied', 'No.']);
    const other = explained({
      ...both,
      'iam/pod-role.json': podTrust('{"Condition": {"StringEquals": {"aws:RequestTag/kubernetes-namespace": "other"}}}'),
      'k8s/association.yaml': ack('pod-role'),
    });
    expect(other.decision).toBe('denied');
  });

  it("is the token's for a container that sets web identity by hand", () => {
    const byHand = deployment('app', 'n').replace(
      '[{name: api, image: api}]',
      '[{name: api, image: api, env: [{name: AWS_ROLE_ARN, value: x}, {name: AWS_WEB_IDENTITY_TOKEN_FILE, value: /t}]}]',
    );
    const page = explained({ ...both, 'k8s/deploy.yaml': byHand, 'k8s/association.yaml': ack('pod-role') });
    expect(page.steps.find(({ text }) => text.startsWith('not to container api'))?.mark).toBe(false);
  });

  it("may be the association's where a condition decides", () => {
    const conditional = cloudformation('pod-role').replace('    Type:', '    Condition: WithIt\n    Type:');
    const page = explained({ ...both, 'k8s/association.yaml': conditional });
    expect(page.mechanism).toBe('irsa');
    expect(page.assumptions.join('\n')).toContain('if it applies, it overrides the annotation');
  });

  it("is the annotation's in another cluster than the association's", () => {
    const config = 'clusters: [{name: prod, paths: [k8s/sa.yaml]}]\n';
    expect(explained({ ...both, 'pod-roles.yaml': config, 'aws/association.yaml': ack('pod-role') })).toMatchObject({ mechanism: 'irsa' });
  });

  it("is not known where two roles of the association's name and account answer differently, whatever they are for", () => {
    const document = (policy: string) =>
      JSON.stringify({ Role: { RoleName: 'pod-role', Arn: arn('pod-role'), AssumeRolePolicyDocument: JSON.parse(policy) as object } });
    const nodes = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
    const sa = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, namespace: n}\n';
    const two = (a: string, b: string) =>
      explained({ 'k8s/sa.yaml': sa, 'k8s/association.yaml': ack('pod-role'), 'iam/a.json': document(a), 'iam/b.json': document(b) })
        .decision;
    expect([
      two(podTrust(), podTrust()),
      two(podTrust(), nodes),
      two(nodes, podTrust()),
      two(trust('n:app'), podTrust()),
      two(podTrust(), trust('n:app')),
      two(nodes, trust('n:app')),
      two(nodes, nodes),
    ]).toEqual(['allowed', 'unknown', 'unknown', 'unknown', 'unknown', 'denied', 'denied']);
  });

  it("is not that of an association of AWS in another cluster than the account's", () => {
    const association = {
      id: 'a-1',
      clusterName: 'demo',
      region: 'eu-west-1',
      namespace: 'n',
      serviceAccount: 'app',
      roleArn: arn('pod-role'),
    };
    const { facts, label } = readSnapshot(
      JSON.stringify({
        version: 1,
        accounts: [
          {
            id: '111122223333',
            takenAt: '2026-11-20T09:00:00.000Z',
            regions: ['eu-west-1'],
            roles: [],
            associations: [association],
            clusters: ['demo', 'other'].map((name) => ({ arn: `arn:aws:eks:eu-west-1:111122223333:cluster/${name}` })),
          },
        ],
      }),
    );
    const rows = (cluster: string) => {
      const workspace = workspaceOf({
        'pod-roles.yaml': `clusters: [{name: ${cluster}, paths: [k8s/**]}]\n`,
        'k8s/sa.yaml': account('app', 'n', 'irsa-role'),
        'iam/pod-role.json': podTrust(),
      });
      workspace.setAws(new AwsIndex(facts!, { kind: 'snapshot', label }));
      return accessMap(workspace).map(({ mechanism, hidden }) => `${mechanism} ${hidden ?? false}`);
    };
    expect([rows('demo'), rows('other')]).toEqual([['irsa true', 'pod-identity false'], ['irsa false']]);
  });

  it.each([
    ['without the add-on', { podIdentityAgent: false, autoMode: false }, ", though AWS doesn't have its add-on there"],
    ['with the add-on', { podIdentityAgent: true, autoMode: false }, ''],
    ['of Auto Mode', { podIdentityAgent: false, autoMode: true }, ''],
    ['of which that is not known', {}, ''],
  ])('the assumed agent: a cluster %s', (_, cluster, note) => {
    const { facts, label } = readSnapshot(
      JSON.stringify({
        version: 1,
        accounts: [
          {
            id: '111122223333',
            takenAt: '2026-11-20T09:00:00.000Z',
            regions: ['eu-west-1'],
            clusters: [{ arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/demo', ...cluster }],
            associations: [
              { id: 'a-1', clusterName: 'demo', region: 'eu-west-1', namespace: 'n', serviceAccount: 'app', roleArn: arn('pod-role') },
            ],
          },
        ],
      }),
    );
    const workspace = workspaceOf({ 'k8s/sa.yaml': account('app', 'n', 'irsa-role'), 'iam/pod-role.json': podTrust() });
    workspace.setAws(new AwsIndex(facts!, { kind: 'snapshot', label }));
    const page = explainAt(workspace, uriOf('k8s/sa.yaml'), undefined);
    expect('problem' in page ? page.problem : page.assumptions[0]).toBe(`The EKS Pod Identity agent runs in the cluster${note}.`);
  });

  it('is told by completion in words where eksctl creates the role', () => {
    const workspace = workspaceOf({
      'cluster.yaml':
        'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: demo, region: eu-west-1}\niam:\n  serviceAccounts:\n  - metadata: {name: app, namespace: n}\n',
    });
    const text = deployment('app', 'n');
    workspace.open(uriOf('k8s/deploy.yaml'), text);
    const items = completionAt(
      workspace,
      uriOf('k8s/deploy.yaml'),
      text.indexOf('serviceAccountName: ') + 'serviceAccountName: '.length,
    )?.items;
    expect(items?.map(({ label, detail }) => `${label} ${detail}`)).toEqual(['app namespace n · role created by eksctl']);
  });

  it('is told by lens, hover and map', () => {
    const workspace = workspaceOf({});
    for (const [path, text] of Object.entries({ ...both, 'k8s/association.yaml': ack('pod-role') })) workspace.open(uriOf(path), text);
    expect(lensesOf(workspace, uriOf('k8s/sa.yaml'))[0]?.title).toBe(
      '✓ Can assume pod-role by Pod Identity (overrides irsa-role) · 1 workload',
    );
    const hover = hoverAt(
      workspace,
      uriOf('k8s/deploy.yaml'),
      deployment('app', 'n').indexOf('serviceAccountName: app') + 'serviceAccountName: '.length + 1,
    );
    expect(hover?.markdown).toContain('It overrides the annotation, which has no effect.');
    expect(
      accessMap(workspace).map(
        ({ mechanism, role, hidden, workload, decision }) =>
          `${mechanism} ${role.split('/')[1]} ${hidden ?? false} ${workload?.name} ${decision}`,
      ),
    ).toEqual(['irsa irsa-role true api allowed', 'pod-identity pod-role false api allowed']);
  });

  it('is told of an association whose account is in no file', () => {
    expect(
      accessMap(workspaceOf({ 'a.yaml': ack('pod-role'), 'iam/pod-role.json': podTrust() })).map(
        ({ mechanism, serviceAccount, decision }) => `${mechanism} ${serviceAccount} ${decision}`,
      ),
    ).toEqual(['pod-identity app allowed']);
    expect(explained({ 'a.yaml': ack('pod-role'), 'iam/pod-role.json': podTrust() }, 'a.yaml')).toMatchObject({
      mechanism: 'pod-identity',
      decision: 'allowed',
    });
  });
});
