import { describe, expect, it } from 'vitest';
import { explainBody } from '../../client/src/views/explain/html';
import { graphOf } from '../../client/src/views/map/graph';
import { mapTable } from '../../client/src/views/map/html';
import { rolesTree } from '../../client/src/views/roles/model';
import { toJson } from '../../server/src/cli/explain/output';
import { noteOf, type AccessRow } from '../../server/src/cli/maps/accessRow';
import { mapFormats } from '../../server/src/cli/maps/registry';
import { accessData } from '../../server/src/core/features/accessData';
import { accessMap } from '../../server/src/core/features/accessMap';
import { lensesOf } from '../../server/src/core/features/codeLens';
import { explainPage, explainText } from '../../server/src/core/features/explain';
import { explainAt } from '../../server/src/core/features/explainAt';
import { hoverAt } from '../../server/src/core/features/hover/hover';
import { readSnapshot } from '../../server/src/core/snapshot/read';
import { AwsIndex } from '../../server/src/core/wiring/aws';
import { disagreements } from '../agreement/views';
import { openWorkspace } from '../support/fixtureWorkspace';
import { account, deployment, issuer, uriOf, workspaceOf } from '../wiring/build';

/*
 * What people see between the two steps of a move from IRSA to EKS Pod Identity. The facts: at admission the association
 * overrides the annotation, and running pods keep what they have (amazon-eks-pod-identity-webhook).
 */

const id = '111122223333';
const arn = (role: string) => `arn:aws:iam::${id}:role/${role}`;
const irsa = (subject = 'n:app') => ({
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::${id}:oidc-provider/${issuer}` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: `system:serviceaccount:${subject}` } },
});
const pods = (namespace = 'n', name = 'app', cluster = 'demo') => ({
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Condition: {
    StringEquals: {
      'aws:SourceAccount': id,
      'aws:RequestTag/eks-cluster-name': cluster,
      'aws:RequestTag/kubernetes-namespace': namespace,
      'aws:RequestTag/kubernetes-service-account': name,
    },
  },
});
const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2);
const association = (role: string) =>
  `apiVersion: eks.services.k8s.aws/v1alpha1\nkind: PodIdentityAssociation\nmetadata: {name: a}\nspec: {clusterName: demo, namespace: n, serviceAccount: app, roleARN: "${arn(role)}"}\n`;
const plainAccount = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, namespace: n}\n';

function seen(files: Record<string, string>) {
  const workspace = workspaceOf({});
  const all = { 'k8s/sa.yaml': account('app', 'n', 'demo-role'), 'k8s/deploy.yaml': deployment('app', 'n'), ...files };
  for (const [path, text] of Object.entries(all)) workspace.open(uriOf(path), text);
  const page = explainAt(workspace, uriOf('k8s/sa.yaml'), undefined);
  if ('problem' in page) throw new Error(page.problem);
  const shown = explainPage(page, ({ doc, span }) => {
    const at = workspace.position(doc, span.start)!;
    return { label: `${doc.uri.split('/').pop()!}:${at.line + 1}`, uri: doc.uri, ...at };
  });
  const text = all['k8s/sa.yaml'];
  const hover = hoverAt(workspace, uriOf('k8s/sa.yaml'), text.indexOf('name: app') + 'name: '.length)?.markdown ?? '';
  const at = text.indexOf('arn:aws');
  return {
    workspace,
    page,
    text: explainText(shown),
    html: explainBody({ ...shown, text: '' }).text,
    lens: lensesOf(workspace, uriOf('k8s/sa.yaml'))[0]?.title,
    policyLens: lensesOf(workspace, uriOf('iam/demo-role.json'))[0],
    hover: hover.replace(/\\/g, ''),
    card: (at < 0 ? '' : (hoverAt(workspace, uriOf('k8s/sa.yaml'), at)?.markdown ?? '')).replace(/\\/g, ''),
    map: accessMap(workspace),
    findings: workspace.check(uriOf('k8s/sa.yaml')).map(({ rule, level, message }) => ({ rule, level, message })),
    disagreements: disagreements(openWorkspace(new Map(Object.entries(all))), Object.keys(all)),
  };
}

describe('an annotation and an association with the same role, both allowed', () => {
  const both = seen({ 'iam/demo-role.json': policy(irsa(), pods()), 'k8s/association.yaml': association('demo-role') });

  it('is a move in progress: lens, on both sides', () => {
    expect(both.lens).toBe('✓ Can assume demo-role (moving: EKS Pod Identity overrides IRSA) · 1 workload');
    expect(both.policyLens?.title).toBe('✓ Allows n/app (moving: EKS Pod Identity overrides IRSA)');
    expect(both.policyLens?.places.map(({ doc }) => doc.uri)).toEqual([uriOf('k8s/sa.yaml'), uriOf('k8s/association.yaml')]);
  });

  it('shows both mechanisms with their verdicts, and which overrides', () => {
    expect(both.page).toMatchObject({ decision: 'allowed', mechanism: 'pod-identity', mechanisms: { moving: true } });
    expect(both.text).toContain('✓ EKS Pod Identity (in effect)  Can assume demo-role  association.yaml:2');
    expect(both.text).toContain('✓ IRSA (overridden)             Can assume demo-role  sa.yaml:7');
    expect(both.text).toContain('overrides the annotation for pods started after it; running pods keep what they have.');
    expect(both.html).toContain('Moving from IRSA to EKS Pod Identity');
    expect(both.html).toContain('running pods keep what they have');
    // A statement for the other mechanism doesn't fail, and isn't unknown.
    expect(both.html).not.toContain('What is unknown');
    expect(both.hover).toContain('✓ Can assume demo-role (moving: EKS Pod Identity overrides IRSA)');
    expect(both.hover).toContain('IRSA alone: can assume demo-role.');
    expect(both.card).toContain('running pods keep what they have');
  });

  it('is told at info, with how the move ends', () => {
    expect(both.findings).toMatchObject([{ rule: 'association-hides-annotation', level: 'info' }]);
    expect(both.findings[0]!.message).toContain('To end the move: restart the workloads, remove the annotation');
  });

  it('is in the map, once as what is in effect', () => {
    expect(both.map.map(({ mechanism, hidden, moving, other }) => [mechanism, hidden, moving, other?.mechanism, other?.decision])).toEqual([
      ['irsa', true, undefined, undefined, undefined],
      ['pod-identity', undefined, true, 'irsa', 'allowed'],
    ]);
    expect(both.disagreements).toEqual([]);
    const { rows } = accessData(both.workspace, ({ doc }) => ({ label: 'x:1', uri: doc.uri, line: 0, character: 0 }));
    expect(graphOf(rows, {}, 'none').edges.map(({ title }) => title)).toContain(
      'n/app can assume demo-role by Pod Identity, moving from IRSA',
    );
    expect(mapTable(rows, {}).text).toContain('Pod Identity, moving from IRSA');
    const accounts = (filter: string) => rolesTree({ rows }, filter).flatMap(({ children }) => children.flatMap((role) => role.children));
    expect(accounts('moving').map(({ label, description }) => [label, description])).toEqual([
      ['n/app', 'moving from IRSA to Pod Identity'],
    ]);
    expect(noteOf({ mechanism: 'pod-identity', moving: true } as never)).toBe(' (Pod Identity, moving from IRSA)');
  });

  it('the overridden annotation has its own verdict in the map, and no mark', () => {
    expect(both.map.map(({ hidden, decision, reason }) => [hidden, decision, reason])).toEqual([
      [true, 'allowed', undefined],
      [undefined, 'allowed', undefined],
    ]);
    const row = { serviceAccount: 'app', namespace: 'n', path: 'sa.yaml', line: 1, role: 'demo-role' };
    const rows: AccessRow[] = [{ ...row, mechanism: 'irsa', hidden: true, decision: 'allowed' }];
    const written = mapFormats.filter(({ id }) => id !== 'json').map((format) => format.write(rows));
    for (const text of written) {
      expect(text).toContain('overridden (can assume)');
      expect(text).not.toContain('✓');
    }
    const data = accessData(both.workspace, ({ doc }) => ({ label: 'x:1', uri: doc.uri, line: 0, character: 0 }));
    expect(mapTable(data.rows, {}).text).toContain('overridden (can assume)');
  });

  it('is told to scripts', () => {
    expect(toJson(both.page, ({ doc }) => ({ path: doc.uri, line: 1, column: 1 }))).toMatchObject({
      decision: 'allowed',
      mechanism: 'pod-identity',
      moving: true,
      mechanisms: [
        { mechanism: 'pod-identity', standing: 'in-effect', role: 'demo-role', decision: 'allowed', place: { line: 1 } },
        { mechanism: 'irsa', standing: 'overridden', role: 'demo-role', decision: 'allowed', place: { line: 1 } },
      ],
    });
  });
});

it('IRSA no longer works where the trust policy has been contracted before the annotation left', () => {
  const late = seen({ 'iam/demo-role.json': policy(pods()), 'k8s/association.yaml': association('demo-role') });
  expect(late.lens).toBe('✓ Can assume demo-role (moving: IRSA no longer works) · 1 workload');
  expect(late.text).toMatch(/^✗ IRSA \(overridden\)/m);
  expect(late.text).toContain('To end the move, remove the annotation.');
  expect(late.findings).toMatchObject([{ rule: 'association-hides-annotation', level: 'info' }]);
  expect(late.findings[0]!.message).toContain("IRSA no longer works: principal doesn't match");
  expect(late.disagreements).toEqual([]);
});

it("warns where the association's role doesn't allow EKS Pod Identity, though IRSA would work", () => {
  const early = seen({ 'iam/demo-role.json': policy(irsa()), 'k8s/association.yaml': association('demo-role') });
  expect(early.page).toMatchObject({ decision: 'denied', mechanisms: { moving: false } });
  expect(early.lens).toBe("✗ Can't assume demo-role by Pod Identity: principal isn't pods.eks.amazonaws.com (overrides IRSA) · 1 workload");
  expect(early.findings).toMatchObject([{ rule: 'association-hides-annotation', level: 'warning' }]);
  expect(early.findings[0]!.message).toContain("New pods can't assume demo-role by EKS Pod Identity");
  expect(early.text).toContain('Running pods that use IRSA keep their access until they restart.');
  expect(early.policyLens?.title).toBe("✗ Doesn't allow n/app");
  expect(early.disagreements).toEqual([]);
});

it('warns where the two name different roles', () => {
  const other = seen({
    'iam/demo-role.json': policy(irsa()),
    'iam/pod-role.json': policy(pods()),
    'k8s/association.yaml': association('pod-role'),
  });
  expect(other.lens).toBe('✓ Can assume pod-role by Pod Identity (overrides demo-role) · 1 workload');
  expect(other.policyLens?.title).toBe('overridden by EKS Pod Identity for n/app');
  expect(other.findings).toMatchObject([{ rule: 'association-hides-annotation', level: 'warning' }]);
  expect(other.text).toContain("The annotation names another role, demo-role, which new pods don't get.");
  expect(other.map.some(({ moving }) => moving)).toBe(false);
  expect(other.disagreements).toEqual([]);
});

describe('an expanded trust policy without an association', () => {
  it('is IRSA, and says that the policy also allows EKS Pod Identity', () => {
    const expanded = seen({ 'iam/demo-role.json': policy(irsa(), pods()) });
    expect(expanded.lens).toBe('✓ Can assume demo-role (IRSA; the trust policy also allows EKS Pod Identity) · 1 workload');
    expect(expanded.policyLens?.title).toBe('✓ Allows n/app (IRSA; the trust policy also allows EKS Pod Identity)');
    expect(expanded.text).toContain('✓ EKS Pod Identity (no association)  The trust policy allows it  demo-role.json:1');
    expect(expanded.text).toContain('Until there is an association, pods use IRSA.');
    expect(expanded.card).toContain('The trust policy also allows EKS Pod Identity.');
    expect(expanded.map[0]).toMatchObject({ mechanism: 'irsa', other: { mechanism: 'pod-identity', standing: 'policy-only' } });
    expect(expanded.findings).toEqual([]);
    expect(expanded.disagreements).toEqual([]);
  });

  it.each([
    ['of another account', pods('n', 'other')],
    ['of another namespace', pods('other', 'app')],
    ['of another service', { ...pods(), Principal: { Service: 'ec2.amazonaws.com' } }],
    ['without TagSession', { ...pods(), Action: 'sts:AssumeRole' }],
    ['that denies', { ...pods(), Effect: 'Deny' }],
  ])('says nothing of a statement %s', (_, statement) => {
    const view = seen({ 'iam/demo-role.json': policy(irsa(), statement) });
    expect(view.lens).toBe('✓ Can assume demo-role · 1 workload');
    expect(view.page.mechanisms).toBeUndefined();
  });

  it('says nothing of a statement whose conditions are a placeholder but that it may', () => {
    const view = seen({ 'iam/demo-role.json': policy(irsa(), pods('${NAMESPACE}')) });
    expect(view.lens).toBe('✓ Can assume demo-role · 1 workload');
    expect(view.text).toContain('? EKS Pod Identity (no association)  The trust policy may allow it');
  });

  it('says what is missing where only EKS Pod Identity is allowed', () => {
    const view = seen({ 'iam/demo-role.json': policy(pods()) });
    expect(view.page.decision).toBe('denied');
    expect(view.text).toContain('Create the association, or let the trust policy allow the annotation.');
    expect(view.disagreements).toEqual([]);
  });
});

describe('a contracted account', () => {
  it('says that the trust policy still allows IRSA, until it does not', () => {
    const files = { 'k8s/sa.yaml': plainAccount, 'k8s/association.yaml': association('demo-role') };
    const left = seen({ ...files, 'iam/demo-role.json': policy(irsa(), pods()) });
    expect(left.lens).toBe('✓ Can assume demo-role by Pod Identity (the trust policy also allows IRSA) · 1 workload');
    expect(left.text).toContain('If the move is over, remove the OIDC provider statement from the trust policy.');
    const done = seen({ ...files, 'iam/demo-role.json': policy(pods(), irsa('n:other')) });
    expect(done.lens).toBe('✓ Can assume demo-role by Pod Identity · 1 workload');
    expect(done.page.mechanisms).toBeUndefined();
    const github = { ...irsa(), Principal: { Federated: `arn:aws:iam::${id}:oidc-provider/token.actions.githubusercontent.com` } };
    expect(seen({ ...files, 'iam/demo-role.json': policy(pods(), github) }).page.mechanisms).toBeUndefined();
  });
});

it('an association that a condition decides is shown as one that may override', () => {
  const view = seen({
    'iam/demo-role.json': policy(irsa(), pods()),
    'k8s/association.yaml': `AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  Association:\n    Type: AWS::EKS::PodIdentityAssociation\n    Condition: WithIt\n    Properties: {ClusterName: demo, Namespace: n, ServiceAccount: app, RoleArn: "${arn('demo-role')}"}\n`,
  });
  expect(view.lens).toBe('✓ Can assume demo-role · 1 workload');
  expect(view.text).toMatch(/^\? EKS Pod Identity \(if the association applies\)/m);
  expect(view.text).toContain('If the association applies, it overrides the annotation');
  expect(view.disagreements).toEqual([]);
});

it('accounts of one trust policy are told apart by how far they are', () => {
  const view = seen({
    'iam/demo-role.json': policy(irsa(), irsa('n:cart'), pods()),
    'k8s/cart.yaml': account('cart', 'n', 'demo-role'),
    'k8s/association.yaml': association('demo-role'),
  });
  expect(view.policyLens?.title).toBe('✓ Allows n/cart and n/app (moving to EKS Pod Identity: n/app)');
  expect(view.disagreements).toEqual([]);
});

it.each([
  [
    'eksctl',
    'cluster.yaml',
    `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: demo, region: eu-west-1}
addons:
  - name: aws-ebs-csi-driver
    serviceAccountRoleARN: ${arn('demo-role')}
    podIdentityAssociations:
      - {serviceAccountName: ebs-csi-controller-sa, namespace: kube-system, roleARN: "${arn('demo-role')}"}
`,
  ],
  [
    'Terraform',
    'main.tf',
    `resource "aws_eks_addon" "ebs" {
  cluster_name             = "demo"
  addon_name               = "aws-ebs-csi-driver"
  service_account_role_arn = "${arn('demo-role')}"
  pod_identity_association {
    service_account = "ebs-csi-controller-sa"
    role_arn        = "${arn('demo-role')}"
  }
}
`,
  ],
])('an add-on that names both mechanisms is no move in progress: %s', (_, path, text) => {
  const trust = policy(irsa('kube-system:ebs-csi-controller-sa'), pods('kube-system', 'ebs-csi-controller-sa'));
  const workspace = workspaceOf({});
  workspace.open(uriOf('iam/demo-role.json'), trust);
  workspace.open(uriOf(path), text);
  expect(lensesOf(workspace, uriOf(path))[0]?.title).toBe('✓ Can assume demo-role by Pod Identity (overrides IRSA)');
  const [finding] = workspace.check(uriOf(path)).filter(({ rule }) => rule === 'association-hides-annotation');
  expect(finding?.level).toBe('warning');
  expect(finding?.message).toContain('One add-on names both mechanisms: EKS uses the association only, and eksctl rejects it.');
});

it('an association of AWS for the same role is told on the side of the trust policy, too', () => {
  const workspace = workspaceOf({
    'k8s/sa.yaml': account('app', 'n', 'demo-role'),
    'iam/demo-role.json': policy(irsa(), pods()),
    'pod-roles.yaml': 'clusters: [{name: demo, paths: [k8s/**]}]\n',
  });
  const association = {
    id: 'a-1',
    clusterName: 'demo',
    region: 'eu-west-1',
    namespace: 'n',
    serviceAccount: 'app',
    roleArn: arn('demo-role'),
  };
  const { facts, label } = readSnapshot(
    JSON.stringify({
      version: 1,
      accounts: [
        {
          id,
          takenAt: '2026-11-20T09:00:00.000Z',
          regions: ['eu-west-1'],
          roles: [{ arn: arn('demo-role'), detail: false }],
          providers: [{ arn: `arn:aws:iam::${id}:oidc-provider/${issuer}`, clientIds: ['sts.amazonaws.com'] }],
          associations: [association],
          clusters: [{ arn: `arn:aws:eks:eu-west-1:${id}:cluster/demo` }],
        },
      ],
    }),
  );
  workspace.setAws(new AwsIndex(facts!, { kind: 'snapshot', label }));
  expect(lensesOf(workspace, uriOf('iam/demo-role.json'))[0]?.title).toBe('✓ Allows n/app (moving: EKS Pod Identity overrides IRSA)');
  expect(lensesOf(workspace, uriOf('k8s/sa.yaml'))[0]?.title).toBe('✓ Can assume demo-role (moving: EKS Pod Identity overrides IRSA)');
});

it('roles of one name in two accounts are two roles', () => {
  const view = seen({
    'iam/demo-role.json': policy(irsa()),
    'k8s/association.yaml': association('demo-role').replace(id, '444455556666'),
  });
  expect(view.findings).toMatchObject([{ rule: 'association-hides-annotation', level: 'warning' }]);
  expect(view.map.some(({ moving }) => moving)).toBe(false);
});

it('in Terraform, an annotation by ARN and an association by reference are one role', () => {
  const view = seen({
    'k8s/sa.yaml': account('app', 'n', 'demo-role'),
    'infra/main.tf': `
resource "aws_iam_role" "demo" {
  name = "demo-role"
  assume_role_policy = jsonencode(${policy(irsa(), pods())})
}
resource "aws_eks_pod_identity_association" "demo" {
  cluster_name    = "demo"
  namespace       = "n"
  service_account = "app"
  role_arn        = aws_iam_role.demo.arn
}
`,
  });
  expect(view.lens).toBe('✓ Can assume demo-role (moving: EKS Pod Identity overrides IRSA) · 1 workload');
  expect(view.findings).toMatchObject([{ rule: 'association-hides-annotation', level: 'info' }]);
});

it('the map draws nothing as in effect that an association gives only if it applies', () => {
  const workspace = workspaceOf({});
  const all = {
    'k8s/sa.yaml': account('app', 'n', 'demo-role'),
    'platform/association.yaml': `${association('other-role')}---\n${account('cart', 'n', 'cart-role')}`,
    'iam/demo-role.json': policy(irsa()),
    'iam/other-role.json': policy(irsa()),
  };
  for (const [path, text] of Object.entries(all)) workspace.open(uriOf(path), text);
  const { rows } = accessData(workspace, ({ doc, span }) => ({ label: 'x:1', uri: doc.uri, line: 0, character: span.start }));
  const own = rows.filter(({ serviceAccount }) => serviceAccount === 'app');
  expect(own.map(({ mechanism, perhaps, decision }) => [mechanism, perhaps, decision])).toEqual([
    ['irsa', undefined, 'allowed'],
    ['pod-identity', true, 'denied'],
  ]);
  for (const given of [own, [...own].reverse()]) {
    const { nodes, edges } = graphOf(given, {}, 'none');
    expect(nodes.map(({ label, decision }) => [label, decision]).sort()).toEqual([
      ['demo-role', 'allowed'],
      ['n/app', 'allowed'],
      ['other-role', undefined],
    ]);
    expect(edges.flatMap(({ verdict }) => verdict ?? []).sort()).toEqual(['allowed', 'perhaps']);
    expect(mapTable(given, {}).text).toContain('if the association applies (can');
    expect(mapTable(given, {}).text).not.toContain('✗');
  }
  expect(rolesTree({ rows: own }).map(({ decision }) => decision)).toEqual(['allowed']);
  const row = { serviceAccount: 'app', namespace: 'n', path: 'sa.yaml', line: 1, role: 'other-role' };
  const written: AccessRow[] = [{ ...row, mechanism: 'pod-identity', perhaps: true, decision: 'denied' }];
  for (const format of mapFormats.filter(({ id }) => id !== 'json')) {
    expect(format.write(written)).toContain("if the association applies (can't assume)");
    expect(format.write(written)).not.toContain('✗');
  }
});

it('the map marks an account whose annotation is overridden, with what the association gives', () => {
  const both = seen({ 'iam/demo-role.json': policy(irsa(), pods()), 'k8s/association.yaml': association('demo-role') });
  const { rows } = accessData(both.workspace, ({ doc }) => ({ label: 'x:1', uri: doc.uri, line: 0, character: 0 }));
  const marked = graphOf(rows, {}, 'none').nodes.filter(({ column }) => column === 1 || column === 2);
  expect(marked.map(({ label, decision }) => [label, decision])).toEqual([
    ['n/app', 'allowed'],
    ['demo-role', 'allowed'],
  ]);
});
