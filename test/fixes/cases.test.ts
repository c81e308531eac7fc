import { describe, expect, it } from 'vitest';
import { setHclParser } from '../../server/src/core/syntax/hcl/parser';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { loadHcl } from '../../server/src/hcl/load';
import { issuer, provider } from './policies';

setHclParser(await loadHcl());

const uriOf = (path: string) => `file:///w/${path}`;

function opened(files: Readonly<Record<string, string>>): Workspace {
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
  });
  for (const [path, text] of Object.entries(files)) workspace.open(uriOf(path), text);
  return workspace;
}

function titles(workspace: Workspace, path: string): string[] {
  return workspace.check(uriOf(path)).flatMap(({ fixes }) => fixes.map(({ title, safe }) => `${safe ? 'safe' : 'by hand'}: ${title}`));
}

/** The file after its first fix, by hand. */
function mended(workspace: Workspace, path: string, wanted: (title: string) => boolean = () => true): string {
  const fix = workspace
    .check(uriOf(path))
    .flatMap(({ fixes }) => [...fixes])
    .find(({ title }) => wanted(title))!;
  let text = workspace
    .file(uriOf(path))!
    .documents.map((document) => document.text)
    .join('');
  for (const { doc, span, newText } of [...fix.edits].sort((a, b) => b.doc.start + b.span.start - a.doc.start - a.span.start)) {
    text = text.slice(0, doc.start + span.start) + newText + text.slice(doc.start + span.end);
  }
  return text;
}

function trust(condition: object | undefined, rest: object = {}): string {
  const statement = {
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    ...(condition ? { Condition: condition } : {}),
    ...rest,
  };
  return `${JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2)}\n`;
}

const everyPod = 'add a :sub condition to fill in (without it, every pod in the cluster can assume the role)';
const subjectIs = (value: string) => ({ StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: value } });

describe('what would allow every pod', () => {
  it.each([
    [
      'the only condition is an audience under :sub',
      trust({ StringEquals: { [`${issuer}:sub`]: 'sts.amazonaws.com' } }),
      `Use :aud for the audience and ${everyPod}`,
    ],
    [
      'an effect in lower case',
      trust({ StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' } }, { Effect: 'allow' }),
      `Change the effect to Allow and ${everyPod}`,
    ],
    ['an effect in lower case, and no condition', trust(undefined, { Effect: 'allow' }), `Change the effect to Allow and ${everyPod}`],
    [
      'the action of another way',
      trust({ StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' } }, { Action: 'sts:AssumeRole' }),
      `Use sts:AssumeRoleWithWebIdentity and ${everyPod}`,
    ],
    [
      'an audience beside any subject',
      trust({ StringEquals: { [`${issuer}:aud`]: 'sts.amazon.com' }, StringLike: { [`${issuer}:sub`]: '*' } }),
      `Change the audience to sts.amazonaws.com and ${everyPod}`,
    ],
    [
      'an audience beside a negated subject',
      trust({
        StringEquals: { [`${issuer}:aud`]: 'sts.amazon.com' },
        StringNotEquals: { [`${issuer}:sub`]: 'system:serviceaccount:demo:app' },
      }),
      `Change the audience to sts.amazonaws.com and ${everyPod}`,
    ],
    [
      'an audience alone',
      trust({ StringEquals: { [`${issuer}:aud`]: 'sts.amazon.com' } }),
      `Change the audience to sts.amazonaws.com and ${everyPod}`,
    ],
  ])('is offered by hand, with a condition on the subject: %s', (_, text, title) => {
    const workspace = opened({ 'trust.json': text });
    expect(titles(workspace, 'trust.json')).toContain(`by hand: ${title}`);
    expect(workspace.fixesOf(uriOf('trust.json'))).toBeUndefined();
    const after = mended(workspace, 'trust.json', (each) => each === title);
    const [statement] = (JSON.parse(after) as { Statement: { Condition: { StringEquals: Record<string, string> } }[] }).Statement;
    expect(statement!.Condition.StringEquals[`${issuer}:sub`]).toBe('system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT');
  });

  it('names the one account that uses the role', () => {
    const account =
      'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: orders\n  namespace: shop\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/orders\n';
    const workspace = opened({
      'iam/orders/trust.json': trust({ StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' } }, { Effect: 'allow' }),
      'sa.yaml': account,
    });
    expect(titles(workspace, 'iam/orders/trust.json')).toContain(
      'by hand: Change the effect to Allow and allow only system:serviceaccount:shop:orders (without it, every pod in the cluster can assume the role)',
    );
  });

  it('is no obstacle to a fix of a statement beside a wide one that works as it is', () => {
    const wide = {
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:demo-*:app' } },
    };
    const wrong = { ...wide, Condition: { StringEquals: { [`${issuer}:aud`]: 'system:serviceaccount:shop:orders' } } };
    const workspace = opened({ 'trust.json': JSON.stringify({ Version: '2012-10-17', Statement: [wide, wrong] }) });
    expect(workspace.fixesOf(uriOf('trust.json'))?.titles).toEqual(['Use :sub for the subject']);
  });

  it('does not come about in two rounds', () => {
    const workspace = opened({ 'trust.json': trust({ StringEquals: { [`${issuer}:aud`]: 'sts.amazon.com' } }, { Effect: 'allow' }) });
    const fixed = workspace.fixesOf(uriOf('trust.json'));
    expect(fixed?.text ?? '').not.toContain('"Allow"');
  });

  it.each([
    [
      'a pattern below StringEquals, and the action',
      { StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:demo:*' } },
      { Action: 'sts:AssumeRole' },
    ],
    [
      'a pattern below StringEquals, and the effect',
      { StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:demo:*' } },
      { Effect: 'allow' },
    ],
    [
      'a misspelt pattern, and the action',
      { StringLike: { [`${issuer}:sub`]: 'system:serviceaccounts:demo:*' } },
      { Action: 'sts:AssumeRole' },
    ],
    ['a misspelt pattern, and the effect', { StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:demo/*' } }, { Effect: 'allow' }],
    [
      'a misspelt pattern, and an audience below :sub',
      { StringLike: { [`${issuer}:sub`]: 'system:serviceaccount/demo:*' }, StringEquals: { [`${issuer}:sub`]: 'sts.amazonaws.com' } },
      {},
    ],
    [
      'a misspelt pattern, and the principal',
      { 'ForAnyValue:StringLike': { [`${issuer}:sub`]: ['system:serviceaccount:shop:orders', 'system:serviceaccount:demo/*'] } },
      { Principal: undefined, Principall: { Federated: provider } },
    ],
    ['an audience below :sub, and the action', { StringEquals: { [`${issuer}:sub`]: 'sts.amazonaws.com' } }, { Action: 'sts:AssumeRole' }],
  ])('is not written by one fix to be taken as named by the next, within a run or in two: %s', (_, condition, parts) => {
    const workspace = opened({ 'trust.json': trust(condition, parts) });
    const first = workspace.fixesOf(uriOf('trust.json'))?.text ?? trust(condition, parts);
    const again = opened({ 'trust.json': first }).fixesOf(uriOf('trust.json'))?.text ?? first;
    expect(again).toBe(first);
    // What is left out is either the pattern as a pattern, or what would put it in force.
    const isInForce =
      /"Allow"/.test(first) && /AssumeRoleWithWebIdentity/.test(first) && /"Principal"/.test(first) && !/:sub":\s*"sts/.test(first);
    expect(/StringLike"[^}]*"system:serviceaccount:demo:\*"|:aud/.test(first) && isInForce, first).toBe(false);
  });

  it('is not hidden by a NotAction beside the action', () => {
    const workspace = opened({
      'trust.json': trust(
        { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' } },
        { Action: 'sts:AssumeRole', NotAction: 'sts:AssumeRoleWithWebIdentity' },
      ),
    });
    expect(workspace.fixesOf(uriOf('trust.json'))).toBeUndefined();
  });

  it('is Pod Identity without a namespace, and not with one', () => {
    const policy = (condition: object) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole'], ...condition }],
      });
    const tags = { 'aws:RequestTag/kubernetes-namespace': 'demo', 'aws:RequestTag/kubernetes-service-account': 'app' };
    expect(titles(opened({ 'a.json': policy({}) }), 'a.json')).toContain(
      'by hand: Add sts:TagSession (then every pod with a Pod Identity association for it can assume the role)',
    );
    expect(titles(opened({ 'a.json': policy({ Condition: { StringEquals: tags } }) }), 'a.json')).toContain('safe: Add sts:TagSession');
  });

  it('is told of a Deny that goes, and of a principal that is anybody', () => {
    const statements = [
      { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' },
      {
        Effect: 'allow',
        Principal: { Federated: provider },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: subjectIs('system:serviceaccount:demo:app'),
      },
    ];
    const workspace = opened({ 'trust.json': JSON.stringify({ Version: '2012-10-17', Statement: statements }) });
    expect(titles(workspace, 'trust.json')).toContain('by hand: Change the effect to Allow (then every AWS principal can assume the role)');
    expect(workspace.fixesOf(uriOf('trust.json'))).toBeUndefined();
  });
});

describe('accounts that are plainly named', () => {
  it.each([
    [
      'the subject under :aud',
      trust({ StringEquals: { [`${issuer}:aud`]: 'system:serviceaccount:demo:app' } }),
      ':sub": "system:serviceaccount:demo:app"',
    ],
    [
      'a pattern of one namespace, below StringLike as it was',
      trust({ StringLike: { [`${issuer}:aud`]: 'system:serviceaccount:demo:*' } }),
      ':sub": "system:serviceaccount:demo:*"',
    ],
    ['a subject with a slash', trust(subjectIs('system:serviceaccount:demo/app')), 'system:serviceaccount:demo:app'],
    ['an effect', trust(subjectIs('system:serviceaccount:demo:app'), { Effect: 'allow' }), '"Allow"'],
    ['an action', trust(subjectIs('system:serviceaccount:demo:app'), { Action: 'sts:AssumeRole' }), 'sts:AssumeRoleWithWebIdentity'],
  ])('come in unattended: %s', (_, text, part) => {
    expect(opened({ 'trust.json': text }).fixesOf(uriOf('trust.json'))?.text).toContain(part);
  });

  it('are not those that a Deny or a negation names', () => {
    const statements = [
      {
        Effect: 'Allow',
        Principal: { Federated: provider },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${issuer}:sub`]: 'sts.amazonaws.com' },
          StringNotEquals: { [`${issuer}:sub`]: 'system:serviceaccount:demo:app' },
        },
      },
    ];
    expect(
      opened({ 'trust.json': JSON.stringify({ Version: '2012-10-17', Statement: statements }) }).fixesOf(uriOf('trust.json')),
    ).toBeUndefined();
  });
});

describe('text that no rule judged', () => {
  const template = (federated: string) => `Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              Federated: ${federated}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals:
                ${issuer}:sub: system:serviceaccount:demo:app
`;
  it.each([
    ['!Join', `!Join ["", ["arn:aws-cn:iam::111122223333:oidc-provider/", "${issuer}"]]`],
    ['Fn::Join', `{"Fn::Join": ["", ["arn:aws-cn:iam::111122223333:oidc-provider/", "${issuer}"]]}`],
    [
      'Fn::Join on lines',
      `\n                Fn::Join:\n                  - ""\n                  - - "arn:aws-cn:iam::"\n                    - "111122223333:oidc-provider/${issuer}"`,
    ],
    ['!Select', `!Select [0, !Split [",", "arn:aws-cn:iam::111122223333:oidc-provider/${issuer},x"]]`],
  ])('is left as it is: %s', (_, federated) => {
    const workspace = opened({ 'role.yaml': template(federated) });
    expect(workspace.check(uriOf('role.yaml')).map(({ rule }) => rule)).toContain('partition-mismatch');
    expect(titles(workspace, 'role.yaml')).toEqual([]);
    expect(workspace.fixesOf(uriOf('role.yaml'))).toBeUndefined();
  });

  it('is changed within !Sub, where the text itself stands', () => {
    const text = template(`!Sub "arn:aws-cn:iam::\${AWS::AccountId}:oidc-provider/${issuer}"`);
    expect(opened({ 'role.yaml': text }).fixesOf(uriOf('role.yaml'))?.text).toBe(text.replace('aws-cn', 'aws'));
  });

  it('is not that of an anchor, which other places take over', () => {
    const account = (name: string, value: string) =>
      `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n  annotations:\n    eks.amazonaws.com/token-expiration: ${value}\n`;
    const list = `apiVersion: v1\nkind: List\nitems:\n${[account('a', '&seconds "90m"'), account('b', '*seconds')].map((each) => each.replace(/^/gm, '    ').replace(/^ {4}/, '  - ').trimEnd()).join('\n')}\n`;
    const workspace = opened({ 'sa.yaml': list });
    expect(titles(workspace, 'sa.yaml').length).toBeGreaterThan(0);
    expect(titles(workspace, 'sa.yaml').filter((title) => title.startsWith('safe'))).toEqual([]);
  });

  it('is known by what it says, however it is escaped', () => {
    const text = trust({ StringEquals: { [`${issuer}:sub`]: 'system:serviceaccounts:demo:app' } }).replace(
      'accounts:demo',
      'accounts\\u003ademo',
    );
    expect(mended(opened({ 'trust.json': text }), 'trust.json')).toContain('"system:serviceaccount:demo:app"');
  });
});

describe('broken files', () => {
  const exact = trust({ StringEquals: { [`${issuer}:aud`]: 'system:serviceaccount:demo:app' } });
  it.each([
    ['a quote that is not closed', exact.replace('"Version": "2012', '"Version: "2012')],
    ['a comma too many', exact.replace('"Allow",', '"Allow",,')],
    ['a key twice', exact.replace('"Effect"', '"Effect": "Allow", "Effect"')],
    [
      'a comma after the last entry',
      exact.replace(/\n {6}\}\n/, ',\n      }\n').replace('"system:serviceaccount:demo:app"\n', '"system:serviceaccount:demo:app",\n'),
    ],
  ])('are not changed unattended: %s', (_, text) => {
    expect(text).not.toBe(exact);
    const workspace = opened({ 'trust.json': text });
    expect(titles(workspace, 'trust.json').filter((title) => title.startsWith('safe'))).toEqual([]);
    expect(workspace.fixesOf(uriOf('trust.json'))).toBeUndefined();
  });

  it('do not keep a sound document beside them from its fixes', () => {
    const account =
      'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n  annotations:\n    eks.amazonaws.com/token-expiration: 3600\n';
    const text = `a: "unclosed\n---\n${account}`;
    expect(opened({ 'sa.yaml': text }).fixesOf(uriOf('sa.yaml'))?.text).toBe(text.replace(': 3600', ': "3600"'));
  });

  it('keep the line ends of the lines around a fix', () => {
    const text = trust({ StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' } }, { Effect: 'allow' }).replaceAll('\n', '\r\n');
    const after = mended(opened({ 'trust.json': text }), 'trust.json', (title) => title.includes(everyPod));
    expect(after).toContain(':sub');
    expect(after.match(/(?<!\r)\n/g)).toBeNull();
  });
});

describe('a role for an account', () => {
  const account = (name: string) => `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n  namespace: demo\n`;
  const pod = (name: string, own: string, annotated: boolean) =>
    `---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: demo\n${annotated ? '  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo\n' : ''}spec:\n  serviceAccountName: ${own}\n`;
  it.each([
    [
      'the one workload that its author annotated',
      account('app') + pod('one', 'app', true),
      'safe: Move role-arn to the service account app',
    ],
    [
      'two workloads',
      account('app') + pod('one', 'app', true) + pod('two', 'app', false),
      'by hand: Move role-arn to the service account app (2 workloads use it)',
    ],
    [
      'every pod that names none',
      account('default') + pod('one', 'default', true),
      'by hand: Move role-arn to the service account default (pods that name no service account use it)',
    ],
  ])('would be one for %s', (_, text, title) => {
    expect(titles(opened({ 'all.yaml': text }), 'all.yaml')).toContain(title);
  });
});
