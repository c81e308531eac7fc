import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const schema = JSON.parse(readFileSync(join(root, 'schemas/trust-policy.schema.json'), 'utf8')) as object;
// defaultSnippets is VS Code's own keyword.
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
const errors = (value: unknown) =>
  validate(value) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);

const statement = {
  Effect: 'Allow',
  Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/X' },
  Action: 'sts:AssumeRoleWithWebIdentity',
};

describe('the schema of trust policies', () => {
  it.each<[string, unknown]>([
    ['a list of statements', { Version: '2012-10-17', Statement: [statement] }],
    ['one statement without a list', { Version: '2012-10-17', Statement: statement }],
    ['everyone', { Statement: [{ Effect: 'Deny', Principal: '*', Action: '*' }] }],
    [
      'every kind of principal, as string and list',
      {
        Statement: [
          {
            ...statement,
            Principal: { AWS: ['111122223333', '*'], Service: 'pods.eks.amazonaws.com', CanonicalUser: 'x', Federated: ['a', 'b'] },
          },
        ],
      },
    ],
    ['NotPrincipal and NotAction', { Statement: [{ Effect: 'Deny', NotPrincipal: { AWS: 'x' }, NotAction: ['sts:AssumeRole'] }] }],
    [
      'set operators, IfExists, lists, booleans and numbers',
      {
        Statement: [
          {
            ...statement,
            Condition: {
              'ForAnyValue:StringLikeIfExists': { 'x:sub': ['a', 'b'] },
              Bool: { 'aws:SecureTransport': true },
              NumericLessThan: { 'sts:DurationSeconds': 3600 },
              Null: { 'x:sub': 'false' },
            },
          },
        ],
      },
    ],
    [
      'placeholders',
      {
        Version: '${version}',
        Statement: [{ Effect: '${EFFECT}', Principal: '{{ principal }}', Action: '<ACTION>', Condition: '{{ toJson .Values.condition }}' }],
      },
    ],
    ['a statement that a template fills in', { Version: '2012-10-17', Statement: ['{{ statement }}'] }],
    [
      'the answer of aws iam get-role',
      { Role: { RoleName: 'x', AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [statement] } } },
    ],
    ['another format under a like name', { version: '1.0', trustPolicies: [{ name: 'x', Effect: 3 }] }],
    ['nothing yet', {}],
  ])('takes %s', (_, policy) => {
    expect(errors(policy)).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    ['an Effect that IAM refuses', { Statement: [{ ...statement, Effect: 'allow' }] }, /Effect/],
    ['an Action that is a number', { Statement: [{ ...statement, Action: 7 }] }, /Action/],
    ['a condition value that is an object', { Statement: [{ ...statement, Condition: { StringEquals: { 'x:sub': {} } } }] }, /Condition/],
  ])('refuses %s', (_, policy, where) => {
    expect(errors(policy).join('\n')).toMatch(where);
  });

  it('is draft-07, which every editor reads', () => {
    for (const name of readdirSync(join(root, 'schemas'))) {
      const { $schema, description } = JSON.parse(readFileSync(join(root, 'schemas', name), 'utf8')) as Record<string, string>;
      expect($schema, name).toBe('http://json-schema.org/draft-07/schema#');
      expect(description, name).not.toBe('');
    }
  });
});
