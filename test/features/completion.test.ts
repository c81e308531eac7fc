import { describe, expect, it } from 'vitest';
import { completionAt } from '../../server/src/core/features/completion/completion';
import { markedWorkspace } from '../support/marked';

/** The labels proposed at the cursor, in the order of their ranks. */
function labels(source: string): string[] {
  const { workspace, uri, offset } = markedWorkspace(source);
  const found = completionAt(workspace, uri, offset);
  return [...(found?.items ?? [])].sort((a, b) => a.rank - b.rank).map((item) => item.label);
}

/** The text of the file after taking the item of a label (snippet syntax as it is). */
function taken(source: string, label: string): string {
  const { workspace, uri, offset, text } = markedWorkspace(source);
  const found = completionAt(workspace, uri, offset)!;
  const item = found.items.find((candidate) => candidate.label === label)!;
  return text.slice(0, found.doc.start + found.span.start) + item.insert + text.slice(found.doc.start + found.span.end);
}

const provider = 'arn:aws:iam::481516234212:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F4268';
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F4268';

const account = (line: string): string => `==> sa.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: app
  namespace: demo
  annotations:
${line}
`;

describe('annotation keys', () => {
  const keys = [
    'eks.amazonaws.com/role-arn',
    'eks.amazonaws.com/audience',
    'eks.amazonaws.com/sts-regional-endpoints',
    'eks.amazonaws.com/token-expiration',
  ];
  it.each([
    ['on an empty line', '    ‸'],
    ['with a word begun', '    eks.‸'],
    ['after the prefix', '    eks.amazonaws.com/‸'],
    ['with a value there already', '    eks‸: arn:aws:iam::481516234212:role/x'],
  ])('of an account %s', (_, line) => expect(labels(account(line))).toEqual(keys));

  it('leaves out what is there', () => {
    expect(labels(account('    eks.amazonaws.com/role-arn: x\n    ‸'))).toEqual(keys.slice(1));
  });
  it('of a pod template', () => {
    const text =
      '==> d.yaml\napiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    metadata:\n      annotations:\n        ‸\n    spec:\n      serviceAccountName: app\n';
    expect(labels(text)).toEqual(['eks.amazonaws.com/token-expiration', 'eks.amazonaws.com/skip-containers']);
  });
  it('not on a workload itself, nor under labels', () => {
    expect(
      labels(
        '==> d.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  annotations:\n    ‸\nspec:\n  template:\n    spec:\n      serviceAccountName: app\n',
      ),
    ).toEqual([]);
    expect(labels('==> s.yaml\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  labels:\n    ‸\n')).toEqual([]);
  });
  it('in chart values', () => {
    expect(labels('==> values.yaml\nserviceAccount:\n  create: true\n  annotations:\n    ‸\n')).toEqual(keys);
  });
  it('write the colon where none stands', () => {
    expect(taken(account('    ‸'), 'eks.amazonaws.com/audience')).toBe(
      account('    eks.amazonaws.com/audience: sts.amazonaws.com').slice('==> sa.yaml\n'.length),
    );
    expect(taken(account('    eks‸: x'), 'eks.amazonaws.com/audience')).toContain('    eks.amazonaws.com/audience: x\n');
  });
});

describe('the key of the role', () => {
  const key = 'eks.amazonaws.com/role-arn';
  const item = (source: string): { insert: string; then?: string } => {
    const { workspace, uri, offset } = markedWorkspace(source);
    const { insert, then } = completionAt(workspace, uri, offset)!.items.find(({ label }) => label === key)!;
    return { insert, ...(then ? { then } : {}) };
  };
  it('is written without a made-up role, and the list of roles follows', () =>
    expect(item(account('    ‸'))).toEqual({ insert: `${key}: $0`, then: 'suggest' }));
  it('opens no list where a value stands', () =>
    expect(item(account('    eks‸: arn:aws:iam::481516234212:role/x'))).toEqual({ insert: key }));
});

describe('role ARNs', () => {
  const known = `==> other.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: other
  namespace: demo
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/other-role
==> role.json
{ "Role": { "RoleName": "app-role", "Arn": "arn:aws:iam::481516234212:role/app-role", "AssumeRolePolicyDocument": {
  "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": { "Federated": "${provider}" },
  "Action": "sts:AssumeRoleWithWebIdentity", "Condition": { "StringEquals": { "${issuer}:sub": "system:serviceaccount:demo:app" } } }] } } }
`;
  it('that admit this account come first', () => {
    expect(labels(known + account('    eks.amazonaws.com/role-arn: ‸'))).toEqual(['app-role', 'other-role', 'Create a role…']);
  });
  it('not what is being typed, nor a placeholder', () => {
    expect(labels(account('    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/ro‸'))).toEqual(['Create a role…']);
    expect(
      labels(
        account('    eks.amazonaws.com/role-arn: arn:aws:iam::<ACCOUNT_ID>:role/<ROLE_NAME>').replace('name: app', 'name: other') +
          account('    eks.amazonaws.com/role-arn: ‸').replace('sa.yaml', 'b.yaml'),
      ),
    ).toEqual(['Create a role…']);
  });
  it('replace what is begun, whole', () => {
    expect(taken(known + account('    eks.amazonaws.com/role-arn: arn:aws:‸iam'), 'app-role')).toContain(
      'role-arn: arn:aws:iam::481516234212:role/app-role\n',
    );
    expect(taken(known + account('    eks.amazonaws.com/role-arn: "arn‸"'), 'app-role')).toContain(
      'role-arn: "arn:aws:iam::481516234212:role/app-role"\n',
    );
  });
});

describe('service accounts of a workload', () => {
  const workload = (line: string): string => `${account('    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/r')}==> d.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: demo
spec:
  template:
    spec:
      ${line}
      containers: []
`;
  it('are offered by name', () => expect(labels(workload('serviceAccountName: ‸'))).toEqual(['app']));
  it('are written whole', () => expect(taken(workload('serviceAccountName: a‸'), 'app')).toContain('serviceAccountName: app\n'));
  it('follow the field, which is offered in the spec of a pod template', () => {
    expect(labels(workload('‸'))).toEqual(['serviceAccountName']);
    expect(taken(workload('servi‸'), 'serviceAccountName')).toContain('      serviceAccountName: $0\n');
  });
  it.each([
    ['twice', workload('serviceAccountName: app\n      ‸')],
    ['beside its other name', workload('serviceAccount: app\n      ‸')],
    ['in the spec of the workload', workload('restartPolicy: Always').replace('spec:\n  template', 'spec:\n  ‸\n  template')],
    ['in a workspace without service accounts', workload('‸').replace(/^[^]*==> d/, '==> d')],
    ['in what is no object of Kubernetes', workload('‸').replace('apiVersion: apps/v1\n', '')],
  ])('is not offered %s', (_, source) => expect(labels(source)).toEqual([]));
  it('not elsewhere', () => expect(labels(workload('schedulerName: ‸\n      serviceAccountName: x'))).toEqual([]));
});

describe('trust policies', () => {
  const policy = (
    statement: string,
  ): string => `${account('    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/r')}==> trust.json
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": { "Federated": "${provider}" },
      ${statement}
    }
  ]
}
`;
  it('elements that are missing', () => expect(labels(policy('"‸"'))).toEqual(['Sid', 'Action', 'Condition', 'NotAction']));
  it('actions that fit the principal first', () => expect(labels(policy('"Action": "‸"'))[0]).toBe('sts:AssumeRoleWithWebIdentity'));
  it('operators', () =>
    expect(labels(policy('"Action": "sts:AssumeRoleWithWebIdentity", "Condition": { "‸": {} }')).slice(0, 2)).toEqual([
      'StringEquals',
      'StringLike',
    ]));
  it('keys from the provider of the statement', () => {
    expect(labels(policy('"Action": "sts:AssumeRoleWithWebIdentity", "Condition": { "StringEquals": { "‸" } }'))).toEqual([':sub', ':aud']);
  });
  it('keys without quotes bring them', () => {
    expect(taken(policy('"Condition": { "StringEquals": { ‸ } }'), ':aud')).toContain(`"${issuer}:aud": "sts.amazonaws.com"`);
  });
  it("subjects of the workspace's accounts", () => {
    expect(labels(policy(`"Condition": { "StringEquals": { "${issuer}:sub": "‸" } }`))).toEqual(['demo:app']);
    expect(labels(policy(`"Condition": { "StringLike": { "${issuer}:sub": ["‸"] } }`))).toEqual(['demo:app', 'demo:*']);
  });
  it('subjects of accounts that use this role first', () => {
    const other = (name: string, role: string) =>
      account(`    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/${role}`)
        .replace('name: app', `name: ${name}`)
        .replace('sa.', `${name}.`);
    const source = policy(`"Condition": { "StringEquals": { "${issuer}:sub": "‸" } }`).replace('==> trust.json', '==> r/trust.json');
    expect(labels(other('aaa', 'another') + source + other('zzz', 'r').replace(/ {4}eks.*/, '    x: "1"'))).toEqual([
      'demo:app',
      'demo:aaa',
      'demo:zzz',
    ]);
  });
  it('providers by their cluster, or by what tells them apart', () => {
    const config = `==> pod-roles.yaml\nclusters: [{ name: dev, account: "481516234212", issuer: ${issuer} }]\n`;
    const source = policy('"Action": "x"').replace(`"Federated": "${provider}"`, '"Federated": "‸"');
    const another = `==> other.json\n{ "Statement": [{ "Effect": "Allow", "Principal": { "Federated": "${provider.replace('5C7A', '6D8B')}" } }] }\n`;
    expect(labels(config + another + source)).toEqual(['dev', '6D8B1D0E9B3F4268 eu-west-1', 'ARN of an OIDC provider']);
  });
  it('keys by issuer where there are several', () => {
    const two = `[${JSON.stringify(provider)}, ${JSON.stringify(provider.replace('5C7A', '6D8B'))}]`;
    expect(labels(policy('"Condition": { "StringEquals": { "‸" } }').replace(`"Federated": "${provider}"`, `"Federated": ${two}`))).toEqual(
      [
        '5C7A1D0E9B3F4268 eu-west-1:sub',
        '5C7A1D0E9B3F4268 eu-west-1:aud',
        '6D8B1D0E9B3F4268 eu-west-1:sub',
        '6D8B1D0E9B3F4268 eu-west-1:aud',
      ],
    );
  });
  it('operators for texts before those for ARNs, and each once', () => {
    const all = labels(policy('"Condition": { "‸": {} }'));
    expect(all.indexOf('ForAnyValue:StringEquals')).toBeLessThan(all.indexOf('ArnEquals'));
    expect(all.indexOf('ArnEquals')).toBeLessThan(all.indexOf('NumericEquals'));
    expect(new Set(all).size).toBe(all.length);
  });
  it('audiences', () => expect(labels(policy(`"Condition": { "StringEquals": { "${issuer}:aud": "‸" } }`))).toEqual(['sts.amazonaws.com']));
  it('nothing in a permission policy', () => {
    expect(
      labels('==> p.json\n{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:*", "Resource": "*", "‸" }] }\n'),
    ).toEqual([]);
  });
});
