import { describe, expect, it } from 'vitest';
import { catalogue } from '../support/catalogue';
import { granted, permissions } from './role';

const bucket = 'arn:aws:s3:::demo-bucket';
const objects = `${bucket}/*`;
const queue = 'arn:aws:sqs:eu-west-1:481516234212:jobs';

describe('the catalogue', () => {
  it('has the services and levels of AWS, and a date', () => {
    expect(catalogue().date).toMatch(/^\d{4}-\d\d-\d\d$/);
    const s3 = catalogue().service('s3')!;
    expect(s3.name).toBe('S3');
    expect(s3.byName.get('getobject')).toMatchObject({ name: 'GetObject', level: 'read' });
    expect(s3.byName.get('putobject')!.level).toBe('write');
    expect(s3.byName.get('putbucketpolicy')!.level).toBe('permissions');
    expect(s3.byName.get('listbucket')!.level).toBe('list');
    expect(s3.byName.get('listallmybuckets')!.on).toEqual([]);
    expect([...catalogue().services()].length).toBeGreaterThan(400);
  });

  it('names kinds of resources for each action that has them', () => {
    const on = (service: string, action: string): string[] => {
      const kinds = catalogue().service(service)!.byName.get(action)!.on;
      return kinds === 'any' ? ['any'] : kinds.map((kind) => kind.name);
    };
    expect(on('s3', 'getobject')).toContain('object');
    expect(on('sqs', 'sendmessage')).toEqual(['queue']);
  });
});

describe('what policies allow', () => {
  it('counts by service and level, on what', () => {
    const { services, totals } = permissions({
      read: [{ Action: ['s3:GetObject', 's3:ListBucket'], Resource: [bucket, objects] }],
      queue: [{ Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'], Resource: queue }],
    });
    expect(services.map(({ name, counts: { list, read, write }, resources }) => ({ name, list, read, write, resources }))).toEqual([
      { name: 'S3', list: 1, read: 1, write: 0, resources: [objects, bucket] },
      { name: 'SQS', list: 0, read: 1, write: 1, resources: [queue] },
    ]);
    expect(totals).toMatchObject({ list: 1, read: 2, write: 1, permissions: 0, tagging: 0 });
  });

  it('gives each action only the resources that it can act on', () => {
    const { effective } = permissions({
      mixed: [{ Action: ['s3:GetObject', 's3:ListBucket', 'sqs:SendMessage'], Resource: [bucket, objects, queue] }],
    });
    expect(Object.fromEntries(effective.grants.map((grant) => [grant.actions.map(({ name }) => name).join(), grant.resources]))).toEqual({
      GetObject: [objects],
      ListBucket: [bucket],
      SendMessage: [queue],
    });
  });

  it('says of a named action that no resource of its statement fits that it is not allowed', () => {
    const { effective } = permissions({
      mistaken: [{ Action: ['s3:ListAllMyBuckets', 's3:ListBucket', 's3:GetObject'], Resource: objects }],
    });
    expect(effective.without.map(({ action }) => action.name).sort()).toEqual(['ListAllMyBuckets', 'ListBucket']);
    expect(effective.grants.flatMap(({ actions }) => actions).map(({ name }) => name)).toEqual(['GetObject']);
  });

  it.each([
    ['s3:getobject', ['s3:GetObject']],
    ['S3:GETOBJECT', ['s3:GetObject']],
    ['sqs:Send*', ['sqs:SendMessage']],
    ['sqs:?endMessage', ['sqs:SendMessage']],
    ['sqs:*Queues', ['sqs:ListDeadLetterSourceQueues', 'sqs:ListQueues']],
  ])('reads %s as IAM does', (written, expected) => expect(granted(permissions({ p: [{ Action: written }] }))).toEqual(expected));

  it('names what AWS may have and the data has not', () => {
    const { effective, services } = permissions({ p: [{ Action: ['s3:GetObjectFromTheFuture', 'newservice:Do'] }] });
    expect(effective.unlisted.map(({ name }) => name)).toEqual(['s3:GetObjectFromTheFuture', 'newservice:Do']);
    expect(services).toEqual([]);
  });

  it('takes log groups with slashes in their names, with and without the trailing star', () => {
    for (const resource of [
      'arn:aws:logs:*:*:log-group:/aws/eks/demo:*',
      'arn:aws:logs:eu-west-1:481516234212:log-group:/aws/eks/demo:log-stream:*',
    ]) {
      expect(granted(permissions({ p: [{ Action: 'logs:PutLogEvents', Resource: resource }] }))).toEqual(['logs:PutLogEvents']);
    }
  });

  it.each([
    ['dynamodb:Query', 'arn:aws:dynamodb:*:*:table/orders/index/*'],
    ['dynamodb:Query', 'arn:aws:dynamodb:eu-west-1:481516234212:table/${aws:PrincipalTag/table}'],
    ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:481516234212:secret:prod/db/password-??????'],
    ['ssm:GetParameter', 'arn:aws:ssm:*:481516234212:parameter/prod/*'],
    ['kms:Decrypt', 'arn:aws:kms:eu-west-1:481516234212:key/1234abcd-12ab-34cd-56ef-1234567890ab'],
    ['ecr:BatchGetImage', 'arn:aws:ecr:eu-west-1:481516234212:repository/team/app'],
    ['iam:PassRole', 'arn:aws:iam::481516234212:role/eks/nodes/*'],
    ['sts:AssumeRole', 'arn:aws:iam::*:role/deploy'],
    ['execute-api:Invoke', 'arn:aws:execute-api:eu-west-1:*:abc123/prod/GET/orders/*'],
    ['s3:GetObject', 'arn:aws:s3:::*/public/*'],
    ['s3:GetObject', 'arn:aws*:s3:::demo-bucket/${aws:PrincipalTag/kubernetes-namespace}/*'],
    ['lambda:InvokeFunction', 'arn:aws:lambda:eu-west-1:481516234212:function:app:*'],
    ['sns:Publish', 'arn:aws:sns:*:*:alarms'],
    ['es:ESHttpGet', 'arn:aws:es:eu-west-1:481516234212:domain/logs/*'],
    ['events:PutEvents', 'arn:aws:events:eu-west-1:481516234212:event-bus/aws.partner/example.com/1'],
    ['bedrock:InvokeModel', 'arn:aws:bedrock:*::foundation-model/anthropic.claude-*'],
    ['route53:ChangeResourceRecordSets', 'arn:aws:route53:::hostedzone/Z123'],
    ['apigateway:GET', 'arn:aws:apigateway:eu-west-1::/restapis/*'],
  ])('takes %s on %s', (action, resource) => {
    const { effective } = permissions({ p: [{ Action: action, Resource: resource }] });
    expect(effective.without).toEqual([]);
    expect(effective.grants.map(({ resources }) => resources)).toEqual([[resource]]);
  });
});

describe('denies', () => {
  it('takes away what is denied wholly, and names the rest', () => {
    const result = permissions({
      all: [{ Action: ['s3:GetObject', 's3:DeleteBucket', 's3:PutObject'], Resource: '*' }],
      no: [
        { Effect: 'Deny', Action: 's3:DeleteBucket' },
        { Effect: 'Deny', Action: 's3:PutObject', Resource: 'arn:aws:s3:::logs/*' },
      ],
    });
    expect(granted(result)).toEqual(['s3:GetObject', 's3:PutObject']);
    expect(result.effective.denied.map(({ name }) => name)).toEqual(['DeleteBucket']);
    expect(result.effective.grants.find(({ limits }) => limits.length > 0)).toMatchObject({ actions: [{ name: 'PutObject' }] });
  });

  it('keeps what a condition leaves open', () => {
    const result = permissions({
      p: [{ Action: 's3:GetObject' }, { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    });
    expect(granted(result)).toEqual(['s3:GetObject']);
    expect(result.denies[0]!.condition).toBe('aws:SecureTransport = false');
  });

  it('reads NotAction and NotResource of a deny', () => {
    const result = permissions({
      p: [{ Action: ['s3:GetObject', 'sqs:SendMessage', 'sqs:ReceiveMessage'], Resource: '*' }],
      notAction: [{ Effect: 'Deny', NotAction: ['s3:*', 'sqs:SendMessage'] }],
    });
    expect(granted(result)).toEqual(['s3:GetObject', 'sqs:SendMessage']);
    const other = permissions({
      p: [
        { Action: 's3:GetObject', Resource: [objects, 'arn:aws:s3:::other/*'] },
        { Effect: 'Deny', Action: 's3:*', NotResource: objects },
      ],
    });
    expect(other.effective.grants.map(({ resources }) => resources)).toEqual([[objects]]);
  });

  it('does not take a narrower deny for the whole', () => {
    const result = permissions({
      p: [
        { Action: 's3:GetObject', Resource: 'arn:aws:s3:::demo*/*' },
        { Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::demo?/*' },
      ],
    });
    expect(granted(result)).toEqual(['s3:GetObject']);
  });
});

describe('a boundary', () => {
  it('cuts what it does not allow, and narrows resources', () => {
    const result = permissions({
      p: [{ Action: ['s3:GetObject', 's3:PutObject', 'sqs:SendMessage'] }],
      boundary: [
        { Action: 's3:Get*', Resource: objects },
        { Action: 'sqs:*', Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } },
      ],
    });
    expect(result.effective.cut.map(({ name }) => name)).toEqual(['PutObject']);
    expect(result.effective.grants.map(({ actions, resources, conditions }) => [actions[0]!.name, resources, conditions])).toEqual([
      ['GetObject', [objects], []],
      ['SendMessage', ['*'], ['aws:RequestedRegion = eu-west-1']],
    ]);
  });

  it('allows nothing by itself, and makes no administrator', () => {
    expect(granted(permissions({ p: [{ Action: 's3:GetObject' }], boundary: [{ Action: '*' }] }))).toEqual(['s3:GetObject']);
    const bounded = permissions({ p: [{ Action: '*' }], boundary: [{ Action: 'sqs:*' }] });
    expect(bounded.callouts).toEqual([]);
    expect(bounded.services.map(({ prefix }) => prefix)).toEqual(['sqs']);
  });
});

describe('what is called out', () => {
  it.each([
    ['an administrator', [{ Action: '*' }], ['Administrator: the inline policy "p" allows every action on every resource.']],
    [
      'an administrator the long way',
      [{ Action: '*:*', Resource: ['*'] }],
      ['Administrator: the inline policy "p" allows every action on every resource.'],
    ],
    [
      'a way to become one',
      [{ Action: ['iam:AttachRolePolicy', 'iam:GetRole'] }],
      ['Can make itself an administrator: iam:AttachRolePolicy without bounds.'],
    ],
    [
      'any role for services',
      [{ Action: 'iam:PassRole', Resource: 'arn:aws:iam::481516234212:role/*' }],
      ['Can hand any role of the account to AWS services: iam:PassRole on any role.'],
    ],
    [
      'any role for itself',
      [{ Action: 'sts:AssumeRole' }],
      ['Can assume any role whose trust policy allows it: sts:AssumeRole on any role.'],
    ],
    [
      'NotAction',
      [{ NotAction: ['iam:*', 'organizations:*', 'account:*', 'sts:*'] }],
      [
        'the inline policy "p" allows all actions but iam:*, organizations:*, account:* and 1 more (NotAction): actions that AWS adds later are allowed too.',
      ],
    ],
  ])('%s', (_, statements, expected) => expect(permissions({ p: statements }).callouts.map(({ text }) => text)).toEqual(expected));

  it.each([
    ['one role', { Action: 'iam:PassRole', Resource: 'arn:aws:iam::481516234212:role/one' }],
    ['roles under a path', { Action: ['iam:PassRole', 'iam:PutRolePolicy'], Resource: 'arn:aws:iam::481516234212:role/apps/*' }],
    ['a condition', { Action: 'iam:PassRole', Condition: { StringEquals: { 'iam:PassedToService': 'pods.eks.amazonaws.com' } } }],
    ['everything under a condition', { Action: '*', Condition: { StringEquals: { 'aws:ResourceTag/team': 'a' } } }],
    ['all of one service', { Action: 's3:*' }],
  ])('not %s', (_, statement) => expect(permissions({ p: [statement] }).callouts).toEqual([]));

  it('any resource of a kind, but not for listing', () => {
    const anyOf = (statement: Record<string, unknown>): readonly string[] => permissions({ p: [statement] }).services[0]!.anyOf;
    expect(anyOf({ Action: 'sqs:SendMessage' })).toEqual(['queue']);
    expect(anyOf({ Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:eu-west-1:481516234212:*' })).toEqual(['queue']);
    expect(anyOf({ Action: 'sqs:SendMessage', Resource: `${queue}*` })).toEqual([]);
    expect(anyOf({ Action: 's3:ListBucket' })).toEqual([]);
    expect(anyOf({ Action: 'kms:Decrypt', Condition: { StringLike: { 'kms:ViaService': 's3.*' } } })).toEqual([]);
  });
});

describe('conditions in words', () => {
  it.each([
    [{ StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } }, 'kms:ViaService = s3.eu-west-1.amazonaws.com'],
    [{ StringNotLike: { 's3:prefix': ['a/*', 'b/*'] } }, 's3:prefix not like a/* or b/*'],
    [{ StringEqualsIfExists: { 'ec2:Region': 'eu-west-1' } }, 'ec2:Region = eu-west-1 (or is absent)'],
    [{ Null: { 'aws:TokenIssueTime': 'true' } }, 'aws:TokenIssueTime is absent'],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a', 'b', 'c', 'd', 'e'] } }, 'one of aws:TagKeys = a, b, c or 2 more'],
    [
      { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' }, NumericLessThan: { 's3:max-keys': '10' } },
      'aws:SourceIp in 10.0.0.0/8 and s3:max-keys < 10',
    ],
  ])('%j', (condition, words) => {
    const {
      services: [service],
    } = permissions({ p: [{ Action: 's3:GetObject', Condition: condition }] });
    expect(service).toMatchObject({ conditional: 'all', conditions: [words] });
  });
});

describe('what was not read', () => {
  it('is said with its reason', () => {
    const { gaps, known } = permissions({}, { attached: undefined, inline: {} }, [
      {
        action: 'iam:ListAttachedRolePolicies',
        resource: 'arn:aws:iam::481516234212:role/demo-role',
        reason: 'You may not call iam:ListAttachedRolePolicies',
      },
    ]);
    expect(gaps).toEqual([
      'The attached policies were not read (iam:ListAttachedRolePolicies): You may not call iam:ListAttachedRolePolicies.',
    ]);
    expect(known).toBe(false);
  });

  it('a role without policies is known to have none', () => {
    expect(permissions({})).toMatchObject({ known: true, gaps: [], services: [] });
  });
});

it('stays quick with administrators, many denies and hostile patterns', () => {
  permissions({
    admin: [{ Action: '*' }],
    boundary: [{ Action: '*' }, { Effect: 'Deny', Action: 'iam:*' }],
    no: Array.from({ length: 20 }, (_, i) => ({ Effect: 'Deny', NotAction: ['iam:*'], Resource: `arn:aws:s3:::b${i}/*` })),
    odd: Array.from({ length: 5 }, (_, i) => ({ Action: '*', Resource: `arn:aws:*:*:*:${'*a'.repeat(100)}${i}*` })),
  });
});
