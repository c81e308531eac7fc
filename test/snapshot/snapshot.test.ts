import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AwsFacts } from '../../server/src/core/model/aws';
import { decodeDocument, documentText, documentValue, shownDocument } from '../../server/src/core/snapshot/documents';
import { readSnapshot } from '../../server/src/core/snapshot/read';
import { writeSnapshot } from '../../server/src/core/snapshot/write';
import { runs } from '../support/runs';

const root = resolve(import.meta.dirname, '../..');
const example = readFileSync(resolve(root, 'examples/pod-roles.snapshot.json'), 'utf8');
const schema = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync(resolve(root, 'schemas/snapshot.schema.json'), 'utf8')) as object,
);
const id = '111122223333';

/** Facts with everything in them, in no order. */
const policyText = fc.oneof(
  fc.constant('{\n  "Version": "2012-10-17",\n  "Statement": []\n}'),
  fc.constant('{"Version":"2012-10-17","Statement":[]}'),
  fc.constant('{"Effect":"Allow","Effect":"Deny"}'),
  fc.constant('no json'),
  fc.json().filter((text) => text.trim() !== ''),
);
const name = fc.stringMatching(/^[a-zA-Z0-9+=,.@_-]{1,20}$/);
const option = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const roleFacts = fc
  .record({
    name,
    path: fc.constantFrom('/', '/eks/', '/a/b/'),
    description: option(fc.string({ minLength: 1 })),
    trustPolicy: option(policyText),
    detail: fc.boolean(),
    tags: option(
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
        fc.string(),
      ),
    ),
    attached: option(fc.uniqueArray(fc.constantFrom('arn:aws:iam::aws:policy/A', 'arn:aws:iam::aws:policy/B'))),
    inline: option(fc.dictionary(name, policyText)),
  })
  .map((role) => clean({ arn: `arn:aws:iam::${id}:role${role.path}${role.name}`, ...role }));
const profileFacts = fc.record({
  name,
  selectors: fc.array(fc.record({ namespace: name, labels: fc.dictionary(name, fc.string()) }), { maxLength: 2 }),
});
const facts: fc.Arbitrary<AwsFacts> = fc
  .record({
    roles: fc.uniqueArray(roleFacts, { selector: ({ arn }) => arn, maxLength: 4 }),
    regions: fc.uniqueArray(fc.constantFrom('eu-west-1', 'us-east-1')),
    clusters: fc
      .uniqueArray(
        fc.record({
          name,
          issuer: option(fc.constant('oidc.eks.eu-west-1.amazonaws.com/id/A')),
          podIdentityAgent: option(fc.boolean()),
          autoMode: option(fc.boolean()),
          hybridNodes: option(fc.boolean()),
          fargateProfiles: option(fc.uniqueArray(profileFacts, { selector: (profile) => profile.name, maxLength: 2 })),
        }),
        {
          selector: (c) => c.name,
          maxLength: 3,
        },
      )
      .map((all) => all.map((c) => clean({ arn: `arn:aws:eks:eu-west-1:${id}:cluster/${c.name}`, region: 'eu-west-1', ...c }))),
    partial: fc
      .uniqueArray(fc.constantFrom('iam:ListRoles', 'eks:ListClusters'))
      .map((all) => all.map((action) => ({ action, reason: `AWS denied ${action}.` }))),
  })
  .map((account) => ({
    version: 1,
    accounts: [{ id, partition: 'aws', takenAt: '2026-11-20T09:00:00.000Z', policies: [], providers: [], associations: [], ...account }],
  }));

function clean<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

describe('a snapshot', () => {
  test('the example follows the schema, is read whole, and written again is the same', () => {
    expect(schema(JSON.parse(example)), JSON.stringify(schema.errors)).toBe(true);
    const { facts: read, problems, label } = readSnapshot(example);
    expect(problems).toEqual([]);
    expect(label).toBe('snapshot of 2026-11-20');
    expect(writeSnapshot(read!)).toBe(example);
  });

  test('what is written is read, follows the schema, and does not depend on the order', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const text = writeSnapshot(given);
        expect(schema(JSON.parse(text)), JSON.stringify(schema.errors)).toBe(true);
        const read = readSnapshot(text);
        expect(read.problems).toEqual([]);
        expect(writeSnapshot(read.facts!)).toBe(text);
        const [account] = given.accounts;
        const turned = {
          version: 1 as const,
          accounts: [
            {
              ...account!,
              roles: [...account!.roles].reverse(),
              clusters: [...account!.clusters].reverse(),
              regions: [...account!.regions].reverse(),
            },
          ],
        };
        expect(writeSnapshot(turned)).toBe(text);
      }),
      { numRuns: runs(200) },
    );
  });

  test('a document keeps its meaning, to the letter where JSON would lose something', () => {
    fc.assert(
      fc.property(policyText, (text) => {
        const back = documentText(JSON.parse(JSON.stringify(documentValue(text))))!;
        if (typeof documentValue(text) === 'string') expect(back).toBe(decodeDocument(text));
        else expect(JSON.parse(back)).toEqual(JSON.parse(text));
      }),
    );
    expect(documentValue('{"Effect":"Allow","Effect":"Deny"}')).toBe('{"Effect":"Allow","Effect":"Deny"}');
    expect(documentValue('{ "a": 1 }')).toEqual({ a: 1 });
  });

  test.each([
    ['{"Version":"2012-10-17"}', '{"Version":"2012-10-17"}'],
    ['%7B%22Version%22%3A%222012-10-17%22%7D', '{"Version":"2012-10-17"}'],
    ['{"Resource":"arn:aws:s3:::a%2Fb"}', '{"Resource":"arn:aws:s3:::a%2Fb"}'],
    ['%7B%zz', '%7B%zz'],
  ])('a document is decoded where it is encoded: %s', (given, expected) => expect(decodeDocument(given)).toBe(expected));

  test('a document is shown with line breaks, and nothing in it changes', () => {
    expect(shownDocument('{"a":[1,{"a":2}],"a":"x y"}')).toBe('{\n  "a": [\n    1,\n    {\n      "a": 2\n    }\n  ],\n  "a": "x y"\n}');
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(shownDocument(text).replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      }),
    );
  });

  test.each([
    ['', 'It is not JSON'],
    ['[]', 'The snapshot must be an object.'],
    ['{}', '"version" is missing'],
    ['{"version": 2}', 'It is a snapshot of version 2'],
    ['{"version": 1}', 'accounts must be a list.'],
    [`{"version": 1, "accounts": [{"id": "1"}]}`, 'accounts[0].id must be 12 digits.'],
    [
      `{"version": 1, "accounts": [{"id": "${id}", "roles": [{"arn": "arn:aws:iam::${id}:user/x"}]}]}`,
      "accounts[0].roles[0].arn isn't a role ARN.",
    ],
    [`{"version": 1, "accounts": [{"id": "${id}", "roles": {}}]}`, 'accounts[0].roles must be a list.'],
    [`{"version": 1, "accounts": [{"id": "${id}", "clusters": [{}]}]}`, 'accounts[0].clusters[0].arn is missing.'],
  ])('what is wrong is said with its place: %s', (text, problem) => expect(readSnapshot(text).problems.join(' ')).toContain(problem));

  test('a list that is missing is not known; an empty one is', () => {
    const { facts: read } = readSnapshot(`{"version": 1, "accounts": [{"id": "${id}", "providers": []}]}`);
    expect(read!.accounts[0]!.partial.map(({ action }) => action)).toEqual([
      'eks:ListClusters',
      'eks:ListPodIdentityAssociations',
      'iam:ListRoles',
    ]);
  });

  test('survives any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const given of [
          value,
          { version: 1, accounts: value },
          { version: 1, accounts: [{ id, roles: value, partial: value, clusters: [value], policies: value }] },
          { RoleDetailList: value, Policies: [value] },
        ]) {
          const { facts: read, problems } = readSnapshot(JSON.stringify(given));
          expect(read !== undefined || problems.length > 0).toBe(true);
          if (read) writeSnapshot(read);
        }
      }),
    );
  });
});

test('account details of the AWS CLI are read: roles with policies, boundary, tags and last use', () => {
  const { facts: read, problems } = readSnapshot(
    JSON.stringify({
      UserDetailList: [],
      GroupDetailList: [],
      RoleDetailList: [
        {
          Path: '/eks/',
          RoleName: 'demo',
          RoleId: 'AROA',
          Arn: `arn:aws:iam::${id}:role/eks/demo`,
          CreateDate: '2026-01-01T00:00:00+00:00',
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
          InstanceProfileList: [],
          RolePolicyList: [{ PolicyName: 'queue', PolicyDocument: { Version: '2012-10-17', Statement: [] } }],
          AttachedManagedPolicies: [{ PolicyName: 'Own', PolicyArn: `arn:aws:iam::${id}:policy/Own` }],
          PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: `arn:aws:iam::${id}:policy/Boundary` },
          Tags: [{ Key: 'team', Value: 'demo' }],
          RoleLastUsed: { LastUsedDate: '2026-11-17T16:20:00+01:00', Region: 'eu-west-1' },
        },
      ],
      Policies: [
        {
          PolicyName: 'Own',
          Arn: `arn:aws:iam::${id}:policy/Own`,
          DefaultVersionId: 'v2',
          PolicyVersionList: [
            { VersionId: 'v1', IsDefaultVersion: false, Document: { Version: 'old' } },
            { VersionId: 'v2', IsDefaultVersion: true, Document: { Version: '2012-10-17' } },
          ],
        },
      ],
    }),
  );
  expect(problems).toEqual([]);
  const [account] = read!.accounts;
  expect(account!.roles).toEqual([
    {
      arn: `arn:aws:iam::${id}:role/eks/demo`,
      name: 'demo',
      path: '/eks/',
      detail: true,
      trustPolicy: expect.stringContaining('2012-10-17') as string,
      createdAt: '2026-01-01T00:00:00.000Z',
      permissionsBoundary: `arn:aws:iam::${id}:policy/Boundary`,
      lastUsed: '2026-11-17T15:20:00.000Z',
      lastUsedRegion: 'eu-west-1',
      tags: { team: 'demo' },
      attached: [`arn:aws:iam::${id}:policy/Own`],
      inline: { queue: expect.stringContaining('Statement') as string },
    },
  ]);
  expect(account!.policies).toEqual([
    { arn: `arn:aws:iam::${id}:policy/Own`, name: 'Own', versionId: 'v2', document: '{\n  "Version": "2012-10-17"\n}' },
  ]);
  expect(account!.partial.map(({ action }) => action)).toEqual([
    'eks:ListClusters',
    'eks:ListPodIdentityAssociations',
    'iam:ListOpenIDConnectProviders',
  ]);
});

test("a selector of a Fargate profile that isn't read whole selects nothing", () => {
  const selectors = [{ namespace: 'a', labels: { tier: 1 } }, { labels: {} }, { namespace: 'b', labels: 'x' }, { namespace: 'c' }];
  const { facts, problems } = readSnapshot(
    JSON.stringify({
      version: 1,
      accounts: [
        { id, clusters: [{ arn: `arn:aws:eks:eu-west-1:${id}:cluster/c`, fargateProfiles: [{ name: 'p', selectors }, { selectors }] }] },
      ],
    }),
  );
  expect(facts?.accounts[0]?.clusters[0]?.fargateProfiles).toEqual([{ name: 'p', selectors: [{ namespace: 'c', labels: {} }] }]);
  expect(problems).toHaveLength(4);
});
