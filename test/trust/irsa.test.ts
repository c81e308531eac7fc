import { describe, expect, it } from 'vitest';
import { account, allow, askIrsa, aud, document, issuer, otherIssuer, provider, sub, subject } from './support';

const yes = 'allowed';
const no = 'denied';
const unknown = 'unknown';
const otherSub = `${otherIssuer}:sub`;
const deny = (condition?: object, more: object = {}) => allow(condition, { Effect: 'Deny', ...more });

describe('conditions', () => {
  it.each([
    ['no condition', undefined, yes],
    ['an empty condition', {}, yes],
    ['both claims', { StringEquals: { [sub]: subject, [aud]: 'sts.amazonaws.com' } }, yes],
    ['another account', { StringEquals: { [sub]: 'system:serviceaccount:demo:other' } }, no],
    ["the article's mistake", { StringLike: { [aud]: 'system:serviceaccount:demo:*' } }, no],
    ['a star under StringEquals', { StringEquals: { [sub]: 'system:serviceaccount:demo:*' } }, no],
    ['a star under StringLike', { StringLike: { [sub]: 'system:serviceaccount:demo:*' } }, yes],
    ['a star over the colon', { StringLike: { [sub]: 'system:serviceaccount:d*p' } }, yes],
    ['a question mark for nothing', { StringLike: { [sub]: 'system:serviceaccount:demo:app?' } }, no],
    ['a question mark for a colon', { StringLike: { [sub]: 'system:serviceaccount:demo?app' } }, yes],
    ['another case', { StringLike: { [sub]: 'system:serviceaccount:Demo:*' } }, no],
    ['another case, ignored', { StringEqualsIgnoreCase: { [sub]: 'SYSTEM:SERVICEACCOUNT:DEMO:APP' } }, yes],
    ['the key in another case', { StringEquals: { [sub.toUpperCase()]: subject } }, yes],
    ['the operator in another case', { stringequals: { [sub]: subject } }, yes],
    ['negation of itself', { StringNotEquals: { [sub]: subject } }, no],
    ['negation of a list that holds it', { StringNotLike: { [sub]: ['x', 'system:serviceaccount:demo:*'] } }, no],
    ['negation of others', { StringNotLike: { [sub]: ['x', 'y*'] } }, yes],
    ['values are ORed', { StringEquals: { [sub]: ['x', subject] } }, yes],
    ['no values', { StringEquals: { [sub]: [] } }, no],
    ['operators are ANDed', { StringEquals: { [sub]: subject }, StringLike: { [aud]: 'x*' } }, no],
    ["another issuer's key", { StringEquals: { [otherSub]: subject } }, no],
    ['negation on an absent key', { StringNotEquals: { [otherSub]: subject } }, yes],
    ['IfExists on an absent key', { StringEqualsIfExists: { [otherSub]: 'x' } }, yes],
    ['IfExists on a present key', { StringEqualsIfExists: { [sub]: 'x' } }, no],
    ['ForAllValues on an absent key', { 'ForAllValues:StringEquals': { [otherSub]: 'x' } }, yes],
    ['ForAllValues on a present key', { 'ForAllValues:StringLike': { [sub]: ['system:*'] } }, yes],
    ['ForAnyValue on an absent key', { 'ForAnyValue:StringEquals': { [otherSub]: 'x' } }, no],
    ['ForAnyValue with IfExists on an absent key', { 'ForAnyValue:StringEqualsIfExists': { [otherSub]: 'x' } }, 'unknown'],
    [
      'ForAnyValue with IfExists on an absent key, beside a condition that fails',
      { 'ForAnyValue:StringEqualsIfExists': { [otherSub]: 'x' }, StringEquals: { [sub]: 'x' } },
      no,
    ],
    ['ForAnyValue with IfExists on a present key', { 'ForAnyValue:StringEqualsIfExists': { [sub]: subject } }, yes],
    ['a negated operator with an empty list', { StringNotLike: { [sub]: [] } }, 'unknown'],
    ['a negated operator with an empty list on an absent key', { StringNotEquals: { [otherSub]: [] } }, 'unknown'],
    ['a negated set operator with an empty list', { 'ForAllValues:StringNotLike': { [sub]: [] } }, 'unknown'],
    ['a positive operator with an empty list', { StringLike: { [sub]: [] } }, no],
    ['ForAnyValue and a negation on an absent key', { 'ForAnyValue:StringNotEquals': { [otherSub]: 'x' } }, no],
    ['Null true on a present key', { Null: { [sub]: 'true' } }, no],
    ['Null false on a present key', { Null: { [sub]: false } }, yes],
    ['Null true on an absent key', { Null: { [otherSub]: true } }, yes],
    ['a key with a scheme', { StringEquals: { [`https://${sub}`]: subject } }, no],
    ["a key that is the provider's ARN", { StringEquals: { [`${provider}:sub`]: subject } }, no],
    ['a claim that is no key', { StringEquals: { [`${issuer}:kubernetes.io/namespace`]: 'demo' } }, no],
    ['azp', { StringEquals: { [`${issuer}:azp`]: 'sts.amazonaws.com' } }, no],
    ['ExternalId', { StringEquals: { 'sts:ExternalId': 'x' } }, no],
    ['RequestTag', { StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'demo' } }, no],
    ['SourceAccount', { StringEquals: { 'aws:SourceAccount': account } }, no],
    ['a key of another service', { StringEquals: { 's3:prefix': 'x' } }, no],
    ['TagKeys for all', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['x'] } }, yes],
    ['TLS', { Bool: { 'aws:SecureTransport': 'true' } }, yes],
    ['no TLS', { Bool: { 'aws:SecureTransport': false } }, no],
    ['an ARN operator on the subject', { ArnLike: { [sub]: 'system:serviceaccount:demo:*' } }, no],
    ['a number of the audience', { NumericEquals: { [aud]: '1' } }, no],
    ['Bool of the subject', { Bool: { [sub]: 'true' } }, no],
    ['an address, unknown', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, unknown],
    ['an address, where the subject already fails', { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' }, StringEquals: { [sub]: 'x' } }, no],
    ['a session name', { StringEquals: { 'sts:RoleSessionName': 'x' } }, unknown],
    ['any session name', { StringLike: { 'sts:RoleSessionName': '*' } }, yes],
    ['the existence of a session name', { Null: { 'sts:RoleSessionName': 'false' } }, yes],
    ['an organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }, unknown],
    ['the time', { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }, unknown],
    ['a variable without a value', { StringEquals: { [sub]: 'system:serviceaccount:demo:${aws:username}' } }, no],
    ['a variable without a value, negated', { StringNotEquals: { [sub]: 'system:serviceaccount:demo:${aws:username}' } }, yes],
    ['a default', { StringEquals: { [sub]: "system:serviceaccount:demo:${aws:username, 'app'}" } }, yes],
    ['the subject as its own variable', { StringEquals: { [sub]: `\${${sub}}` } }, yes],
    ['an escaped star', { StringLike: { [sub]: 'system:serviceaccount:demo:${*}' } }, no],
    ['an escaped question mark beside a star', { StringLike: { [sub]: 'system:serviceaccount:*${?}' } }, no],
    ['a variable where none is read', { NumericEquals: { [aud]: '${aws:username}' } }, no],
    ['a hole for the namespace', { StringEquals: { [sub]: 'system:serviceaccount:${NAMESPACE}:app' } }, unknown],
    ['a hole that cannot matter', { StringEquals: { [sub]: 'system:serviceaccount:${NAMESPACE}:other' } }, no],
    ['a hole beside a match', { StringEquals: { [sub]: ['system:serviceaccount:${NAMESPACE}:x', subject] } }, yes],
    ['a hole for the operator', { '%s': { [sub]: subject } }, unknown],
    ['a hole in the key, issuer known', { StringEquals: { '${ISSUER}:sub': subject } }, unknown],
    ['a hole in the key, absent or not it fails', { StringEquals: { '${ISSUER}:sub': 'system:serviceaccount:demo:other' } }, no],
  ])('%s', (_, condition, decision) => {
    expect(askIrsa(document(allow(condition))).decision).toBe(decision);
  });

  it.each([
    ['IpAddress', '203.0.113.0/24', 'aws:sourceip', '203.0.113.7', yes],
    ['IpAddress', '203.0.113.0/24', 'aws:sourceip', '198.51.100.7', no],
    ['IpAddress', '203.0.113.7', 'aws:sourceip', '203.0.113.7', yes],
    ['IpAddress', '2001:DB8::/32', 'aws:sourceip', '2001:db8:1:2:3:4:5:6', yes],
    ['IpAddress', '2001:db8::/32', 'aws:sourceip', '203.0.113.7', no],
    ['IpAddress', '0.0.0.0/0', 'aws:sourceip', undefined, no],
    ['NotIpAddress', '0.0.0.0/0', 'aws:sourceip', undefined, yes],
    ['DateLessThan', '2020-01-01', 'aws:currenttime', '2026-01-01T00:00:00Z', no],
    ['DateGreaterThanEquals', '2026-01-01T01:00:00+01:00', 'aws:currenttime', '2026-01-01T00:00:00Z', yes],
    ['DateEquals', '1767225600', 'aws:currenttime', '2026-01-01T00:00:00Z', yes],
    ['DateNotEquals', '1767225600', 'aws:currenttime', '2026-01-01T00:00:01Z', yes],
    ['NumericLessThanEquals', '1767225600', 'aws:epochtime', '1767225600.0', yes],
    ['NumericGreaterThan', '1e3', 'aws:epochtime', '1000', no],
    ['BinaryEquals', 'QmluYXJ5', 'aws:useragent', 'QmluYXJ5', yes],
    ['StringNotLike', 'botocore*', 'sts:rolesessionname', 'botocore-session-1', no],
    ['ArnNotEquals', 'arn:aws:iam::*:user/*', 'aws:principalarn', 'arn:aws:iam::1:user/a/b', no],
    ['ArnEquals', 'arn:aws:iam:*:user/x', 'aws:principalarn', 'arn:aws:iam::1:user/x', no],
  ])('%s %s where %s is %s', (operator, value, key, given, decision) => {
    const context = new Map([[key, given]]);
    expect(askIrsa(document(allow({ [operator]: { [key]: value } })), { context }).decision).toBe(decision);
  });

  it('takes variables with the Version of 2012 alone', () => {
    const statement = allow({ StringNotEquals: { [sub]: `\${${sub}}` } });
    expect(askIrsa({ Version: '2012-10-17', Statement: statement }).decision).toBe(no);
    expect(askIrsa({ Version: '2008-10-17', Statement: statement }).decision).toBe(yes);
    expect(askIrsa({ Statement: statement }).decision).toBe(yes);
  });
});

describe('principals and actions', () => {
  const exact = { StringEquals: { [sub]: subject } };
  const other = provider.replace(account, '444455556666');
  it.each([
    ['a list', { Federated: [`arn:aws:iam::${account}:oidc-provider/${otherIssuer}`, provider] }, yes],
    ['another cluster', { Federated: `arn:aws:iam::${account}:oidc-provider/${otherIssuer}` }, no],
    ["another account's provider", { Federated: other }, no],
    ['another partition', { Federated: provider.replace('arn:aws:', 'arn:aws-cn:') }, no],
    ['a star in the ARN', { Federated: `arn:aws:iam::${account}:oidc-provider/*` }, no],
    ['a scheme in the ARN', { Federated: provider.replace('oidc-provider/', 'oidc-provider/https://') }, no],
    [
      'a dual-stack host',
      { Federated: `arn:aws:iam::${account}:oidc-provider/oidc-eks.eu-west-1.api.aws/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F` },
      no,
    ],
    ['a SAML provider', { Federated: `arn:aws:iam::${account}:saml-provider/x` }, no],
    ['an old domain name', { Federated: 'accounts.google.com' }, no],
    ['a service', { Service: 'pods.eks.amazonaws.com' }, no],
    ['a service beside it', { Service: 'ec2.amazonaws.com', Federated: provider }, yes],
    ['an account', { AWS: account }, no],
    ['any AWS caller', { AWS: '*' }, unknown],
    ['a hole', { Federated: '${PROVIDER_ARN}' }, unknown],
    ['a hole for the account', { Federated: provider.replace(account, '${ACCOUNT_ID}') }, unknown],
    ['a hole that cannot be it', { Federated: '${PREFIX}:saml-provider/x' }, no],
  ])('%s', (_, Principal, decision) => {
    expect(askIrsa(document(allow(exact, { Principal }))).decision).toBe(decision);
  });

  it.each([
    ['another case', { Action: 'STS:assumerolewithwebidentity' }, yes],
    ['a list', { Action: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'] }, yes],
    ['a tag action beside it', { Action: ['sts:TagSession', 'sts:AssumeRoleWithWebIdentity'] }, yes],
    ['AssumeRole', { Action: 'sts:AssumeRole' }, no],
    ['TagSession', { Action: 'sts:TagSession' }, no],
    ['a wildcard', { Action: 'sts:AssumeRole*' }, yes],
    ['question marks', { Action: 'sts:AssumeRoleWith???Identity' }, yes],
    ['a hole', { Action: '${ACTION}' }, unknown],
    ['NotAction of another', { Action: undefined, NotAction: 'sts:AssumeRole' }, yes],
    ['NotAction of it', { Action: undefined, NotAction: ['sts:AssumeRole*'] }, no],
  ])('Action: %s', (_, more, decision) => {
    expect(askIrsa(document(allow(exact, more))).decision).toBe(decision);
  });
});

describe('statements', () => {
  const exact = allow({ StringEquals: { [sub]: subject } });
  it.each([
    ['one object', { Version: '2012-10-17', Statement: exact }, yes],
    ['any allows', document(allow({ StringEquals: { [sub]: 'x' } }), exact), yes],
    ['Deny wins', document(exact, deny({ StringLike: { [sub]: '*:app' } })), no],
    ['Deny wins from above', document(deny(), exact), no],
    ['Deny of another', document(exact, deny({ StringEquals: { [sub]: 'x' } })), yes],
    ['Deny of all others', document(allow(), deny({ StringNotEquals: { [sub]: subject } })), yes],
    ['Deny where a negation meets an absent key', document(exact, deny({ StringNotEquals: { [otherSub]: 'x' } })), no],
    ['Deny with IfExists on an absent key', document(exact, deny({ StringEqualsIfExists: { [otherSub]: 'x' } })), no],
    ['Deny of another action', document(exact, deny(undefined, { Action: 'sts:AssumeRole' })), yes],
    [
      'Deny of another provider',
      document(exact, deny(undefined, { Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${otherIssuer}` } })),
      yes,
    ],
    ['only a Deny', document(deny({ StringEquals: { [sub]: 'x' } })), no],
    ['a Deny that no file decides', document(exact, deny({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })), unknown],
    ['a sure Deny beside unknown ones', document(allow({ StringEquals: { 'sts:RoleSessionName': 'x' } }), deny()), no],
    ['an effect that no file tells', document(exact, allow(undefined, { Effect: '${EFFECT}' })), unknown],
  ])('%s', (_, policy, decision) => {
    expect(askIrsa(policy).decision).toBe(decision);
  });
});

describe('the request', () => {
  it('is refused for an audience that the provider does not list', () => {
    const verdict = askIrsa(document(allow()), { clientIds: ['sts.amazonaws.com.cn'] });
    expect(verdict).toMatchObject({ decision: no, error: 'InvalidIdentityToken: Incorrect token audience' });
    expect(askIrsa(document(allow()), { clientIds: ['x', 'my-aud'], audience: 'my-aud' }).decision).toBe(yes);
  });

  it('compares the audience that the account asks for', () => {
    const policy = document(allow({ StringEquals: { [aud]: 'my-aud' } }));
    expect(askIrsa(policy).decision).toBe(no);
    expect(askIrsa(policy, { audience: 'my-aud' }).decision).toBe(yes);
  });

  it.each([
    ['system:serviceaccount:demo:app', unknown],
    ['system:serviceaccount:demo:other', no],
    ['system:serviceaccount:*:app', yes],
    ['system:serviceaccount:*', yes],
    ['system:serviceaccount:Demo:app', no],
    ['system:serviceaccount:a:b:app', no],
    ['system:serviceaccount:demo*', unknown],
    ['system:serviceaccount:?*:app', unknown],
  ])('leaves an unknown namespace unknown against %s', (pattern, decision) => {
    expect(askIrsa(document(allow({ StringLike: { [sub]: pattern } })), { namespace: undefined }).decision).toBe(decision);
  });

  it('says the text that the pod sees', () => {
    expect(askIrsa(document(allow({ StringEquals: { [sub]: 'x' } }))).error).toBe(
      'An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity',
    );
    expect(askIrsa(document(allow())).error).toBeUndefined();
  });
});

describe('a token whose issuer is nowhere told', () => {
  const ask = (policy: object) => askIrsa(policy, { issuer: undefined });

  it("is taken to come from the policy's provider, and says so", () => {
    const verdict = ask(document(allow({ StringEquals: { [sub]: subject } })));
    expect(verdict.decision).toBe(yes);
    expect(verdict.assumptions.join('\n')).toContain(`The token's issuer is ${issuer}`);
  });

  it.each([
    ['[OIDC_ID]', '[OIDC_ID]'],
    ['oidc.eks.[REGION].amazonaws.com/id/[OIDC_ID]', '[OIDC_ID]'],
    ['${OIDC_PROVIDER}', '${OIDC_PROVIDER}'],
    [issuer, '${OIDC_PROVIDER}'],
    ['<OIDC_PROVIDER>', issuer],
    ['{{ .Values.issuer }}', '{{ .Values.issuer }}'],
  ])('takes the key of %s beside %s for the same issuer', (inArn, inKey) => {
    const policy = document(
      allow(
        { StringLike: { [`${inKey}:sub`]: 'system:serviceaccount:demo:*' }, StringEquals: { [`${inKey}:aud`]: 'sts.amazonaws.com' } },
        { Principal: { Federated: `arn:aws:iam::[ACCOUNT_ID]:oidc-provider/${inArn}` } },
      ),
    );
    expect(ask(policy).decision).toBe(yes);
    const article = document(
      allow(
        { StringLike: { [`${inKey}:aud`]: 'system:serviceaccount:demo:*' } },
        { Principal: { Federated: `arn:aws:iam::[ACCOUNT_ID]:oidc-provider/${inArn}` } },
      ),
    );
    expect(ask(article).decision).toBe(no);
  });

  it('takes a whole ARN that is a hole, too', () => {
    const policy = (claim: string) =>
      document(allow({ StringEquals: { [`\${oidc_issuer}:${claim}`]: subject } }, { Principal: { Federated: '${oidc_provider_arn}' } }));
    expect(ask(policy('sub')).decision).toBe(yes);
    expect(ask(policy('aud')).decision).toBe(no);
  });

  it('does not take two written issuers for one', () => {
    expect(ask(document(allow({ StringEquals: { [otherSub]: subject } }))).decision).toBe(no);
  });

  it('knows an issuer that no cluster has', () => {
    expect(
      ask(
        document(
          allow(undefined, { Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/oidc.eu-west-1.eks.amazonaws.com/id/ABC0` } }),
        ),
      ).decision,
    ).toBe(no);
  });

  it('does not choose between clusters that differ', () => {
    const second = (namespace: string) =>
      allow(
        { StringEquals: { [otherSub]: `system:serviceaccount:${namespace}:app` } },
        { Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${otherIssuer}` } },
      );
    expect(ask(document(allow({ StringEquals: { [sub]: subject } }), second('prod'))).decision).toBe(unknown);
    expect(ask(document(allow({ StringEquals: { [sub]: subject } }), second('demo'))).decision).toBe(yes);
    expect(ask(document(allow({ StringEquals: { [sub]: 'x' } }), second('prod'))).decision).toBe(no);
  });

  it('leaves GitHub out of the choice', () => {
    const github = allow(
      { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:a/b:*' } },
      { Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com` } },
    );
    expect(ask(document(github, allow({ StringEquals: { [sub]: subject } }))).decision).toBe(yes);
  });
});

describe('the trace', () => {
  it('names the one part that failed, in plain words', () => {
    const verdict = askIrsa(document(allow({ StringLike: { [aud]: 'system:serviceaccount:demo-namespace:*' } })));
    const failed = verdict.trace.filter((step) => step.matched === false && step.element !== 'Statement');
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({ statement: 0, effect: 'Allow', element: 'Condition', operator: 'StringLike', key: aud });
    expect(failed[0]!.message).toBe('…:aud sts.amazonaws.com is not like system:serviceaccount:demo-namespace:*.');
  });

  it('points at the places in the text', () => {
    const text = JSON.stringify(document(allow({ StringEquals: { [sub]: 'x' } })));
    const step = askIrsa(text).trace.find((s) => s.element === 'Condition')!;
    expect(text.slice(step.span!.start, step.span!.end)).toBe(`"${sub}":"x"`);
  });

  it('does not follow a statement for another caller', () => {
    const verdict = askIrsa(document(allow({ StringEquals: { [sub]: subject } }, { Principal: { Service: 'ec2.amazonaws.com' } })));
    expect(verdict.trace.map((s) => s.element)).toEqual(['Statement', 'Principal']);
  });

  it('says why a key is absent', () => {
    const message = askIrsa(document(allow({ StringEquals: { [otherSub]: subject } }))).trace.at(-1)!.message;
    expect(message).toContain('is not in the request');
    expect(message).toContain(otherIssuer);
  });
});
