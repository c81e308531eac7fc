import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TrustPolicyFact } from '../../server/src/core/model/facts';
import { judge } from '../../server/src/core/trust/judge';
import { findingsOf, openWorkspace } from '../support/fixtureWorkspace';
import { runs } from '../support/runs';

/** What the rules say of a policy and what the evaluator answers must not contradict each other. */

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const other = 'oidc.eks.eu-west-1.amazonaws.com/id/0B1D5E6A7B8C9D0E1F5C7A1D0E9B3F42';
const accounts = [
  ['demo', 'app'],
  ['demo', 'job'],
  ['demo-evil', 'app'],
  ['prod', 'app'],
  ['q7x', 'z9'],
] as const;

const operator = fc.constantFrom(
  'StringEquals',
  'StringLike',
  'StringNotEquals',
  'StringNotLike',
  'StringEqualsIgnoreCase',
  'StringEqualsIfExists',
  'StringLikeIfExists',
  'ForAllValues:StringEquals',
  'ForAnyValue:StringLike',
  'ForAnyValue:StringEquals',
  'ForAnyValue:StringLikeIfExists',
  'ForAllValues:StringNotLike',
  'Null',
  'Bool',
  'NumericEquals',
);
const key = fc.constantFrom(
  `${issuer}:sub`,
  `${issuer}:sub`,
  `${issuer}:aud`,
  `${issuer}:aud`,
  `${issuer}:SUB`,
  `${other}:sub`,
  `${other}:aud`,
  `https://${issuer}:sub`,
  issuer,
  `${issuer}/sub`,
  `${issuer}:subject`,
  `${issuer}:azp`,
  'sts:ExternalId',
  'aws:RequestTag/team',
  'aws:SourceAccount',
  'aws:SecureTransport',
  'aws:SourceIp',
);
const value = fc.constantFrom(
  'system:serviceaccount:demo:app',
  'system:serviceaccount:demo:*',
  'system:serviceaccount:demo*:app',
  'system:serviceaccount:*',
  'system:serviceaccount:*:*',
  '*',
  'system:serviceaccount:demo?:app',
  'system:serviceaccount:demo-*',
  'system:serviceaccounts:demo',
  'system:serviceaccount:demo/app',
  'demo:app',
  'system:serviceaccount:Demo:app',
  'System:serviceaccount:demo:app',
  'sts.amazonaws.com',
  'sts.amazonaws.com.cn',
  'sts.*',
  'true',
  'false',
  '1',
  '',
  '${*}',
  'system:serviceaccount:demo:${*}',
  'system:serviceaccount:prod:app',
  ' system:serviceaccount:demo:app',
);
const values = fc.oneof(value, fc.array(value, { maxLength: 3 }));
const condition = fc
  .uniqueArray(fc.tuple(operator, fc.uniqueArray(fc.tuple(key, values), { selector: ([k]) => k, maxLength: 3 })), {
    selector: ([o]) => o,
    maxLength: 3,
  })
  .map((operators) => Object.fromEntries(operators.map(([name, keys]) => [name, Object.fromEntries(keys)])));
const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
  Principal: fc.constantFrom(
    { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
    { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
    { Federated: [`arn:aws:iam::111122223333:oidc-provider/${issuer}`, `arn:aws:iam::111122223333:oidc-provider/${other}`] },
    { Federated: `arn:aws:iam::111122223333:oidc-provider/https://${issuer}` },
    { Federated: `arn:aws-cn:iam::111122223333:oidc-provider/${issuer}` },
    { AWS: 'arn:aws:iam::111122223333:root' },
  ),
  Action: fc.constantFrom<unknown>(
    'sts:AssumeRoleWithWebIdentity',
    'sts:AssumeRoleWithWebIdentity',
    ['sts:TagSession', 'sts:AssumeRoleWithWebIdentity'],
    'sts:AssumeRole',
    'sts:TagSession',
  ),
  Condition: condition,
});
/** Conditions that every token of the provider meets, or of which no file tells. */
const harmless = fc
  .uniqueArray(
    fc.constantFrom(
      ['StringEquals', { [`${issuer}:aud`]: 'sts.amazonaws.com' }],
      ['StringLike', { [`${issuer}:AUD`]: ['x', 'sts.*'] }],
      ['Null', { [`${issuer}:sub`]: 'false' }],
      ['Bool', { 'aws:SecureTransport': 'true' }],
      ['IpAddress', { 'aws:SourceIp': '10.0.0.0/8' }],
      ['StringLikeIfExists', { 'sts:RoleSessionName': 'demo-*' }],
    ),
    { selector: ([name]) => String(name) },
  )
  .map((operators) => Object.fromEntries(operators) as Record<string, unknown>);
const wide = fc
  .tuple(statement, harmless, statement)
  .map(([one, Condition, beside]) => ({ Version: '2012-10-17', Statement: [{ ...one, Condition }, beside] }));
const policy = fc.record({
  Version: fc.constantFrom('2012-10-17', '2012-10-17', '2008-10-17'),
  Statement: fc.array(statement, { minLength: 1, maxLength: 3 }),
});

function everywhere<T>(property: fc.IProperty<T>): void {
  fc.assert(property, { numRuns: runs(300) });
}

function look(document: unknown) {
  const files = new Map([['trust.json', JSON.stringify(document, null, 2)]]);
  const workspace = openWorkspace(files);
  const fact = workspace.wiring.facts('file:///workspace/trust.json').find((f): f is TrustPolicyFact => f.kind === 'trustPolicy');
  const answers =
    fact === undefined
      ? []
      : accounts.flatMap(([namespace, serviceAccount]) =>
          [issuer, other].map(
            (tokenIssuer) =>
              judge(fact.policy, {
                mechanism: 'irsa',
                namespace,
                serviceAccount,
                issuer: tokenIssuer,
                roleAccount: '111122223333',
                rolePartition: 'aws',
              }).decision,
          ),
        );
  return { fact, findings: findingsOf(workspace, files.keys()), answers };
}

test('where a rule says that no pod can take the role, the evaluator admits none', () => {
  everywhere(
    fc.property(policy, (document) => {
      const { findings, answers } = look(document);
      const shut = findings.filter((f) => f.level === 'error' && f.message.includes('no pod can take this role'));
      if (shut.length > 0) expect(answers, shut.map((f) => f.message).join('\n')).not.toContain('allowed');
    }),
  );
});

test('where a rule says that every pod may take the role, the evaluator turns none of its tokens away', () => {
  everywhere(
    fc.property(wide, (document) => {
      const { fact, findings, answers } = look(document);
      const first = fact?.policy.statements[0]?.span;
      const everybody = findings.filter((f) => f.rule === 'subject-condition-missing' && first && f.at.span.end <= first.end);
      if (everybody.length > 0)
        expect(
          answers.some((answer) => answer !== 'denied'),
          everybody.map((f) => f.message).join('\n'),
        ).toBe(true);
    }),
  );
});

test('one condition is the business of one rule', () => {
  everywhere(
    fc.property(policy, (document) => {
      const seen = new Map<string, string>();
      for (const { rule, at } of look(document).findings) {
        const place = `${at.span.start}-${at.span.end}`;
        expect(seen.get(place) ?? rule, `two rules at ${place}`).toBe(rule);
        seen.set(place, rule);
      }
    }),
  );
});
