import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { runs } from '../../support/runs';
import { allow, lastStatement, policiesOf, remove } from './support';

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE';
const provider = `arn:aws:iam::111122223333:oidc-provider/${issuer}`;

const name = fc.constantFrom('orders', 'cart', 'a-b', 'x1');
const subject = fc.tuple(name, name).map(([namespace, account]) => `system:serviceaccount:${namespace}:${account}`);
const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny'),
  Principal: fc.constantFrom(
    { Federated: provider },
    { Federated: [provider, `${provider}2`] },
    { Federated: provider, Service: 'ec2.amazonaws.com' },
  ),
  Action: fc.constantFrom('sts:AssumeRoleWithWebIdentity', ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession']),
  Condition: fc.oneof(subject, fc.uniqueArray(subject, { minLength: 1, maxLength: 3 })).map((value) => ({
    StringEquals: { [`${issuer}:sub`]: value, [`${issuer}:aud`]: 'sts.amazonaws.com' },
  })),
});
const policy = fc.record({ Version: fc.constant('2012-10-17'), Statement: fc.array(statement, { minLength: 1, maxLength: 4 }) });

/** JSON with white space of any kind between its signs: nobody's formatter, but right. */
function spaced(value: unknown, gaps: readonly string[]): string {
  let next = 0;
  const tokens = JSON.stringify(value).match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]/g)!;
  return tokens.map((token) => token + gaps[next++ % gaps.length]!).join('');
}

const gap = fc.constantFrom('', '', ' ', '  ', '\n', '\n  ', '\n\t', '\n\n    ');

function sources(text: string, file: string): string[] {
  const [found] = policiesOf(text, file);
  return found!.fact.policy.statements.map(({ span }) => found!.document.text.slice(span.start, span.end));
}

function holds(text: string, file: string): void {
  const before = sources(text, file);
  const after = allow(text, file);
  expect(after.startsWith('[')).toBe(false);
  expect(sources(after, file).slice(0, -1)).toEqual(before);
  expect(policiesOf(after, file)[0]!.fact.policy.problems).toEqual([]);
  expect(remove(after, file, lastStatement)).toBe(text);
}

describe('whatever the layout, one statement is added, nothing else changes, and it leaves without a trace', () => {
  it('in JSON files', () => {
    fc.assert(
      fc.property(policy, fc.array(gap, { minLength: 1, maxLength: 40 }), (value, gaps) => {
        holds(spaced(value, gaps), 'iam/orders/trust-policy.json');
      }),
      { numRuns: runs(1000) },
    );
  });

  it('in JSON files of a formatter', () => {
    fc.assert(
      fc.property(policy, fc.constantFrom<string | number>(0, 1, 2, 4, '\t'), fc.constantFrom('\n', '\r\n'), (value, indent, eol) => {
        holds(JSON.stringify(value, null, indent).replaceAll('\n', eol), 'iam/orders/trust-policy.json');
      }),
      { numRuns: runs(400) },
    );
  });

  it('in block scalars and heredocs', () => {
    fc.assert(
      fc.property(policy, fc.constantFrom(1, 2, 4), fc.constantFrom('|', '|-', '>', '>-'), (value, indent, style) => {
        const json = JSON.stringify(value, null, indent);
        holds(
          `apiVersion: iam.services.k8s.aws/v1alpha1\nkind: Role\nmetadata:\n  name: orders\nspec:\n  name: orders\n  assumeRolePolicyDocument: ${style}\n${json.replace(/^/gm, '      ')}\n  tags: []\n`,
          'role.yaml',
        );
        holds(`resource "aws_iam_role" "orders" {\n  name = "orders"\n  assume_role_policy = <<EOF\n${json}\nEOF\n}\n`, 'main.tf');
      }),
      { numRuns: runs(200) },
    );
  });

  it('in YAML of any indentation', () => {
    fc.assert(
      fc.property(policy, fc.constantFrom(2, 4), fc.boolean(), fc.constantFrom('\n', '\r\n'), (value, indent, indentSeq, eol) => {
        const template = {
          AWSTemplateFormatVersion: '2010-09-09',
          Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: value, Path: '/' } } },
        };
        holds(stringify(template, { indent, indentSeq, lineWidth: 0, aliasDuplicateObjects: false }).replaceAll('\n', eol), 'cfn.yaml');
      }),
      { numRuns: runs(300) },
    );
  });

  it('and any statement that is not the only one leaves alone', () => {
    fc.assert(
      fc.property(policy, fc.nat(), fc.array(gap, { minLength: 1, maxLength: 40 }), (value, choice, gaps) => {
        const text = spaced(value, gaps);
        const file = 'iam/orders/trust-policy.json';
        const before = sources(text, file);
        fc.pre(before.length > 1);
        const index = choice % before.length;
        const after = remove(text, file, () => [{ kind: 'statement', statement: index }]);
        expect(sources(after, file)).toEqual(before.filter((_, i) => i !== index));
        expect(policiesOf(after, file)[0]!.fact.policy.problems).toEqual([]);
      }),
      { numRuns: runs(1000) },
    );
  });
});
