import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accessesOf } from '../../server/src/core/features/accesses';
import { openWorkspace } from '../support/fixtureWorkspace';
import { disagreements } from './views';
import { runs } from '../support/runs';

const id = '111122223333';
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const other = 'oidc.eks.eu-west-1.amazonaws.com/id/0B1D5E6A7B8C9D0E1F5C7A1D0E9B3F42';
const pick = fc.constantFrom;

interface Case {
  readonly arn: string;
  readonly namespace: string | undefined;
  readonly audience: string | undefined;
  readonly overlays: boolean;
  readonly policy: object;
  readonly place: 'path' | 'beside' | 'document' | 'two' | 'none' | 'config';
  readonly aws: object | undefined;
  readonly association: 'none' | 'file' | 'aws' | 'conditional' | 'file-other' | 'file-no-role';
  readonly tags: boolean;
  readonly annotated: boolean;
  readonly config: string;
}

const web = (condition: object, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${id}:oidc-provider/${issuer}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: condition,
      ...more,
    },
  ],
});
const sub = (subject: string, aud = 'sts.amazonaws.com') => ({
  StringEquals: { [`${issuer}:sub`]: `system:serviceaccount:${subject}`, [`${issuer}:aud`]: aud },
});
const pods = (condition: object = {}) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: { StringEquals: condition },
    },
  ],
});
/** Both mechanisms, as between the two steps of a move. */
const both = (a: { readonly Statement: readonly object[] }, b: { readonly Statement: readonly object[] }) => ({
  Version: '2012-10-17',
  Statement: [...a.Statement, ...b.Statement],
});
const policies = [
  web(sub('n:app')),
  web(sub('n:app')),
  web(sub('n:other')),
  web(sub('dev:app')),
  web(sub('n:app', 'vault')),
  web(sub('NAMESPACE:NAME')),
  web(sub('n:${APP}')),
  web({ StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' } }),
  web({ StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:n:*' } }),
  web(sub('n:app'), { Principal: { Federated: `arn:aws:iam::444455556666:oidc-provider/${issuer}` } }),
  web(sub('n:app'), { Principal: { Federated: `arn:aws-cn:iam::${id}:oidc-provider/${issuer}` } }),
  web(sub('n:app'), { Action: 'sts:AssumeRole' }),
  web(sub('n:app'), { Effect: 'Deny' }),
  web({ StringNotEquals: { [`${issuer}:sub`]: [] } }),
  web({ ...sub('n:app'), IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }),
  both(web(sub('n:app')), pods({ 'aws:RequestTag/kubernetes-namespace': 'n', 'aws:RequestTag/eks-cluster-name': 'demo' })),
  both(pods(), web(sub('n:other'))),
  both(web(sub('n:app')), pods({ 'aws:RequestTag/kubernetes-namespace': '${NAMESPACE}' })),
  pods(),
  pods({ 'aws:RequestTag/kubernetes-namespace': 'n', 'aws:RequestTag/eks-cluster-name': 'demo' }),
  pods({ 'aws:RequestTag/kubernetes-namespace': 'x' }),
  pods({ 'aws:RequestTag/eks-cluster-arn': `arn:aws:eks:eu-west-1:${id}:cluster/demo` }),
  pods({ 'aws:RequestTag/eks-cluster-arn': `arn:aws:eks:us-east-1:${id}:cluster/demo` }),
  pods({ 'aws:SourceAccount': '444455556666' }),
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
];
/** Mostly what is right: one fault then meets no other. */
const policy = fc.oneof({ weight: 2, arbitrary: pick(...policies.slice(0, 2)) }, { weight: 3, arbitrary: pick(...policies) });
const role = (name: string, trust: object | undefined) => ({
  arn: `arn:aws:iam::${id}:role/${name}`,
  ...(trust ? { trustPolicy: trust } : {}),
  detail: false,
});
const aws = fc
  .record({
    own: pick('missing', 'there', 'there', 'unreadable'),
    trust: policy,
    provider: pick('none', 'there', 'there', 'other-audience', 'other-audience-of-some', 'unknown'),
    rolesKnown: fc.boolean(),
  })
  .map(({ own, trust, provider, rolesKnown }) => ({
    roles: own === 'missing' ? [] : [role('app-role', own === 'there' ? trust : undefined), role('pod-role', trust)],
    providers:
      provider === 'there' || provider.startsWith('other-audience')
        ? [{ arn: `arn:aws:iam::${id}:oidc-provider/${issuer}`, clientIds: [provider === 'there' ? 'sts.amazonaws.com' : 'vault'] }]
        : [],
    partial: [
      ...(provider === 'unknown' || provider === 'other-audience-of-some'
        ? [{ action: 'iam:ListOpenIDConnectProviders', reason: 'denied' }]
        : []),
      ...(rolesKnown ? [] : [{ action: 'iam:ListRoles', reason: 'denied' }]),
    ],
  }));

/** All parts by themselves: most of these cases have several faults. */
const anyCase: fc.Arbitrary<Case> = fc.record({
  arn: pick(
    ...Array.from({ length: 10 }, () => `arn:aws:iam::${id}:role/app-role`),
    `arn:aws:iam::${id}:role/team/app-role`,
    'arn:aws:iam::${ACCOUNT}:role/app-role',
    'arn:aws:iam::444455556666:role/app-role',
    `arn:aws-cn:iam::${id}:role/app-role`,
    `arn:aws:iam::${id}:user/app-role`,
    'arn:aws:iam::11112222333:role/app-role',
    'ROLE_ARN',
    'app-role',
  ),
  namespace: pick('n', 'n', undefined),
  audience: pick(undefined, undefined, 'vault', '${AUDIENCE}'),
  overlays: pick(true, false, false),
  policy,
  place: pick('path', 'path', 'beside', 'document', 'two', 'none', 'config'),
  aws: fc.option(aws, { nil: undefined }),
  association: pick('none', 'none', 'file', 'aws', 'conditional', 'file-other', 'file-no-role'),
  tags: pick(true, true, false),
  annotated: pick(true, true, true, false),
  config: pick(
    '',
    '',
    `clusters: [{name: demo, account: "${id}", region: eu-west-1, issuer: ${issuer}, paths: [app/**]}]\n`,
    `clusters: [{name: demo, issuer: ${other}, paths: [app/**]}]\n`,
    'rules: {subject-mismatch: "off", association-role-mismatch: "off", role-not-found: "off"}\n',
  ),
});

/** One cluster, one account and one role that fit, by the annotation or by an association of a file or of AWS. */
const rightCase: fc.Arbitrary<Case> = fc
  .record({
    association: pick('none', 'none', 'file', 'aws'),
    annotated: fc.boolean(),
    overlays: pick(true, false, false, false),
    place: pick('path', 'beside', 'document', 'config', 'two'),
    asked: fc.boolean(),
    known: fc.boolean(),
    conditions: pick(0, 1, 2, 3),
    own: pick('there', 'unreadable'),
    isBoth: pick(true, false, false),
  })
  .map(({ isBoth, association, annotated, overlays, place, asked, known, conditions, own }) => {
    const isPod = association !== 'none';
    const irsa = web(
      overlays
        ? {
            StringEquals: {
              [`${issuer}:sub`]: ['system:serviceaccount:n:app', 'system:serviceaccount:dev:app'],
              [`${issuer}:aud`]: 'sts.amazonaws.com',
            },
          }
        : sub('n:app'),
    );
    const pod = pods(
      (
        [
          {},
          { 'aws:RequestTag/kubernetes-namespace': 'n' },
          { 'aws:SourceAccount': id, 'aws:RequestTag/eks-cluster-name': 'demo' },
          { 'aws:RequestTag/eks-cluster-arn': `arn:aws:eks:eu-west-1:${id}:cluster/demo` },
        ] as const
      )[conditions],
    );
    return {
      arn: `arn:aws:iam::${id}:role/app-role`,
      namespace: 'n',
      audience: undefined,
      overlays,
      policy: isBoth ? both(irsa, pod) : isPod ? pod : irsa,
      place: isPod && place === 'two' ? 'document' : place,
      association,
      tags: true,
      annotated: !isPod || annotated,
      aws:
        asked || association === 'aws'
          ? {
              roles: [role('app-role', own === 'there' ? (isPod ? pod : irsa) : undefined), role('pod-role', pod)],
              providers: [{ arn: `arn:aws:iam::${id}:oidc-provider/${issuer}`, clientIds: ['sts.amazonaws.com'] }],
              partial: [],
            }
          : undefined,
      config: known ? `clusters: [{name: demo, account: "${id}", region: eu-west-1, issuer: ${issuer}, paths: [app/**]}]\n` : '',
    };
  });
/** What fits but for one part. */
const oneFault: fc.Arbitrary<Case> = fc
  .tuple(
    rightCase,
    anyCase,
    pick<keyof Case>(
      'arn',
      'namespace',
      'audience',
      'overlays',
      'policy',
      'policy',
      'policy',
      'policy',
      'policy',
      'place',
      'aws',
      'aws',
      'aws',
      'association',
      'tags',
      'annotated',
      'config',
    ),
  )
  .map(([right, other, part]) => ({ ...right, [part]: other[part] }));
const cases = fc.oneof({ weight: 2, arbitrary: rightCase }, { weight: 5, arbitrary: oneFault }, { weight: 5, arbitrary: anyCase });

function filesOf(c: Case): Map<string, string> {
  const files = new Map<string, string>();
  const annotations = c.annotated
    ? `  annotations:\n    eks.amazonaws.com/role-arn: "${c.arn}"\n${c.audience === undefined ? '' : `    eks.amazonaws.com/audience: "${c.audience}"\n`}`
    : '';
  files.set(
    'app/base/sa.yaml',
    `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n${c.namespace === undefined ? '' : `  namespace: ${c.namespace}\n`}${annotations}`,
  );
  if (c.overlays) {
    files.set('app/base/kustomization.yaml', 'resources: [sa.yaml]\n');
    for (const name of ['dev', 'prod', 'local'])
      files.set(`app/overlays/${name}/kustomization.yaml`, `namespace: ${name === 'prod' ? 'n' : name}\nresources: [../../base]\n`);
  }
  const text = JSON.stringify(c.policy, null, 2);
  const getRole = (name: string, trust: object) =>
    JSON.stringify({ Role: { RoleName: name, Arn: `arn:aws:iam::${id}:role/${name}`, AssumeRolePolicyDocument: trust } });
  if (c.place === 'path') files.set('app/iam/app-role.json', text);
  if (c.place === 'beside') files.set('app/base/trust.json', text);
  if (c.place === 'document') files.set('app/iam/role.json', getRole('app-role', c.policy));
  if (c.place === 'two')
    for (const [i, each] of [c.policy, policies[0]!].entries()) files.set(`app/iam/role${i}.json`, getRole('app-role', each));
  if (c.place === 'config') files.set('app/iam/x.json', text);
  if (c.association === 'file' || c.association === 'conditional' || c.association === 'file-other' || c.association === 'file-no-role') {
    const arn =
      c.association === 'file-no-role'
        ? `arn:aws:iam::${id}:policy/x`
        : `arn:aws:iam::${id}:role/${c.association === 'file-other' ? 'pod-role' : 'app-role'}`;
    files.set(
      'app/base/association.yaml',
      `apiVersion: eks.services.k8s.aws/v1alpha1\nkind: PodIdentityAssociation\nmetadata: {name: a${c.association === 'conditional' ? ', labels: {x: "{{ .Values.x }}"}' : ''}}\nspec: {clusterName: demo, namespace: n, serviceAccount: app, roleARN: "${arn}"${c.tags ? '' : ', disableSessionTags: true'}}\n`,
    );
  }
  if (c.aws) {
    files.set(
      'pod-roles.snapshot.json',
      JSON.stringify({
        version: 1,
        accounts: [
          {
            id,
            partition: 'aws',
            takenAt: '2026-11-20T08:00:00Z',
            policies: [],
            regions: ['eu-west-1'],
            ...c.aws,
            clusters: [{ arn: `arn:aws:eks:eu-west-1:${id}:cluster/demo`, issuer }],
            associations:
              c.association === 'aws'
                ? [
                    {
                      id: 'a-1',
                      clusterName: 'demo',
                      region: 'eu-west-1',
                      namespace: 'n',
                      serviceAccount: 'app',
                      roleArn: `arn:aws:iam::${id}:role/pod-role`,
                      ...(c.tags ? {} : { sessionTagsDisabled: true }),
                    },
                  ]
                : [],
          },
        ],
      }),
    );
  }
  const config = `${c.config}${c.place === 'config' ? 'roles: {app-role: app/iam/x.json}\n' : ''}`;
  if (config !== '') files.set('pod-roles.yaml', config);
  return files;
}

it('every view shows the same verdict, whatever role, policy, association, overlay and snapshot meet', () => {
  const seen = { allowed: 0, denied: 0, unknown: 0 };
  fc.assert(
    fc.property(cases, (c) => {
      const files = filesOf(c);
      const workspace = openWorkspace(files);
      for (const account of workspace.wiring.accounts()) for (const { access } of accessesOf(workspace, account)) seen[access.decision]++;
      expect(
        disagreements(
          workspace,
          [...files.keys()].filter((name) => name !== 'pod-roles.snapshot.json'),
        ),
      ).toEqual([]);
    }),
    { numRuns: runs(400) },
  );
  if (process.env['POD_ROLES_RUNS']) console.log(JSON.stringify(seen));
  // Every answer was put to the test.
  const all = seen.allowed + seen.denied + seen.unknown;
  expect(seen.allowed).toBeGreaterThan(all / 4);
  expect(seen.denied).toBeGreaterThan(all / 3);
  expect(seen.unknown).toBeGreaterThan(all / 10);
}, 300_000);
