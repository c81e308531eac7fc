import { describe, expect, it } from 'vitest';
import type { Fact } from '../../server/src/core/model/facts';
import { formatAddress, parseAddress } from '../../server/src/core/readers/terraformPlan/addresses';
import { describeAccount, only, read } from './support';

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const trust = (subject: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: `system:serviceaccount:${subject}` } },
      },
    ],
  });

type Json = Readonly<Record<string, unknown>>;

/** A resource of a plan's changes. */
function change(address: string, after: Json, more: { unknown?: Json; sensitive?: unknown; actions?: string[] } = {}): Json {
  const steps = parseAddress(address)!;
  const [type, name] = steps.slice(-2);
  const data = steps[steps.length - 3]?.name === 'data';
  return {
    address,
    mode: data ? 'data' : 'managed',
    type: type!.name,
    name: name!.name,
    change: {
      actions: more.actions ?? ['create'],
      before: null,
      after,
      after_unknown: more.unknown ?? {},
      before_sensitive: false,
      after_sensitive: more.sensitive ?? {},
    },
  };
}

function plan(changes: readonly Json[], root: Json = {}, more: Json = {}): string {
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.9.5',
    resource_changes: changes,
    configuration: { root_module: root },
    ...more,
  });
}

const facts = (text: string): Fact[] => read(text, 'infra/plan.json');
const accounts = (text: string): string[] => only(facts(text), 'serviceAccount').map(describeAccount);
const refs = (text: string): unknown[] => only(facts(text), 'serviceAccount').map(({ roleArn }) => roleArn?.value?.refers);
const id = (address: string): string => `terraform file:///infra/plan.json ${address}`;
const role = (name: string, more: Json = {}): Json => ({ name, path: '/', assume_role_policy: trust('shop:app'), ...more });
const serviceAccount = (annotations: Json): Json => ({ metadata: [{ name: 'app', namespace: 'shop', annotations, labels: null }] });
const roleArn = 'eks.amazonaws.com/role-arn';

describe('addresses', () => {
  it.each([
    ['module.irsa["a"].aws_iam_role.this[0].arn', 5],
    ['module.a["x.y[0]\\"]"].b.c', 4],
    ['aws_iam_role.this[*].arn', 3],
    ['', undefined],
    ['a..b', undefined],
    ['a[', undefined],
    ['a["b]', undefined],
    [`a.${'b.'.repeat(9000)}c`, undefined],
  ])('%s', (text, length) => {
    const steps = parseAddress(text);
    expect(steps?.length).toBe(length);
    if (steps) expect(formatAddress(steps)).toBe(text);
  });
});

describe('a plan', () => {
  it('makes roles with their trust policies, each with its address', () => {
    const found = facts(
      plan([change('module.irsa["a"].aws_iam_role.this[0]', role('app', { arn: 'arn:aws:iam::111122223333:role/app' }))]),
    );
    expect(found.map(({ kind, address }) => [kind, address])).toEqual([
      ['role', 'module.irsa["a"].aws_iam_role.this[0]'],
      ['trustPolicy', 'module.irsa["a"].aws_iam_role.this[0]'],
    ]);
    const [made] = only(found, 'role');
    expect([made!.id, made!.name?.value, made!.arn?.value, made!.deployedBy]).toEqual([
      id('module.irsa["a"].aws_iam_role.this[0]'),
      'app',
      'arn:aws:iam::111122223333:role/app',
      ['terraform file:///infra/plan.json'],
    ]);
    const [policy] = only(found, 'trustPolicy');
    expect([policy!.roleIds, policy!.concerns, policy!.roleName?.value]).toEqual([[made!.id], 'irsa', 'app']);
  });

  it('takes what a replacement makes and what does not change, and nothing that is deleted or forgotten', () => {
    const actions = (...all: string[]) => only(facts(plan([change('aws_iam_role.a', role('app'), { actions: all })])), 'role').length;
    expect([actions('delete', 'create'), actions('create', 'delete'), actions('no-op'), actions('update')]).toEqual([1, 1, 1, 1]);
    expect([actions('delete'), actions('forget'), actions()]).toEqual([0, 0, 0]);
    const planned = {
      planned_values: {
        root_module: { resources: [{ address: 'aws_iam_role.a', mode: 'managed', type: 'aws_iam_role', name: 'a', values: role('app') }] },
      },
    };
    expect(only(facts(plan([change('aws_iam_role.a', role('app'), { actions: ['delete'] })], {}, planned)), 'role')).toEqual([]);
    expect(only(facts(plan([], {}, planned)), 'role')).toHaveLength(1);
    expect(only(facts(plan([{ ...change('aws_iam_role.a', role('app')), deposed: '12' }])), 'role')).toEqual([]);
  });

  it('is a state, too, with the modules in it', () => {
    const resource = {
      address: 'module.a.module.b["x"].aws_iam_role.r',
      mode: 'managed',
      type: 'aws_iam_role',
      name: 'r',
      values: role('app'),
    };
    const root_module = {
      resources: [],
      child_modules: [{ address: 'module.a', child_modules: [{ address: 'module.a.module.b["x"]', resources: [resource] }] }],
    };
    const text = JSON.stringify({ format_version: '1.0', terraform_version: '1.9.5', values: { root_module } });
    expect(only(facts(text), 'role').map(({ address }) => address)).toEqual(['module.a.module.b["x"].aws_iam_role.r']);
  });

  it('reads no sensitive value, and says of none what it is', () => {
    const secret = 'arn:aws:iam::111122223333:role/hidden';
    const text = plan([
      change('kubernetes_service_account.a', serviceAccount({ [roleArn]: secret }), {
        sensitive: { metadata: [{ annotations: { [roleArn]: true } }] },
      }),
      change('aws_iam_role.r', role(secret), { sensitive: { name: true, assume_role_policy: true } }),
      change(
        'helm_release.h',
        { name: 'h', values: [`serviceAccount: {name: x, annotations: {${roleArn}: ${secret}}}`] },
        { sensitive: { values: true } },
      ),
      change(
        'kubernetes_manifest.m',
        { manifest: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: secret } } },
        { sensitive: true },
      ),
    ]);
    const found = facts(text);
    expect(JSON.stringify(found)).not.toContain('hidden');
    expect(found.map(({ kind, address }) => `${kind} ${address}`).sort()).toEqual([
      'annotation kubernetes_service_account.a',
      'role aws_iam_role.r',
      'serviceAccount kubernetes_service_account.a',
    ]);
  });

  it('reads values as they are, and no word of theirs as a placeholder', () => {
    const [made] = only(
      facts(plan([change('aws_iam_role.a', role('MY_APP_ROLE', { assume_role_policy: trust('NAMESPACE:${app}') }))])),
      'role',
    );
    expect(made!.name?.holes).toEqual([]);
  });

  it.each([
    ['kubernetes_service_account', 'kubernetes_service_account.a', serviceAccount({ [roleArn]: 'arn:aws:iam::111122223333:role/app' })],
    [
      'kubernetes_service_account_v1',
      'kubernetes_service_account_v1.a["x"]',
      serviceAccount({ [roleArn]: 'arn:aws:iam::111122223333:role/app' }),
    ],
    [
      'kubernetes_manifest',
      'kubernetes_manifest.a',
      {
        manifest: {
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: { name: 'app', namespace: 'shop', annotations: { [roleArn]: 'arn:aws:iam::111122223333:role/app' } },
        },
      },
    ],
    [
      'kubectl_manifest',
      'kubectl_manifest.a',
      {
        yaml_body: `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  namespace: shop\n  annotations:\n    ${roleArn}: arn:aws:iam::111122223333:role/app\n`,
      },
    ],
    [
      'kubernetes_annotations',
      'kubernetes_annotations.a',
      {
        api_version: 'v1',
        kind: 'ServiceAccount',
        metadata: [{ name: 'app', namespace: 'shop' }],
        annotations: { [roleArn]: 'arn:aws:iam::111122223333:role/app' },
      },
    ],
  ])('makes an account with %s', (_, address, after) => {
    const text = plan([change(address, after)]);
    expect(accounts(text)).toEqual(['manifest shop/app arn:aws:iam::111122223333:role/app']);
    expect(only(facts(text), 'annotation').map(({ place }) => place)).toEqual(['service-account']);
  });

  it('puts what names no namespace into default, and finds workloads in their blocks', () => {
    const spec = [
      { template: [{ metadata: [{ labels: { a: 'b' } }], spec: [{ service_account_name: 'app', container: [{ name: 'c', env: [] }] }] }] },
    ];
    const text = plan([
      change('kubernetes_service_account.a', {
        metadata: [{ name: 'app', namespace: null, annotations: { [roleArn]: 'arn:aws:iam::111122223333:role/app' } }],
      }),
      change('kubernetes_deployment_v1.d', { metadata: [{ name: 'd', namespace: 'shop' }], spec }),
    ]);
    expect(accounts(text)).toEqual(['manifest default/app arn:aws:iam::111122223333:role/app']);
    expect(
      only(facts(text), 'workload').map(({ serviceAccountName, namespace, containers }) => [
        serviceAccountName?.value,
        namespace?.value,
        containers.length,
      ]),
    ).toEqual([['app', 'shop', 1]]);
  });

  it('reads a release as one tree of values, in its namespace', () => {
    const release = {
      name: 'app',
      namespace: 'shop',
      values: ['serviceAccount:\n  name: wrong\n', `serviceAccount:\n  annotations:\n    ${roleArn}: arn:aws:iam::111122223333:role/app\n`],
      set: [{ name: 'serviceAccount.name', value: 'app', type: null }],
    };
    expect(accounts(plan([change('helm_release.app', release)]))).toEqual(['values shop/app arn:aws:iam::111122223333:role/app']);
    expect(accounts(plan([change('helm_release.app', { ...release, namespace: null })]))).toEqual([
      'values default/app arn:aws:iam::111122223333:role/app',
    ]);
    expect(accounts(plan([change('helm_release.app', { ...release, namespace: undefined }, { unknown: { namespace: true } })]))).toEqual([
      'values ?/app arn:aws:iam::111122223333:role/app',
    ]);
  });

  it('makes clusters, providers and associations', () => {
    const found = facts(
      plan([
        change('aws_eks_cluster.c', {
          name: 'prod',
          arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod',
          identity: [{ oidc: [{ issuer: `https://${issuer}` }] }],
        }),
        change(
          'aws_iam_openid_connect_provider.p',
          { url: `https://${issuer}`, client_id_list: ['sts.amazonaws.com'] },
          { unknown: { arn: true } },
        ),
        change('aws_eks_pod_identity_association.x', {
          cluster_name: 'prod',
          namespace: 'shop',
          service_account: 'app',
          role_arn: 'arn:aws:iam::111122223333:role/app',
        }),
        change('aws_eks_addon.ebs', {
          cluster_name: 'prod',
          pod_identity_association: [{ role_arn: 'arn:aws:iam::111122223333:role/ebs', service_account: 'ebs-csi-controller-sa' }],
        }),
      ]),
    );
    expect(only(found, 'cluster').map(({ name, region, issuer: url }) => [name?.value, region?.value, url?.value])).toEqual([
      ['prod', 'eu-west-1', `https://${issuer}`],
    ]);
    expect(only(found, 'oidcProvider').map(({ url, arn, clientIds }) => [url?.value, arn, clientIds?.map(({ value }) => value)])).toEqual([
      [`https://${issuer}`, undefined, ['sts.amazonaws.com']],
    ]);
    expect(
      only(found, 'podIdentityAssociation').map(({ namespace, serviceAccount, roleArn: arn }) => [
        namespace?.value,
        serviceAccount?.value,
        arn?.value,
      ]),
    ).toEqual([
      ['shop', 'app', 'arn:aws:iam::111122223333:role/app'],
      [undefined, 'ebs-csi-controller-sa', 'arn:aws:iam::111122223333:role/ebs'],
    ]);
  });
});

/** The configuration of a root module. */
const written = (resources: readonly Json[], calls: Json = {}, outputs: Json = {}): Json => ({ resources, module_calls: calls, outputs });
const resource = (address: string, expressions: Json): Json => ({ address, expressions });
const references = (...all: string[]): Json => ({ references: all });
const unknownArn = { unknown: { arn: true, id: true } };
const unknownAnnotation = { unknown: { metadata: [{ annotations: { [roleArn]: true } }] } };

describe('what only the apply will tell', () => {
  it('is the role that the configuration names, with the ARN as far as the plan tells it', () => {
    const text = plan(
      [change('aws_iam_role.app', role('app'), unknownArn), change('kubernetes_service_account.a', serviceAccount({}), unknownAnnotation)],
      written([
        resource('kubernetes_service_account.a', { metadata: [{ annotations: references('aws_iam_role.app.arn', 'aws_iam_role.app') }] }),
      ]),
    );
    expect(refs(text)).toEqual([{ objects: [id('aws_iam_role.app')], attribute: 'arn', written: 'aws_iam_role.app.arn' }]);
    expect(accounts(text)).toEqual(['manifest shop/app arn:<partition>:iam::<account>:role/app']);
  });

  it('is followed through arguments and outputs of modules, instance by instance', () => {
    const inner = written(
      [],
      {},
      { arn: { expression: references('aws_iam_role.this[0].arn', 'aws_iam_role.this[0]', 'aws_iam_role.this') } },
    );
    const user = written([resource('kubernetes_service_account.a', { metadata: [{ annotations: references('var.role') }] })]);
    const calls = {
      irsa: { source: './irsa', expressions: {}, module: inner },
      app: { source: './app', expressions: { role: references('module.irsa["b"].arn', 'module.irsa["b"]', 'module.irsa') }, module: user },
    };
    const text = plan(
      [
        change('module.irsa["a"].aws_iam_role.this[0]', role('a'), unknownArn),
        change('module.irsa["b"].aws_iam_role.this[0]', role('b'), unknownArn),
        change('module.app.kubernetes_service_account.a', serviceAccount({}), unknownAnnotation),
      ],
      written([], calls),
    );
    expect(refs(text)).toEqual([
      { objects: [id('module.irsa["b"].aws_iam_role.this[0]')], attribute: 'arn', written: 'aws_iam_role.this[0].arn' },
    ]);
    expect(accounts(text)).toEqual(['manifest shop/app arn:<partition>:iam::<account>:role/b']);
  });

  it('is that of the same key under for_each, and one of all where no file tells', () => {
    const base = [change('aws_iam_role.r["a"]', role('a'), unknownArn), change('aws_iam_role.r["b"]', role('b'), unknownArn)];
    const of = (address: string): unknown[] =>
      refs(
        plan(
          [...base, change(address, serviceAccount({}), unknownAnnotation)],
          written([resource('kubernetes_service_account.s', { metadata: [{ annotations: references('aws_iam_role.r', 'each.key') }] })]),
        ),
      );
    expect(of('kubernetes_service_account.s["b"]')).toEqual([
      { objects: [id('aws_iam_role.r["b"]')], attribute: 'arn', written: 'aws_iam_role.r' },
    ]);
    expect(of('kubernetes_service_account.s')).toEqual([
      { objects: [id('aws_iam_role.r["a"]'), id('aws_iam_role.r["b"]')], attribute: 'arn', written: 'aws_iam_role.r' },
    ]);
  });

  it('is the one role of the module where a key that is computed hides the output', () => {
    const inner = written(
      [],
      {},
      {
        arn: { expression: references('aws_iam_role.this[0].arn', 'aws_iam_role.this') },
        name: { expression: references('aws_iam_role.this[0].name') },
      },
    );
    const of = (more: Json): unknown[] =>
      refs(
        plan(
          [
            change('module.irsa["a"].aws_iam_role.this[0]', role('a'), unknownArn),
            change('module.irsa["b"].aws_iam_role.this[0]', role('b'), unknownArn),
            change('module.irsa["b"].aws_iam_role.other', role('c'), unknownArn),
            change('kubernetes_service_account.s["b"]', serviceAccount({}), unknownAnnotation),
          ],
          written([resource('kubernetes_service_account.s', { metadata: [{ annotations: references('module.irsa', 'each.key') }] })], {
            irsa: { module: { ...inner, outputs: { ...(inner['outputs'] as Json), ...more } } },
          }),
        ),
      );
    expect(of({})).toEqual([
      { objects: [id('module.irsa["b"].aws_iam_role.this[0]')], attribute: 'arn', written: 'aws_iam_role.this[0].arn' },
    ]);
    expect(of({ other: { expression: references('aws_iam_role.other.arn') } })).toEqual([undefined]);
  });

  it('is open where a local, or what is not known either, may be it', () => {
    const of = (...more: string[]): unknown =>
      refs(
        plan(
          [
            change('aws_iam_role.app', role('app'), unknownArn),
            change('aws_eks_cluster.c', { name: 'prod' }, { unknown: { arn: true } }),
            change('kubernetes_service_account.a', serviceAccount({}), unknownAnnotation),
          ],
          written([resource('kubernetes_service_account.a', { metadata: [{ annotations: references('aws_iam_role.app.arn', ...more) }] })]),
          { variables: { known: { value: 1 } } },
        ),
      )[0];
    const sure = { objects: [id('aws_iam_role.app')], attribute: 'arn', written: 'aws_iam_role.app.arn' };
    expect(of('var.known', 'each.key', 'count.index', 'aws_eks_cluster.c.name')).toEqual(sure);
    for (const other of ['local.arn', 'var.other', 'module.gone.arn', 'aws_eks_cluster.c.arn', 'each.value'])
      expect([other, of(other)]).toEqual([other, { ...sure, open: true }]);
  });

  it('is unknown with the reason where no role is named', () => {
    const text = plan(
      [change('kubernetes_service_account.a', serviceAccount({}), unknownAnnotation)],
      written([resource('kubernetes_service_account.a', { metadata: [{ annotations: references('local.arn') }] })]),
    );
    const [account] = only(facts(text), 'serviceAccount');
    expect(account!.roleArn?.value?.holes.map(({ why }) => why)).toEqual([
      { kind: 'computed', what: `kubernetes_service_account.a.metadata[0].annotations.${roleArn}` },
    ]);
    expect(account!.roleArn?.value?.refers).toBeUndefined();
  });

  it('is a setting of a release by its name, whatever the order', () => {
    const path = 'serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn';
    const text = plan(
      [
        change('aws_iam_role.app', role('app'), unknownArn),
        change(
          'helm_release.h',
          { name: 'h', namespace: 'shop', values: null, set: [{ name: path }, { name: 'serviceAccount.name', value: 'app' }] },
          { unknown: { set: [{ value: true }, {}] } },
        ),
      ],
      written([
        resource('helm_release.h', {
          set: [
            { name: { constant_value: 'serviceAccount.name' }, value: { constant_value: 'app' } },
            { name: { constant_value: path }, value: references('aws_iam_role.app.arn', 'aws_iam_role.app') },
          ],
        }),
      ]),
    );
    expect(refs(text)).toEqual([{ objects: [id('aws_iam_role.app')], attribute: 'arn', written: 'aws_iam_role.app.arn' }]);
    expect(accounts(text)).toEqual(['values shop/app arn:<partition>:iam::<account>:role/app']);
  });

  it('is a trust policy as far as its data source is planned', () => {
    const statement = [
      {
        actions: ['sts:AssumeRoleWithWebIdentity'],
        effect: 'Allow',
        principals: [{ type: 'Federated' }],
        condition: [{ test: 'StringEquals', values: ['system:serviceaccount:shop:app'] }],
      },
    ];
    const marks = { json: true, statement: [{ principals: [{ identifiers: true }], condition: [{ variable: true, values: [false] }] }] };
    const text = plan(
      [
        change('aws_iam_role.app', { name: 'app', path: '/' }, { unknown: { arn: true, assume_role_policy: true } }),
        change('data.aws_iam_policy_document.t', { statement }, { unknown: marks, actions: ['read'] }),
      ],
      written([
        resource('aws_iam_role.app', {
          assume_role_policy: references('data.aws_iam_policy_document.t.json', 'data.aws_iam_policy_document.t'),
        }),
      ]),
    );
    const [policy] = only(facts(text), 'trustPolicy');
    expect([
      policy!.concerns,
      policy!.roleIds,
      policy!.policy.statements[0]!.condition?.operators[0]?.keys[0]?.values.values[0]?.value,
    ]).toEqual(['irsa', [id('aws_iam_role.app')], 'system:serviceaccount:shop:app']);
    expect(policy!.policy.statements[0]!.condition?.operators[0]?.keys[0]?.key.holes).toHaveLength(1);
  });
});

describe('a hostile plan', () => {
  it('does not hang in rings of modules, nor in many references', () => {
    const ring: Json = written(
      [resource('kubernetes_service_account.a', { metadata: [{ annotations: references('module.a.x', 'var.y') }] })],
      {
        a: { expressions: { y: references('module.a.x') }, module: written([], {}, { x: { expression: references('var.y') } }) },
      },
    );
    expect(
      refs(
        plan(
          [change('kubernetes_service_account.a', serviceAccount({}), unknownAnnotation), change('module.a.aws_iam_role.r', role('r'))],
          ring,
        ),
      ),
    ).toEqual([undefined]);
    const roles = Array.from({ length: 800 }, (_, i) => change(`aws_iam_role.r[${i}]`, role(`r${i}`), unknownArn));
    const users = Array.from({ length: 300 }, (_, i) =>
      change(`kubernetes_service_account.s["x${i}"]`, serviceAccount({}), unknownAnnotation),
    );
    const text = plan(
      [...roles, ...users],
      written([resource('kubernetes_service_account.s', { metadata: [{ annotations: references('aws_iam_role.r') }] })]),
    );
    expect(only(facts(text), 'serviceAccount')).toHaveLength(300);
  });

  it.each([
    '{"format_version":"1.0","values":{"root_module":[]}}',
    '{"format_version":"1.0","resource_changes":[1,{},{"address":"x"},{"address":"aws_iam_role.a","type":"aws_iam_role","change":{"actions":["create"],"after":[1]}}]}',
    '{"format_version":"2.0","resource_changes":[]}',
  ])('of another shape says nothing: %s', (text) => {
    expect(facts(text).filter(({ kind }) => kind !== 'role')).toEqual([]);
  });
});
