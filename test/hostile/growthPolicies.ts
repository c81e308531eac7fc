import { account, issuer, policy, provider, range, statement, subject, subjects, times, type Shape } from './growthShapes';

const aud = { [`${issuer}:aud`]: 'sts.amazonaws.com' };
const sub = `${issuer}:sub`;

/** Trust policies that repeat something n times, and accounts beside them. */
export const policies: Readonly<Record<string, readonly [n: number, shape: Shape]>> = {
  'accounts and subjects that none fits': [
    2000,
    (n) => ({
      'a.yaml': times(n, (i) => account(`a${i}x`, 'r'), '---\n'),
      'r.trust.json': subjects(range(n).map((i) => subject(`b${i}y`))),
    }),
  ],
  'accounts and long subjects that none fits': [
    2000,
    (n) => ({
      'a.yaml': times(n, (i) => account(`application-${i}-server`, 'r'), '---\n'),
      'r.trust.json': subjects(range(n).map((i) => subject(`application-${i}-worker`))),
    }),
  ],
  'accounts and patterns that none fits': [
    2000,
    (n) => ({
      'a.yaml': times(n, (i) => account(`a${i}x`, 'r'), '---\n'),
      'r.trust.json': subjects(
        range(n).map((i) => subject(`b${i}*y`)),
        'StringLike',
      ),
    }),
  ],
  'accounts and statements that none fits': [
    1000,
    (n) => ({
      'a.yaml': times(n, (i) => account(`a${i}x`, 'r'), '---\n'),
      'r.trust.json': policy(range(n).map((i) => statement({ StringEquals: { [sub]: subject(`b${i}y`), ...aud } }))),
    }),
  ],
  'accounts that fit one of many subjects': [
    4000,
    (n) => ({ 'a.yaml': times(n, (i) => account(`a${i}`, 'r'), '---\n'), 'r.trust.json': subjects(range(n).map((i) => subject(`a${i}`))) }),
  ],
  'accounts and subjects nearly the same': [
    4000,
    (n) => ({
      'a.yaml': times(n, (i) => account(`orders${i}`, 'q'), '---\n'),
      'r.trust.json': subjects(range(n).map((i) => subject(`ordesr${i}`))),
    }),
  ],
  'policies and accounts nearly the same': [
    2000,
    (n) => ({
      'a.yaml': times(n, (i) => account(`ordersabc${i}`, 'q'), '---\n'),
      ...Object.fromEntries(range(n).map((i) => [`p${i}/trust.json`, subjects([subject(`ordersbac${i}`)])])),
    }),
  ],
  'policies that all speak of one account': [
    2000,
    (n) => ({ 'a.yaml': account('a', 'r'), ...Object.fromEntries(range(n).map((i) => [`p${i}/trust.json`, subjects([subject('a')])])) }),
  ],
  'policies of one role': [
    1500,
    (n) => ({
      'a.yaml': times(n, (i) => account(`a${i}`, 'r'), '---\n'),
      ...Object.fromEntries(range(n).map((i) => [`p${i}/r.json`, subjects([subject(`b${i}`)])])),
    }),
  ],
  'policies in one folder': [
    3000,
    (n) => ({
      'iam/a.yaml': times(n, (i) => account(`a${i}`, `q${i}`), '---\n'),
      ...Object.fromEntries(range(n).map((i) => [`iam/p${i}.json`, subjects([subject(`b${i}`)])])),
    }),
  ],
  'accounts and policies in files of one folder': [
    2000,
    (n) =>
      Object.fromEntries(
        range(n).flatMap((i) => [
          [`a${i}.yaml`, account(`a${i}`, `r${i}`)],
          [`r${i}.json`, subjects([subject(`b${i}`)])],
        ]),
      ),
  ],
  statements: [
    5000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy(range(n).map((i) => statement({ StringEquals: { [sub]: subject(`b${i}`), ...aud } }))),
    }),
  ],
  'statements with Sids': [
    5000,
    (n) => ({
      'r.trust.json': policy(
        range(n).map((i) => statement({ StringEquals: { [sub]: subject(`b${i}`), ...aud } }, { Sid: i % 2 ? 'same' : `s${i}` })),
      ),
    }),
  ],
  'denying statements': [
    5000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy(
        range(n).map((i) => statement({ StringNotLike: { [sub]: subject(`b${i}*`), ...aud } }, { Effect: i ? 'Deny' : 'Allow' })),
      ),
    }),
  ],
  'statements with mistakes': [
    3000,
    (n) => ({
      'r.trust.json': policy(
        range(n).map(() =>
          statement({ StringEquals: { [`https://${sub}`]: 'x', [`${issuer}:aud`]: subject('*') } }, { Action: 'sts:AssumeRole' }),
        ),
      ),
    }),
  ],
  'subjects of StringLike': [
    20_000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': subjects(
        range(n).map((i) => subject(`b${i}*`)),
        'StringLike',
      ),
    }),
  ],
  'subjects of StringLike with many stars': [
    20_000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': subjects(
        range(n).map((i) => subject(`*b${i}*c${i}*`)),
        'StringLike',
      ),
    }),
  ],
  'subjects of StringLike in many namespaces': [
    20_000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': subjects(
        range(n).map((i) => subject(`b${i}*`, `n${i}`)),
        'StringLike',
      ),
    }),
  ],
  'equal subjects': [20_000, (n) => ({ 'a.yaml': account('a', 'r'), 'r.trust.json': subjects(range(n).map(() => subject('b'))) })],
  'subjects under the audience': [
    10_000,
    (n) => ({ 'r.trust.json': policy([statement({ StringEquals: { [`${issuer}:aud`]: range(n).map((i) => subject(`b${i}`)) } })]) }),
  ],
  'malformed subjects': [10_000, (n) => ({ 'r.trust.json': subjects(range(n).map((i) => `system:serviceaccount/shop/b${i}`)) })],
  'wildcards under StringEquals': [10_000, (n) => ({ 'r.trust.json': subjects(range(n).map((i) => subject(`b${i}*`))) })],
  'wide subjects': [
    10_000,
    (n) => ({
      'r.trust.json': subjects(
        range(n).map((i) => `system:serviceaccount:b${i}*:a`),
        'StringLike',
      ),
    }),
  ],
  'equal accounts with one wrong policy': [
    800,
    (n) => ({ 'a.yaml': times(n, () => account('a', 'r'), '---\n'), 'r.trust.json': subjects([subject('b')]) }),
  ],
  'equal accounts in files with one wrong policy': [
    800,
    (n) => ({ ...Object.fromEntries(range(n).map((i) => [`f${i}/a.yaml`, account('a', 'r')])), 'r.trust.json': subjects([subject('b')]) }),
  ],
  'equal accounts with equal wrong policies': [
    400,
    (n) => ({
      ...Object.fromEntries(
        range(n).flatMap((i) => [
          [`f${i}/a.yaml`, account('a', 'r')],
          [`g${i}/r.json`, subjects([subject('b')])],
        ]),
      ),
    }),
  ],
  conditions: [
    5000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy([
        statement(
          Object.fromEntries(range(n).map((i) => [i ? `StringLike${' '.repeat(i % 40)}` : 'StringEquals', { [sub]: subject(`b${i}`) }])),
        ),
      ]).replace(/"StringLike *"/g, '"StringLike"'),
    }),
  ],
  'keys of one condition': [
    5000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy([
        statement({
          StringEquals: Object.fromEntries(
            range(n).map((i) => [`${issuer.slice(0, -4)}${String(i).padStart(4, '0')}:sub`, subject(`b${i}`)]),
          ),
        }),
      ]),
    }),
  ],
  'equal keys of one condition': [
    5000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy([statement({ StringEquals: { [sub]: 'X' } })]).replace(
        '"X"',
        times(n, (i) => `"${subject(`b${i}`)}"`, `, "${sub}": `),
      ),
    }),
  ],
  'unknown keys of one condition': [
    5000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy([statement({ StringEquals: Object.fromEntries(range(n).map((i) => [`aws:RequestTag/t${i}`, `b${i}`])) })]),
    }),
  ],
  'providers of one statement': [
    5000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy([
        statement(
          { StringEquals: { [sub]: subject('b') } },
          { Principal: { Federated: range(n).map((i) => `${provider.slice(0, -4)}${String(i).padStart(4, '0')}`) } },
        ),
      ]),
    }),
  ],
  'providers and keys': [
    2000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy([
        statement(
          {
            StringEquals: Object.fromEntries(
              range(n).map((i) => [`${issuer.slice(0, -4)}${String(i).padStart(4, '0')}:sub`, subject(`b${i}`)]),
            ),
          },
          { Principal: { Federated: range(n).map((i) => `${provider.slice(0, -4)}${String(9999 - i).padStart(4, '0')}`) } },
        ),
      ]),
    }),
  ],
  'statements with a provider each': [
    3000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy(
        range(n).map((i) =>
          statement(
            { StringEquals: { [`${issuer.slice(0, -4)}${String(i).padStart(4, '0')}:sub`]: subject('b') } },
            { Principal: { Federated: `${provider.slice(0, -4)}${String(i).padStart(4, '0')}` } },
          ),
        ),
      ),
    }),
  ],
  'principals of AWS': [
    20_000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy([
        statement(
          { StringEquals: { [sub]: subject('b') } },
          { Principal: { AWS: range(n).map((i) => `arn:aws:iam::111122223333:role/x${i}`), Federated: provider } },
        ),
      ]),
    }),
  ],
  actions: [
    20_000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy([statement({ StringEquals: { [sub]: subject('b') } }, { Action: range(n).map((i) => `sts:Assume${i}*`) })]),
    }),
  ],
  'actions with many stars': [
    5000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy([
        statement({ StringEquals: { [sub]: subject('b') } }, { Action: range(n).map(() => `s*t*s*:*A*s*s*u*m*e*R*o*l*e*W*i*t*h*x`) }),
      ]),
    }),
  ],
  'an action of stars': [
    1_000_000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy([
        statement({ StringEquals: { [sub]: subject('b') } }, { Action: ['sts:AssumeRoleWithWebIdentity', 'sts:*a'.padEnd(n, '*a')] }),
      ]),
    }),
  ],
  'a subject of stars': [
    1_000_000,
    (n) => ({ 'a.yaml': account('a', 'r'), 'r.trust.json': subjects([subject('*'.repeat(n))], 'StringLike') }),
  ],
  'a subject of stars and letters': [
    1_000_000,
    (n) => ({ 'a.yaml': account('a'.repeat(63), 'r'), 'r.trust.json': subjects([subject('a*'.repeat(n / 2))], 'StringLike') }),
  ],
  'a subject of stars and question marks': [
    1_000_000,
    (n) => ({ 'a.yaml': account('a'.repeat(63), 'r'), 'r.trust.json': subjects([subject('?*a'.repeat(n / 3))], 'StringLike') }),
  ],
  'a long account and a pattern': [
    200_000,
    (n) => ({ 'a.yaml': account('a'.repeat(n), 'r'), 'r.trust.json': subjects([subject(`*${'a'.repeat(n / 2)}b`)], 'StringLike') }),
  ],
  'a long subject': [1_000_000, (n) => ({ 'a.yaml': account('a', 'r'), 'r.trust.json': subjects([subject('a'.repeat(n))]) })],
  'variables in a subject': [
    100_000,
    (n) => ({ 'a.yaml': account('a', 'r'), 'r.trust.json': subjects(['${aws:x}'.repeat(n)], 'StringLike') }),
  ],
  'unclosed variables in a subject': [
    200_000,
    (n) => ({ 'a.yaml': account('a', 'r'), 'r.trust.json': subjects(['${'.repeat(n)], 'StringLike') }),
  ],
  'a long key': [
    1_000_000,
    (n) => ({ 'a.yaml': account('a', 'r'), 'r.trust.json': policy([statement({ StringEquals: { [`${'a/'.repeat(n / 2)}:sub`]: 'x' } })]) }),
  ],
  'a long provider': [
    1_000_000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy([
        statement(
          { StringEquals: { [sub]: 'x' } },
          { Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${'a/'.repeat(n / 2)}` } },
        ),
      ]),
    }),
  ],
  'a long operator': [
    1_000_000,
    (n) => ({ 'a.yaml': account('a', 'r'), 'r.trust.json': policy([statement({ ['ForAnyValue:'.repeat(n / 12)]: { [sub]: 'x' } })]) }),
  ],
  'negated lists': [
    10_000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': subjects(
        range(n).map((i) => subject(`b${i}`)),
        'StringNotEquals',
      ),
    }),
  ],
  addresses: [
    20_000,
    (n) => ({
      'a.yaml': account('a', 'r'),
      'r.trust.json': policy([
        statement({
          StringEquals: { [sub]: subject('a') },
          IpAddress: { 'aws:SourceIp': range(n).map((i) => `10.${(i >> 8) & 255}.${i & 255}.0/24`) },
        }),
      ]),
    }),
  ],
  'equal elements': [
    20_000,
    (n) => ({
      'r.trust.json': policy([statement({ StringEquals: { [sub]: 'x' } })]).replace(
        '"Effect"',
        `${times(n, () => '"Effect": "Allow", ')}"Effect"`,
      ),
    }),
  ],
  'unknown elements': [
    20_000,
    (n) => ({
      'r.trust.json': policy([statement({ StringEquals: { [sub]: 'x' } }, Object.fromEntries(range(n).map((i) => [`x${i}`, 1])))]),
    }),
  ],
  'policies in one document': [
    3000,
    (n) => ({
      'a.json': JSON.stringify({
        Roles: range(n).map((i) => ({
          RoleName: `r${i % 10}`,
          Arn: `arn:aws:iam::111122223333:role/r${i % 10}`,
          AssumeRolePolicyDocument: JSON.parse(subjects([subject(`b${i}`)])),
        })),
      }),
      'a.yaml': times(n, (i) => account(`a${i}`, `r${i % 10}`), '---\n'),
    }),
  ],
  'policies of roles in one document': [
    3000,
    (n) => ({
      'a.json': JSON.stringify({
        Roles: range(n).map((i) => ({
          RoleName: `r${i}`,
          Arn: `arn:aws:iam::111122223333:role/r${i}`,
          AssumeRolePolicyDocument: JSON.parse(subjects([subject(`b${i}`)])),
        })),
      }),
      'a.yaml': times(n, (i) => account(`a${i}`, `r${i}`), '---\n'),
    }),
  ],
};
