import { describe, expect, it } from 'vitest';
import { findingsOf } from '../support/fixtureWorkspace';
import { plan } from '../../server/src/core/migrate/chunk';
import { hostOf, planLines, stepped, workspaceOf, type Files } from './host';

const cluster = (iam: string, rest = ''): Files => ({
  'cluster.yaml': `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: prod
  region: eu-west-1
iam:
  withOIDC: true
${iam}${rest}`,
});

const entry = (more: string): string => `  serviceAccounts:
    - metadata:
        name: cache
        namespace: backend
${more}      wellKnownPolicies:
        autoScaler: true
`;

const manifest = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: cache
  namespace: backend
`;

const addons = `addons:
  - name: vpc-cni
`;

const expand = (files: Files) => stepped(files, { step: 'expand' });
const associationIn = (files: Files): string => /  podIdentityAssociations:[^]*?(?=^\S|$(?![^]))/m.exec(files['cluster.yaml']!)?.[0] ?? '';
const rulesIn = (files: Files): string[] => findingsOf(workspaceOf(files), Object.keys(files)).map(({ rule, level }) => `${level} ${rule}`);

describe('an account that a manifest annotates with the role that eksctl makes for IRSA', () => {
  const files: Files = {
    ...cluster(entry('      roleName: cache\n      roleOnly: true\n')),
    'k8s/sa.yaml': `${manifest}  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/cache\n`,
  };

  it('gets no association with that role, which EKS rejects', () => {
    const after = expand(files);
    expect(rulesIn(after.files).filter((each) => each.startsWith('error'))).toEqual([]);
    expect(planLines(files)).toEqual(['backend/cache → cache: not-started cannot-move [policy-not-editable!]']);
    expect(after.result.refused[0]?.reason).toContain('give the service account an association in iam.podIdentityAssociations');
    expect(after.files).toEqual(files);
    // What the reason says to do.
    const own = cluster(
      entry('      roleName: cache\n      roleOnly: true\n'),
      '  podIdentityAssociations:\n    - {namespace: backend, serviceAccountName: cache, roleName: cache-pods, wellKnownPolicies: {autoScaler: true}}\n',
    );
    expect(planLines({ ...own, 'k8s/sa.yaml': manifest })[0]).toMatch(/ can-move/);
  });

  it('keeps its annotation while its association gives a role that does not allow it', () => {
    const wrong: Files = {
      ...files,
      ...cluster(
        entry('      roleName: cache\n      roleOnly: true\n'),
        `  podIdentityAssociations:
    - namespace: backend
      serviceAccountName: cache
      roleARN: arn:aws:iam::111122223333:role/cache
`,
      ),
    };
    const { result, files: after } = stepped(wrong, { step: 'contract' });
    expect(result.accounts).toEqual([]);
    expect(result.refused).toEqual([{ account: 'backend/cache', reason: expect.stringContaining('makes this role for IRSA') as string }]);
    expect(after).toEqual(wrong);
  });
});

describe('an account that eksctl creates, and its role', () => {
  it('is created by the association afterwards, with a role of another name', () => {
    const { files, result } = expand(cluster(entry('      roleName: cache\n')));
    expect(result.refused).toEqual([]);
    expect(associationIn(files)).toBe(`  podIdentityAssociations:
    - namespace: backend
      serviceAccountName: cache
      createServiceAccount: true
      roleName: cache-pod-identity
      wellKnownPolicies:
        autoScaler: true
`);
    const after = stepped(files, { step: 'contract' });
    expect(after.result.refused).toEqual([]);
    expect(after.files['cluster.yaml']).not.toContain('serviceAccounts:');
    expect(associationIn(after.files)).toContain('createServiceAccount: true');
    expect(planLines(after.files)).toEqual(['backend/cache → cache-pod-identity: done can-move']);
    expect(stepped(files, { step: 'undo' }).files).toEqual(cluster(entry('      roleName: cache\n')));
  });

  it.each([
    ['a manifest defines it', { ...cluster(entry('')), 'k8s/cache.yaml': manifest }, false],
    ['the entry is for the role alone', { ...cluster(entry('      roleOnly: true\n')), 'k8s/cache.yaml': manifest }, undefined],
    ['nothing else creates it', cluster(entry('')), true],
    ['another namespace has one of its name', { ...cluster(entry('')), 'k8s/cache.yaml': manifest.replace('backend', 'other') }, true],
  ] as const)('is created by the association only if nothing else does: %s', (_, files, creates) => {
    const association = associationIn(expand(files).files);
    if (creates === undefined) expect(association).not.toContain('createServiceAccount');
    else expect([association !== '', association.includes('createServiceAccount: true')]).toEqual([true, creates]);
  });

  it.each([
    ['cache', 'cache-pod-identity'],
    ['"Cache"', 'Cache-pod-identity-2', 'cache-pod-identity'],
    ['r'.repeat(51), `${'r'.repeat(51)}-pod-identity`],
    ['r'.repeat(52), undefined],
  ])('has a role name that is free: %s', (name, expected, other?: string) => {
    const more =
      other === undefined
        ? ''
        : `    - metadata: {name: x, namespace: y}\n      roleName: ${other}\n      attachRoleARN: arn:aws:iam::111122223333:role/x\n`;
    const { files } = expand(cluster(`${entry(`      roleName: ${name}\n`)}${more}`));
    expect(associationIn(files)).toContain('serviceAccountName: cache');
    expect(/roleName: (\S+)/.exec(associationIn(files))?.[1]).toBe(expected);
  });

  it('keeps its entry while no association creates it', () => {
    const association = `  podIdentityAssociations:
    - namespace: backend
      serviceAccountName: cache
      wellKnownPolicies:
        autoScaler: true
`;
    const files = cluster(entry('') + association);
    const { result, files: after } = stepped(files, { step: 'contract' });
    expect(result.refused).toEqual([{ account: 'backend/cache', reason: expect.stringContaining('createServiceAccount: true') }]);
    expect(after).toEqual(files);
    const defined = stepped({ ...files, 'k8s/cache.yaml': manifest }, { step: 'contract' });
    expect([defined.result.refused, defined.files['cluster.yaml']]).toEqual([[], cluster(association)['cluster.yaml']]);
  });

  it('is moving between the steps, without a warning about what the step wrote', () => {
    expect(rulesIn(expand(cluster(entry('      roleName: cache\n'), addons)).files)).toEqual(['info association-hides-annotation']);
    expect(rulesIn(expand(cluster(entry(''))).files)).toEqual(['info association-hides-annotation']);
  });

  it('is a warning where the two roles have other policies, or any policy is unknown', () => {
    const { files } = expand(cluster(entry('      roleName: cache\n'), addons));
    const text = files['cluster.yaml']!;
    const at = text.lastIndexOf('autoScaler: true');
    for (const instead of [
      'certManager: true',
      'autoScaler: false',
      'autoScaler: true\n        certManager: true',
      'autoScaler: true\n      permissionPolicyARNs: [arn:aws:iam::aws:policy/AdministratorAccess]',
      'autoScaler: true\n      permissionPolicy: *p',
    ])
      expect(rulesIn({ 'cluster.yaml': text.slice(0, at) + instead + text.slice(at + 'autoScaler: true'.length) })).toEqual([
        'warning association-hides-annotation',
      ]);
  });
});

describe('the agent, which associations of eksctl need', () => {
  it('is added to the list of add-ons that lacks it, once', () => {
    const two =
      entry('') +
      `    - metadata: {name: orders, namespace: backend}
      attachPolicyARNs: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
`;
    const { files, result } = expand(cluster(two, addons));
    expect(result.accounts).toEqual(['backend/cache', 'backend/orders']);
    expect(files['cluster.yaml']!.endsWith(`addons:\n  - name: vpc-cni\n  - name: eks-pod-identity-agent\n`)).toBe(true);
    expect(files['cluster.yaml']!.match(/eks-pod-identity-agent/g)).toHaveLength(1);
    expect(rulesIn(files).filter((each) => each.includes('agent'))).toEqual([]);
  });

  it.each([
    ['no list', ''],
    ['an empty list', 'addons: []\n'],
    ['a list with it', 'addons:\n  - name: eks-pod-identity-agent\n'],
    ['EKS Auto Mode', `${addons}autoModeConfig:\n  enabled: true\n`],
    ['a name that an anchor gives', 'addons:\n  - name: &a vpc-cni\n  - *b\n'],
  ])('is not added to %s', (_, rest) => {
    const { files } = expand(cluster(entry(''), rest));
    expect(files['cluster.yaml']!.endsWith(rest)).toBe(true);
    expect(associationIn(files)).not.toBe('');
  });
});

describe('what to do next', () => {
  const next = (files: Files, step: 'expand' | 'contract' | 'undo'): string => stepped(files, { step }).result.next.join('\n');

  it('says what to run, that there are two roles, and what eksctl deletes', () => {
    const files = cluster(entry('      roleName: cache\n'), addons);
    const text = next(files, 'expand');
    expect(text).toContain('Run eksctl create podidentityassociation -f cluster.yaml.');
    expect(text).toContain('eksctl create addon -f cluster.yaml');
    expect(text).toContain('New pods get the new role, not cache');
    expect(text).not.toContain('Deploy the trust policies');
    const after = expand(files).files;
    const contract = next(after, 'contract');
    expect(contract).toContain('kubectl label serviceaccount cache -n backend app.kubernetes.io/managed-by-');
    expect(contract).toContain('eksctl delete iamserviceaccount --cluster prod --region eu-west-1 --namespace backend --name cache');
    expect(next(after, 'undo')).toContain('eksctl delete podidentityassociation --cluster prod --region eu-west-1 --namespace backend --service-account-name cache'); // prettier-ignore
  });

  it('has the commands of every account', () => {
    const two = entry('').replace('    - metadata', '    - metadata:\n        name: index\n        namespace: backend\n      wellKnownPolicies:\n        externalDNS: true\n    - metadata'); // prettier-ignore
    const after = expand(cluster(two)).files;
    expect(next(after, 'contract')).toContain(
      'Run: eksctl delete iamserviceaccount --cluster prod --region eu-west-1 --namespace backend --name cache && eksctl delete iamserviceaccount --cluster prod --region eu-west-1 --namespace backend --name index\n',
    );
    expect(next(after, 'undo')).toContain('kubectl label serviceaccount cache -n backend app.kubernetes.io/managed-by- && kubectl label serviceaccount index -n backend'); // prettier-ignore
    const many = Array.from({ length: 12 }, (_, i) => `    - metadata: {name: a${i}, namespace: backend}\n      wellKnownPolicies: {externalDNS: true}\n`).join(''); // prettier-ignore
    const text = next(expand(cluster(`  serviceAccounts:\n${many}`)).files, 'contract');
    expect(text.match(/eksctl delete iamserviceaccount --cluster/g)).toHaveLength(10);
    expect(text).toContain(', and the same for 2 more service accounts\n');
  });

  it('says that labels and annotations of the entry are lost, where nothing else creates the account', () => {
    const labelled = (more: string): Files =>
      cluster(entry('').replace('        namespace: backend\n', `        namespace: backend\n${more}`));
    const lost = 'The labels and annotations in the metadata of backend/cache have no place in an association';
    for (const more of ['        labels: {team: a}\n', '        annotations:\n          note: b\n']) {
      const files = labelled(more);
      expect(next(files, 'expand')).toContain(lost);
      const after = expand(files).files;
      expect(next(after, 'contract')).toContain(lost);
      expect(next(after, 'undo')).not.toContain(lost);
      expect(next({ ...files, 'k8s/sa.yaml': manifest }, 'expand')).not.toContain(lost);
    }
    for (const more of ['', '        labels: {}\n']) expect(next(labelled(more), 'expand')).not.toContain('metadata');
  });

  it('has nothing about trust policies where only an annotation in a manifest and the role of an entry leave', () => {
    const files: Files = {
      ...cluster(
        entry('      roleName: cache\n      roleOnly: true\n') +
          `  podIdentityAssociations:
    - namespace: backend
      serviceAccountName: cache
      roleName: cache-pod-identity
      wellKnownPolicies:
        autoScaler: true
`,
      ),
    };
    const contract = next(files, 'contract');
    expect(contract).toContain('Remove them where they are set, before the role for IRSA is deleted.');
    expect(contract).not.toContain('trust policies');
  });

  it('names the files as a shell takes them, with their folders', () => {
    const { 'cluster.yaml': text } = cluster(entry(''));
    expect(next({ 'infra/my clusters/blue.yaml': text! }, 'expand')).toContain(" -f 'infra/my clusters/blue.yaml'.");
    expect(next({ "it's $(x).yaml": text! }, 'expand')).toContain(`-f 'it'\\''s $(x).yaml'.`);
  });
});

describe('an entry of iam.serviceAccounts in the plan', () => {
  it('is a service account without an annotation of its own or a trust policy in the file', () => {
    const files = cluster(entry('      roleName: cache\n'));
    const [found] = plan(hostOf(files), { direction: 'to-pod-identity' }).accounts;
    expect(found!.places.map(({ label }) => label)).toEqual(['service account']);
  });

  it('stays where its role is there already and nothing else creates the account', () => {
    const own = entry('').replace(/ {6}wellKnown[^]*/, '      attachRoleARN: arn:aws:iam::111122223333:role/cache\n');
    const association =
      '  podIdentityAssociations:\n    - namespace: backend\n      serviceAccountName: cache\n      roleARN: arn:aws:iam::111122223333:role/cache\n';
    const policy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}]}`;
    const files = { ...cluster(own + association), 'iam/cache/trust-policy.json': policy };
    const { result, files: after } = stepped(files, { step: 'contract' });
    expect(result.refused).toEqual([{ account: 'backend/cache', reason: expect.stringContaining('createServiceAccount: true') }]);
    expect(after).toEqual(files);
  });
});
