import fc from 'fast-check';
import { account, issuer, otherIssuer } from './support';

const names = ['app', 'demo', 'demo-evil', 'a', 'other.sa'];
export const name = fc.constantFrom(...names);
const subjectText = fc.oneof(
  fc.tuple(name, name).map(([n, s]) => `system:serviceaccount:${n}:${s}`),
  fc
    .tuple(
      fc.constantFrom('*', 'demo*', 'd?mo', 'demo', '?', '*-evil', '${*}', '${aws:username}', "${aws:username, 'demo'}"),
      fc.constantFrom('*', 'app', 'a*', '?', 'ap?', 'APP', 'x'),
    )
    .map(([n, s]) => `system:serviceaccount:${n}:${s}`),
  fc.constantFrom(
    '*',
    'system:serviceaccount:*',
    'system:*:app',
    '',
    'SYSTEM:SERVICEACCOUNT:DEMO:APP',
    'sts.amazonaws.com',
    'sts*',
    `\${${issuer}:sub}`,
    `\${${issuer.toUpperCase()}:AUD}`,
  ),
);
const arnText = fc.constantFrom(
  'arn:aws:eks:eu-west-1:111122223333:cluster/prod',
  'arn:aws:eks:*:*:cluster/*',
  'arn:aws:eks:*:cluster/prod',
  'arn:aws:*:*:*:*',
  'x',
  `arn:aws:eks:eu-west-1:${account}:cluster/staging`,
);
const claimKeys = [issuer, otherIssuer].flatMap((i) => ['sub', 'aud', 'amr'].map((c) => `${i}:${c}`));
const webKey = fc.oneof(
  fc.constantFrom(...claimKeys),
  fc.constantFrom(
    `${issuer}:SUB`,
    `https://${issuer}:sub`,
    'sts:ExternalId',
    'aws:RequestTag/kubernetes-namespace',
    'aws:TagKeys',
    'aws:SecureTransport',
    's3:prefix',
  ),
);
const tags = ['eks-cluster-arn', 'eks-cluster-name', 'kubernetes-namespace', 'kubernetes-service-account', 'kubernetes-pod-name', 'x'];
const podKey = fc.oneof(
  fc.constantFrom(...tags.map((t) => `aws:RequestTag/${t}`)),
  fc.constantFrom('aws:requesttag/Kubernetes-Namespace', 'aws:SourceAccount', 'aws:SecureTransport', `${issuer}:sub`, 'sts:ExternalId'),
);

const stringOperator = fc
  .tuple(
    fc.constantFrom('', '', '', 'ForAllValues:', 'ForAnyValue:'),
    fc.constantFrom(
      'StringEquals',
      'StringNotEquals',
      'StringLike',
      'StringNotLike',
      'StringEqualsIgnoreCase',
      'StringNotEqualsIgnoreCase',
      'Bool',
      'ArnLike',
      'ArnNotEquals',
      'NumericEquals',
      'NumericNotEquals',
      'NumericLessThan',
    ),
    fc.constantFrom('', '', 'IfExists'),
  )
  .map((parts) => parts.join(''));

function conditions(key: fc.Arbitrary<string>): fc.Arbitrary<object> {
  const values = fc.oneof(
    subjectText,
    fc.array(fc.oneof(subjectText, arnText, name, fc.constantFrom('sts.amazonaws.com', account, 'true', '1')), { maxLength: 3 }),
  );
  const block = fc.dictionary(key, values, { minKeys: 1, maxKeys: 2 });
  const blocks = fc.dictionary(stringOperator, block, { maxKeys: 2 });
  const nulls = fc.dictionary(key, fc.constantFrom('true', 'false', true, false), { minKeys: 1, maxKeys: 1 });
  return fc.tuple(blocks, fc.option(nulls, { nil: undefined, freq: 4 })).map(([b, n]) => (n ? { ...b, Null: n } : b));
}

function statements(principals: readonly object[], actions: readonly (string | string[])[], key: fc.Arbitrary<string>) {
  return fc
    .record({
      Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
      Principal: fc.constantFrom(...principals),
      action: fc.constantFrom(...actions),
      not: fc.integer({ min: 0, max: 11 }),
      Condition: fc.option(conditions(key), { nil: undefined, freq: 5 }),
    })
    .map(({ action, not, Condition, ...rest }) => ({
      ...rest,
      ...(not === 0 ? { NotAction: action } : { Action: action }),
      ...(Condition ? { Condition } : {}),
    }));
}

const providerOf = (i: string, a = account) => `arn:aws:iam::${a}:oidc-provider/${i}`;
const version = fc.constantFrom('2012-10-17', '2012-10-17', '2008-10-17', undefined);

function documents(statement: fc.Arbitrary<object>) {
  return fc
    .tuple(version, fc.array(statement, { minLength: 1, maxLength: 4 }))
    .map(([Version, Statement]) => ({ ...(Version ? { Version } : {}), Statement }));
}

const webPrincipals = [
  { Federated: providerOf(issuer) },
  { Federated: providerOf(issuer) },
  { Federated: [providerOf(otherIssuer), providerOf(issuer)] },
  { Federated: providerOf(otherIssuer) },
  { Federated: providerOf(issuer, '444455556666') },
  { Service: 'ec2.amazonaws.com', Federated: providerOf(issuer) },
  { Service: 'pods.eks.amazonaws.com' },
  { AWS: `arn:aws:iam::${account}:root` },
];
const podPrincipals = [
  { Service: 'pods.eks.amazonaws.com' },
  { Service: 'pods.eks.amazonaws.com' },
  { Service: ['ec2.amazonaws.com', 'pods.eks.amazonaws.com'] },
  { Service: 'pods.eks.amazonaws.com.cn' },
  { Federated: providerOf(issuer) },
];

/** Literal policies whose keys are all known from the request. */
export const webPolicy = documents(
  statements(
    webPrincipals,
    [
      'sts:AssumeRoleWithWebIdentity',
      'sts:AssumeRoleWithWebIdentity',
      'STS:assumerolewithwebidentity',
      'sts:AssumeRole',
      ['sts:AssumeRole', 'sts:AssumeRoleWith*'],
      'sts:*',
    ],
    webKey,
  ),
);
export const podPolicy = documents(
  statements(
    podPrincipals,
    [['sts:AssumeRole', 'sts:TagSession'], ['sts:AssumeRole', 'sts:TagSession'], 'sts:AssumeRole', 'sts:TagSession', 'sts:*', 'sts:TagS*'],
    podKey,
  ),
);
