import { describe, expect, it } from 'vitest';
import { policyFromText } from '../../server/src/core/readers/policyDocument';
import { refusals } from '../../server/src/core/trust/refusals';
import { account, allow, askIrsa, document, provider, sub, subject } from './support';

const exact = { StringEquals: { [sub]: subject } };
const refused = (policy: object | string, quota?: number) => {
  const text = typeof policy === 'string' ? policy : JSON.stringify(policy);
  return refusals(policyFromText(text), quota === undefined ? {} : { trustPolicyQuota: quota }).map((r) => ({
    ...r,
    text: text.slice(r.span.start, r.span.end),
  }));
};
const principal = (Principal: unknown) => document(allow(exact, { Principal }));

describe('what IAM refuses', () => {
  it.each<[string, object | string, string, string, boolean]>([
    ['broken JSON', '{"Version":', 'json', 'This policy contains invalid Json', true],
    ['a trailing comma', '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",}]}', 'json', 'This policy contains invalid Json', true],
    ['an odd Version', { ...document(allow(exact)), Version: '2012-10-07' }, 'version', 'valid version string', true],
    ['no Statement', { Version: '2012-10-17' }, 'statement-missing', 'Statement', true],
    ['an empty Statement', document(), 'statement-empty', 'Statement is empty!', true],
    ['the same Sid twice', document(allow(exact, { Sid: 'A' }), allow(exact, { Sid: 'A' })), 'sid-duplicate', 'not unique', true],
    ['a Sid with a space', document(allow(exact, { Sid: 'A b' })), 'sid-characters', '', true],
    ['no Effect', document(allow(exact, { Effect: undefined })), 'effect-missing', 'Missing required field Effect', true],
    ['an Effect in lower case', document(allow(exact, { Effect: 'allow' })), 'effect-invalid', '', true],
    ['no Principal', document(allow(exact, { Principal: undefined })), 'principal-missing', 'Missing required field Principal', true],
    ['an empty Principal', principal({}), 'principal-empty', 'cannot be empty!', true],
    ['a star for Principal', principal('*'), 'principal-star', '"STAR":"*"', true],
    [
      'a malformed ARN',
      principal({ Federated: 'arn:aws:iam//111122223333:oidc-provider/x' }),
      'principal-invalid',
      'valid domain names',
      true,
    ],
    ['a URL', principal({ Federated: 'https://oidc.eks.eu-west-1.amazonaws.com/id/X' }), 'principal-invalid', 'valid domain names', true],
    [
      'an issuer for an ARN',
      principal({ Federated: 'oidc.eks.eu-west-1.amazonaws.com/id/X' }),
      'principal-invalid',
      'valid domain names',
      true,
    ],
    [
      'an account of eleven digits',
      principal({ Federated: provider.replace(account, '11112222333') }),
      'principal-invalid',
      'valid domain names',
      false,
    ],
    [
      'a wildcard for a service',
      principal({ Service: '*.amazonaws.com' }),
      'principal-invalid',
      'Invalid principal in policy: "SERVICE":"*.amazonaws.com"',
      false,
    ],
    [
      'NotPrincipal',
      document(allow(exact, { Principal: undefined, NotPrincipal: { Federated: provider } })),
      'not-principal',
      'NotPrincipal',
      true,
    ],
    ['no Action', document(allow(exact, { Action: undefined })), 'action-missing', 'Missing required field Action', true],
    [
      'an action of S3',
      document(allow(exact, { Action: 's3:GetObject' })),
      'action-not-sts',
      'may only specify STS AssumeRole actions',
      true,
    ],
    [
      'a misspelt action',
      document(allow(exact, { Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSessions'] })),
      'action-not-sts',
      'may only specify STS AssumeRole actions',
      true,
    ],
    ['another action of STS', document(allow(exact, { Action: 'sts:GetCallerIdentity' })), 'action-not-sts', 'STS', false],
    ['all of STS', document(allow(exact, { Action: 'sts:*' })), 'action-not-sts', 'STS', false],
    ['every action', document(allow(exact, { Action: '*' })), 'action-not-sts', 'STS', true],
    ['Resource', document(allow(exact, { Resource: '*' })), 'resource', 'prohibited field Resource', true],
    ['NotResource', document(allow(exact, { NotResource: [] })), 'not-resource', 'must not contain resources', true],
    ['an unknown operator', document(allow({ StringMatches: { [sub]: subject } })), 'operator-unknown', '', true],
    ['NullIfExists', document(allow({ NullIfExists: { [sub]: 'true' } })), 'operator-unknown', '', false],
    ['a key twice', '{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}', 'duplicate-key', '', true],
    ['an unknown element', document(allow(exact, { Principals: 1 })), 'unknown-element', '', false],
    ['a condition that is text', document(allow(exact, { Condition: 'x' })), 'wrong-type', '', true],
    ['a character beyond Latin-1', document(allow(exact, { Sid: 'A\u200b' })), 'characters', '', true],
  ])('%s', (_, policy, code, iam, sure) => {
    const found = refused(policy).find((r) => r.code === code);
    expect(found).toMatchObject({ sure });
    expect(found!.iam ?? '').toContain(iam);
    expect(found!.message).toMatch(/^[^!]+\.$/);
    expect(askIrsa(policy).decision === 'denied' || !sure).toBe(true);
  });

  it('points at the smallest text', () => {
    expect(refused(document(allow(exact, { Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSessions'] })))).toMatchObject([
      { text: 'sts:TagSessions', statement: 0 },
    ]);
    expect(refused(document(allow(exact, { Resource: '*' })))).toMatchObject([{ text: 'Resource' }]);
    expect(refused(document(allow(exact, { Effect: 'allow' })))).toMatchObject([{ text: 'allow' }]);
    expect(refused({ ...document(allow(exact)), Version: '2012' })).toMatchObject([{ text: '2012' }]);
  });

  it('counts against the quota of the settings', () => {
    const policy = document(allow(exact));
    const length = JSON.stringify(policy).length;
    expect(refused(policy, length)).toEqual([]);
    expect(refused(policy, length - 1)).toMatchObject([
      { code: 'quota', sure: false, iam: `LimitExceeded: Cannot exceed quota for ACLSizePerRole: ${length - 1}` },
    ]);
  });
});

describe('what is right though it looks odd', () => {
  it.each<[string, object | string]>([
    ['no Version', { Statement: allow(exact) }],
    ['the Version of 2008 and an Id', { Version: '2008-10-17', Id: 'x', Statement: [allow(exact)] }],
    ['empty Sids', document(allow(exact, { Sid: '' }), allow(exact, { Sid: '' }))],
    ['an empty condition', document(allow({}))],
    ['booleans in a condition', document(allow({ Null: { [sub]: false }, Bool: { 'aws:SecureTransport': true } }))],
    ['a domain name', principal({ Federated: 'accounts.google.com' })],
    ['a SAML provider', principal({ Federated: `arn:aws:iam::${account}:saml-provider/x` })],
    ['any AWS caller', principal({ AWS: '*' })],
    ['an account id', principal({ AWS: account })],
    [
      'holes',
      document(allow({ '${OP}': { '${KEY}': '${V}' } }, { Effect: '${EFFECT}', Principal: { Federated: '${ARN}' }, Action: '${ACTION}' })),
    ],
    ['a hole for everything', '{"Version":"2012-10-17","Statement":${statements}}'],
    ['a hole for the Principal', '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":${p},"Action":"sts:AssumeRole"}]}'],
    ['operators in another case', document(allow({ stringlike: { [sub]: '*' } }))],
    [
      'the other actions of a trust policy',
      document(allow(exact, { Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext'] })),
    ],
    ['Latin-1', document(allow(exact, { Condition: { StringEquals: { [sub]: 'système' } } }))],
  ])('%s', (_, policy) => {
    expect(refused(policy)).toEqual([]);
  });
});
