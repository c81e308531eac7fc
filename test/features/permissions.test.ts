import { escapeHtml } from '../../client/src/views/html';
import { permissionsBody } from '../../client/src/views/permissions/html';
import { hostileNames, skeleton } from '../client/support';
import { describe, expect, it } from 'vitest';
import { lensesOf } from '../../server/src/core/features/codeLens';
import { hoverAt } from '../../server/src/core/features/hover/hover';
import type { ShowPlace } from '../../server/src/core/features/explain';
import type { PermissionsShown } from '../../server/src/core/features/permissions/shown';
import { permissionsText } from '../../server/src/core/features/permissions/text';
import { rolePermissions, type RoleQuestion } from '../../server/src/core/features/permissionsPage';
import { policyDocument } from '../../server/src/core/features/policyDocument';
import type { AwsGap, AwsRole } from '../../server/src/core/model/aws';
import { parseAwsUri } from '../../server/src/core/model/awsUri';
import { AwsIndex } from '../../server/src/core/wiring/aws';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { accountId, factsOf, roleArn, type Written } from '../permissions/role';
import { catalogue } from '../support/catalogue';

const uri = 'file:///w/sa.yaml';
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';

function account(arn = roleArn): string {
  return `apiVersion: v1
kind: ServiceAccount
metadata:
  name: demo-sa
  namespace: demo-namespace
  annotations:
    eks.amazonaws.com/role-arn: ${arn}
`;
}

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${accountId}:oidc-provider/${issuer}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:demo-namespace:demo-sa' } },
    },
  ],
});

const written: Written = {
  'arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess': [{ Action: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ListQueues'] }],
  objects: [{ Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], Resource: 'arn:aws:s3:::demo-bucket/*' }],
  keys: [{ Action: 'kms:Decrypt', Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } } }],
  no: [{ Effect: 'Deny', Action: 's3:DeleteBucket' }],
};

interface Given {
  readonly policies?: Written;
  readonly role?: Partial<AwsRole>;
  readonly gaps?: readonly AwsGap[];
  readonly live?: boolean;
  readonly files?: Readonly<Record<string, string>>;
  readonly withoutData?: boolean;
}

function workspaceOf({ policies = written, role = {}, gaps, live, files = { 'sa.yaml': account() }, withoutData }: Given = {}): Workspace {
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
    catalogue: () => (withoutData ? undefined : catalogue()),
  });
  workspace.setAws(
    new AwsIndex(
      factsOf(policies, { trustPolicy: trust, ...role }, gaps),
      live ? { kind: 'live', label: 'AWS' } : { kind: 'snapshot', label: 'snapshot of 2026-11-20' },
    ),
  );
  for (const [path, text] of Object.entries(files)) workspace.open(`file:///w/${path}`, text);
  return workspace;
}

function hover(given: Given = {}, at = 'arn:aws', commands = true, path = 'sa.yaml'): string {
  const workspace = workspaceOf(given);
  const text = given.files?.[path] ?? account();
  return hoverAt(workspace, `file:///w/${path}`, text.indexOf(at) + 2, { commands })?.markdown ?? '';
}

describe('the card of a role', () => {
  it('says in a few lines who is admitted and what the role may do', () => {
    const text = hover({
      role: {
        path: '/eks/',
        maxSessionDuration: 3600,
        description: 'Reads the demo bucket',
        lastUsed: '2026-11-17T10:00:00Z',
        lastUsedRegion: 'eu-west-1',
      },
    });
    expect(text).toContain('**demo\\-role** · account `481516234212` · path `/eks/` · max session `1 hour`');
    expect(text).toContain('Reads the demo bucket');
    expect(text).toContain('**✓** Allows `demo-namespace/demo-sa`');
    expect(text).toContain('snapshot of 2026\\-11\\-20');
    expect(text).toContain(
      [
        '| Permissions | list | read | write | permissions | |',
        '|:--|--:|--:|--:|--:|:--|',
        '| S3 | – | 1 | 2 | – | on `demo-bucket/*` |',
        '| SQS | – | 3 | – | – | on `*` ⚠ any queue |',
        '| KMS | – | – | 1 | – | on `*` if kms:ViaService = s3\\.eu\\-west\\-1\\.amazonaws\\.com |',
      ].join('\n'),
    );
    expect(text).toContain('Denied: s3:DeleteBucket');
    expect(text).toMatch(
      /From \[AmazonSQSReadOnlyAccess\]\(command:podRoles\.openAwsDocument\?[^)]+\), inline \[keys\]\(command:podRoles\.openAwsDocument\?[^)]+\), inline \[no\]/,
    );
    expect(text).toContain('Boundary: none\\. Last used 2026\\-11\\-17 in eu\\-west\\-1.');
    expect(text).toContain(`[Open in console](https://console.aws.amazon.com/iam/home#/roles/details/demo-role?section=permissions)`);
    expect(text).toContain(
      `[Open all permissions](command:podRoles.showRolePermissions?${encodeURIComponent(JSON.stringify([{ roleArn }]))})`,
    );
  });

  it('counts the last use from when AWS was asked, and offers to ask again', () => {
    const text = hover({ live: true, role: { lastUsed: '2026-11-17T07:00:00Z' } });
    expect(text).toContain('Last used 3 days ago');
    expect(text).toContain('AWS, asked 2026\\-11\\-20 08:00 UTC');
    expect(text).toContain('[Refresh](command:podRoles.refreshAwsData?');
  });

  it('has no commands for a client that runs none', () => {
    const text = hover({}, 'arn:aws', false);
    expect(text).not.toContain('command:');
    expect(text).toContain('From `AmazonSQSReadOnlyAccess`');
  });

  it.each([
    ['aws-cn', 'https://console.amazonaws.cn/iam/home#/roles/details/demo-role'],
    ['aws-us-gov', 'https://console.amazonaws-us-gov.com/iam/home#/roles/details/demo-role'],
  ])('leads to the console of %s', (partition, url) => {
    const arn = `arn:${partition}:iam::${accountId}:role/demo-role`;
    expect(hover({ role: { arn }, files: { 'sa.yaml': account(arn) } })).toContain(url);
  });

  it('leads to no console where there is no public one', () => {
    const arn = `arn:aws-iso:iam::${accountId}:role/demo-role`;
    expect(hover({ role: { arn }, files: { 'sa.yaml': account(arn) } })).not.toContain('Open in console');
  });

  it('says what was not read, and shows the rest', () => {
    const text = hover({
      role: { attached: undefined },
      gaps: [{ action: 'iam:ListAttachedRolePolicies', resource: roleArn, reason: 'You may not call it.' }],
    });
    expect(text).toContain(
      'Permissions not read in full. The attached policies were not read \\(iam:ListAttachedRolePolicies\\): You may not call it\\.',
    );
    expect(text).toContain('| S3 |');
  });

  it('says when policies are still to be read, or are in no snapshot', () => {
    expect(hover({ role: { detail: false }, live: true })).toContain('Its policies are being read');
    expect(hover({ role: { detail: false } })).toContain('The snapshot has no policies of this role.');
    expect(hover({ withoutData: true })).toContain("the data on access levels isn't installed");
  });

  it('says when AWS has no such role', () => {
    const of = (arn: string): string => hover({ files: { 'sa.yaml': account(arn) } });
    expect(of(`arn:aws:iam::${accountId}:role/other`)).toContain('has no role of this name');
    expect(of(`arn:aws:iam::${accountId}:role/team/demo-role`)).toContain(`it has arn:aws:iam::${accountId}:role/demo\\-role`);
    expect(of('arn:aws:iam::111122223333:role/demo-role')).not.toContain('has no role');
  });

  it('takes the only role of a name where the account is a placeholder, and says so', () => {
    const text = hover({ files: { 'sa.yaml': account('arn:aws:iam::${ACCOUNT_ID}:role/demo-role') } });
    expect(text).toContain('this is the only known role with that name');
    expect(text).toContain('| S3 |');
  });

  it('calls an administrator one, without a table of all services', () => {
    const text = hover({ policies: { 'arn:aws:iam::aws:policy/AdministratorAccess': [{ Action: '*' }] } });
    expect(text).toContain('⚠ Administrator: AdministratorAccess allows every action on every resource\\.');
    expect(text).not.toContain('| Permissions');
  });

  it('stands on an ARN in a workload, an association and a policy', () => {
    const files = {
      'pod.yaml': `apiVersion: v1
kind: Pod
metadata: { name: app, namespace: demo-namespace }
spec:
  containers:
    - name: app
      image: app
      env:
        - { name: AWS_ROLE_ARN, value: "${roleArn}" }
`,
      'trust.json': JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: roleArn }, Action: 'sts:AssumeRole' },
          ...(JSON.parse(trust) as { Statement: unknown[] }).Statement,
        ],
      }),
    };
    expect(hover({ files }, roleArn, true, 'pod.yaml')).toContain('| S3 |');
    expect(hover({ files }, roleArn, true, 'trust.json')).toContain('| S3 |');
  });
});

describe('text from AWS and from files', () => {
  it.each([
    ['a command link', '[Click](command:workbench.action.terminal.new)', /\]\(command:workbench/],
    ['a link', '[AWS](https://evil.example)', /\]\(https:\/\/evil/],
    ['a bare address', 'see https://evil.example/x', /https:\/\/evil/],
    ['an image', '![x](https://evil.example/x.png)', /!\[/],
    ['HTML', '<a href="command:x">y</a>', /<a/],
    ['an autolink', '<https://evil.example>', /<https/],
    ['a line break and a heading', 'x\n# Trusted\n[a]: command:x', /^# Trusted/m],
    ["a table's bar", 'a | b | c', /a \| b/],
    ['code', '`x` [y](command:z)', /\]\(command:z/],
    ['an entity', '&lsqb;x&rsqb;(command:x)', /&lsqb;/],
    ['direction marks', 'a\u202eb', /\u202e/],
  ])('cannot forge %s', (_, description, forged) => {
    expect(hover({ role: { description } })).not.toMatch(forged);
    expect(hover({ policies: { [description.slice(0, 40)]: [{ Action: 's3:GetObject' }] } })).not.toMatch(forged);
    expect(
      hover({ policies: { p: [{ Action: 's3:GetObject', Resource: `arn:aws:s3:::b/${description}` }] } }).replace(
        /(?<!`)(`+)(?!`)[^\n]*?[^`]\1(?!`)/g,
        '',
      ),
    ).not.toMatch(forged);
    expect(
      hover({ policies: { p: [{ Action: 's3:GetObject', Condition: { StringEquals: { [description]: description } } }] } }),
    ).not.toMatch(forged);
  });
});

describe('the lens', () => {
  const lens = (given: Given): string => lensesOf(workspaceOf(given), uri)[0]!.title;
  it('counts what the role may do', () => expect(lens({})).toBe('✓ Can assume demo-role · 4 read, 3 write actions'));
  it('calls out an administrator', () =>
    expect(lens({ policies: { p: [{ Action: '*' }] } })).toBe('✓ Can assume demo-role · all permissions ⚠'));
  it('says when not all was read', () =>
    expect(lens({ role: { attached: undefined } })).toBe('✓ Can assume demo-role · 1 read, 3 write actions, as far as read'));
  it('is silent where policies are not known', () => expect(lens({ role: { detail: false } })).toBe('✓ Can assume demo-role'));
  it('says when there are none', () => expect(lens({ policies: {} })).toBe('✓ Can assume demo-role · no actions'));
});

describe('the page', () => {
  const showIn =
    (workspace: ReturnType<typeof workspaceOf>): ShowPlace =>
    ({ doc, span }) => {
      const at = workspace.position(doc, span.start)!;
      return { label: `${doc.uri.slice('file:///w/'.length)}:${at.line + 1}`, uri: doc.uri, ...at };
    };
  const ask = (workspace: ReturnType<typeof workspaceOf>, question: RoleQuestion) =>
    rolePermissions(workspace, question, showIn(workspace));

  function page(given: Given = {}): PermissionsShown & { readonly text: string } {
    const result = ask(workspaceOf(given), { roleArn });
    if ('problem' in result) throw new Error(result.problem);
    return { ...result, text: permissionsText(result) };
  }

  it('names every action with its level, resource and policy', () => {
    const { text } = page();
    expect(text).toContain('  on arn:aws:s3:::demo-bucket/*  the inline policy "objects"');
    expect(text).toContain('    read (1): s3:GetObject\n');
    expect(text).toContain('    write (2): s3:DeleteObject, s3:PutObject\n');
    expect(text).toContain('✓ Can assume demo-role: demo-namespace/demo-sa  sa.yaml:7');
    expect(text).toContain(`access levels of ${catalogue().date}`);
    expect(text).toContain('Policies of resources, of the organization');
  });

  it('names no single action where a service is allowed as a whole', () => {
    const { text } = page({ policies: { p: [{ Action: '*' }] } });
    expect(text).toMatch(/every action: \d+ list, \d+ read, \d+ write, \d+ permissions, \d+ tagging\n/);
    expect(text).not.toContain('s3:GetObject,');
    expect(text.length).toBeLessThan(200_000);
  });

  it('says that a session policy restricts what pods of an association may do', () => {
    const association = `apiVersion: eks.services.k8s.aws/v1alpha1
kind: PodIdentityAssociation
metadata: {name: demo}
spec:
  clusterName: demo
  namespace: shop
  serviceAccount: orders
  roleARN: ${roleArn}
  disableSessionTags: true
  policy: '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'
`;
    const { text, accounts, first } = page({ files: { 'association.yaml': association } });
    expect(first[0]).toEqual({
      heading: 'Restricted by a session policy',
      lines: ["shop/orders in cluster demo: only what the association's session policy allows, too"],
    });
    expect(text).toContain('Restricted by a session policy');
    expect(accounts.map((each) => [each.text, each.place?.label])).toEqual([
      ["✗ Can't assume demo-role by Pod Identity: principal isn't pods.eks.amazonaws.com: shop/orders", 'association.yaml:2'],
    ]);
    expect(page({ files: { 'association.yaml': association.replace(/  policy:.*\n/, '') } }).text).not.toContain('session policy');
    expect(hover({ files: { 'association.yaml': association } }, 'arn:aws', true, 'association.yaml')).toContain(
      'Pod Identity association of `shop/orders`. Session tags are disabled. A session policy restricts the permissions.',
    );
  });

  it('links each policy to its document, the account to its file, the role to the console', () => {
    const { accounts, links, grants, policies } = page();
    expect(accounts.map(({ place }) => [place?.label, place?.uri])).toEqual([['sa.yaml:7', uri]]);
    expect(links.find(({ label }) => label === 'Open in console')?.uri).toMatch(/^https:\/\/console\.aws\.amazon\.com\//);
    const shown = [
      ...links,
      ...grants.map(({ statement }) => statement),
      ...policies!.map(({ name, uri: to = '' }) => ({ label: name, uri: to })),
    ];
    const documents = shown.map(({ label, uri: to }) => [label, parseAwsUri(to)] as const).filter(([, document]) => document);
    expect(documents).toContainEqual(['the inline policy "objects"', { kind: 'inline', roleArn, name: 'objects' }]);
    expect(documents).toContainEqual(['objects', { kind: 'inline', roleArn, name: 'objects' }]);
    expect(documents).toContainEqual([
      'AmazonSQSReadOnlyAccess',
      { kind: 'managed', arn: 'arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess' },
    ]);
    expect(documents).toContainEqual(['Trust policy', { kind: 'trust', roleArn }]);
  });

  it('shows in the view what the text says: every action in a row that can be filtered, with the statement that allows it', () => {
    const shown = page();
    const body = permissionsBody(shown).text;
    const rows = [...body.matchAll(/<tr data-text="([^"]*)" data-service="([^"]*)" data-level="([^"]*)"/g)];
    expect(rows).toHaveLength(shown.grants.reduce((sum, { levels }) => sum + levels.length, 0));
    for (const { service, statement, levels } of shown.grants) {
      for (const { level, actions } of levels) {
        const row = rows.find(([, text, of, at]) => of === service && at === level && actions.every((action) => text!.includes(action)));
        expect(row?.[1]).toContain(escapeHtml(statement.label));
        for (const action of actions) expect(shown.text).toContain(action);
      }
    }
    for (const line of [...shown.facts, shown.source, shown.boundary!.text]) expect(body).toContain(escapeHtml(line));
  });

  it('shows in the view what is denied, what was not read and what a boundary cuts off', () => {
    const told = page({
      policies: {
        p: [
          { Action: ['s3:GetObject', 's3:PutObject'], Resource: '*' },
          { Effect: 'Deny', Action: 's3:DeleteBucket', Resource: '*' },
        ],
        boundary: [{ Action: 's3:GetObject' }],
      },
      role: { attached: undefined },
    });
    const body = permissionsBody(told).text;
    for (const part of ['Denied', 's3:DeleteBucket', 'Not read, so that there may be more', 'Cut off by the boundary: s3:PutObject'])
      expect(body).toContain(part);
  });

  it.each(hostileNames)('shows %j and does nothing', (name) => {
    const body = (text: string) =>
      permissionsBody(
        page({
          role: { description: text, tags: { [text]: text } },
          policies: { [text]: [{ Action: 's3:GetObject', Resource: `arn:aws:s3:::b/${text}` }] },
        }),
      ).text;
    expect(skeleton(body(name))).toEqual(skeleton(body('name')));
  });

  it('says what has no effect and what a boundary cuts off', () => {
    const { text } = page({
      policies: {
        p: [{ Action: ['s3:ListAllMyBuckets', 's3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::b/*' }],
        boundary: [{ Action: 's3:GetObject' }],
      },
    });
    expect(text).toContain('s3:ListAllMyBuckets  (the inline policy "p"; it needs Resource "*")');
    expect(text).toContain('Boundary: boundary, which cuts off 1 action (s3:PutObject).');
  });

  it('cannot be broken into by a description', () => {
    expect(page({ role: { description: 'a\nb\u2028c\u001b[31m' } }).text).toContain('\na\\nb\\u2028c\\x1b[31m\n');
  });

  it('is found from any place that is about the role', () => {
    const workspace = workspaceOf();
    for (const at of ['demo-sa', 'role-arn', 'arn:aws', 'kind']) {
      expect(ask(workspace, { uri, offset: account().indexOf(at) + 1 })).toMatchObject({ title: 'Permissions of demo-role' });
    }
  });

  it('says in a sentence why there is none', () => {
    const workspace = workspaceOf();
    expect(ask(workspace, { roleArn: 'x' })).toMatchObject({ problem: expect.stringContaining('There is no role here') });
    expect(ask(workspace, { roleArn: `arn:aws:iam::${accountId}:role/gone` })).toMatchObject({
      problem: `Account ${accountId} has no role of this name.`,
    });
    workspace.setAws(undefined);
    expect(ask(workspace, { roleArn })).toMatchObject({ problem: expect.stringContaining('Only AWS knows the permissions') });
  });

  it('survives every place of every file', () => {
    const workspace = workspaceOf({ files: { 'sa.yaml': account(), 'trust.json': trust } });
    for (let offset = 0; offset <= account().length; offset++) expect(ask(workspace, { uri, offset })).toHaveProperty('facts');
    for (let offset = 0; offset <= trust.length; offset += 3) ask(workspace, { uri: 'file:///w/trust.json', offset });
  });
});

describe('documents of policies', () => {
  const aws = new AwsIndex(factsOf(written, { trustPolicy: trust }), { kind: 'snapshot', label: 'snapshot' });

  it.each([
    [{ arn: 'arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess' }, 'sqs:GetQueueUrl'],
    [{ roleArn, name: 'objects' }, 's3:PutObject'],
    [{ roleArn }, 'sts:AssumeRoleWithWebIdentity'],
  ])('%j has line breaks and an address that leads back', (question, part) => {
    const shown = policyDocument(aws, question);
    if ('problem' in shown) throw new Error(shown.problem);
    expect(shown.text.split('\n').length).toBeGreaterThan(5);
    expect(shown.text).toContain(part);
    // As an editor writes it back: slashes decoded, the rest encoded anew.
    const rewritten = `pod-roles-aws:${decodeURIComponent(shown.uri.slice('pod-roles-aws:'.length)).split('/').map(encodeURIComponent).join('/')}`;
    expect(policyDocument(aws, { uri: rewritten })).toEqual(shown);
  });

  it('keeps paths of ARNs', () => {
    const arn = 'arn:aws:iam::481516234212:policy/team/a/read';
    const facts = factsOf({ [arn]: [{ Action: 's3:GetObject' }] });
    expect(policyDocument(new AwsIndex(facts, { kind: 'snapshot', label: 'x' }), { arn })).toMatchObject({ title: arn });
  });

  it.each([
    { arn: 'arn:aws:iam::aws:policy/None' },
    { roleArn, name: 'toString' },
    { roleArn: 'arn:aws:iam::1:role/x' },
    { uri: 'file:///etc/passwd' },
    { uri: 'pod-roles-aws:/trust/%E0%A4%A/x' },
  ])('says that %j is not there', (question) => expect(policyDocument(aws, question)).toHaveProperty('problem'));
});
