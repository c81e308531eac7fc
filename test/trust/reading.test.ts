import { describe, expect, it } from 'vitest';
import { policyFromText } from '../../server/src/core/readers/policyDocument';
import { findHoles } from '../../server/src/core/text/holes';
import { plain } from '../../server/src/core/text/texts';
import { admits } from '../../server/src/core/trust/admits';
import { parseConditionKey } from '../../server/src/core/model/conditionKey';
import { operatorNames, parseOperator } from '../../server/src/core/trust/operators';
import { allow, aud, document, issuer, otherIssuer, sub } from './support';

describe('parseOperator', () => {
  it.each([
    ['StringLike', { base: 'StringLike', known: true, like: true, negated: false }],
    ['stringnotlike', { base: 'StringNotLike', known: true, like: true, negated: true }],
    ['ForAnyValue:StringEqualsIfExists', { set: 'ForAnyValue', base: 'StringEquals', ifExists: true, known: true }],
    ['forallvalues:stringequalsifexists', { set: 'ForAllValues', base: 'StringEquals', ifExists: true, known: true }],
    ['StringNotEqualsIgnoreCase', { ignoreCase: true, negated: true, known: true }],
    ['ArnEquals', { family: 'Arn', like: true, known: true }],
    ['NotIpAddress', { negated: true, variables: false, known: true }],
    ['Null', { family: 'Null', known: true }],
    ['NullIfExists', { known: false }],
    ['StringEqual', { base: 'StringEqual', known: false, hole: false }],
    ['ForSomeValues:StringEquals', { known: false }],
    ['', { known: false }],
  ])('%s', (text, expected) => {
    expect(parseOperator(text)).toMatchObject(expected);
  });

  it('knows holes, and every name of its own', () => {
    expect(parseOperator({ ...plain('${OP}'), holes: findHoles('${OP}') })).toMatchObject({ known: false, hole: true });
    for (const name of operatorNames) expect(parseOperator(name)).toMatchObject({ base: name, known: true });
  });
});

describe('parseConditionKey', () => {
  const parse = (value: string) => {
    const found = parseConditionKey({ ...plain(value), holes: findHoles(value, { key: true }) });
    return found && [found.issuer.value, found.claim.value];
  };
  it.each([
    [sub, [issuer, 'sub']],
    ['host:8443/path:aud', ['host:8443/path', 'aud']],
    ['https://host/id/X:sub', ['https://host/id/X', 'sub']],
    ['[OIDC_ID]:sub', ['[OIDC_ID]', 'sub']],
    ['${a:b}:sub', ['${a:b}', 'sub']],
    ['{{ index .x "a:b" }}:aud', ['{{ index .x "a:b" }}', 'aud']],
    ['${issuer}:${claim}', ['${issuer}', '${claim}']],
    ['s3.amazonaws.com/bucket:sub', ['s3.amazonaws.com/bucket', 'sub']],
    ['arn:aws:iam::1:oidc-provider/x.y:sub', ['arn:aws:iam::1:oidc-provider/x.y', 'sub']],
    ['aws:SourceIp', undefined],
    ['aws:RequestTag/a:b', undefined],
    ['sts:ExternalId', undefined],
    ['s3:prefix', undefined],
    ['oidc.eks.eu-west-1.amazonaws.com/id/X', undefined],
    ['https://oidc.eks.eu-west-1.amazonaws.com/id/X', undefined],
    ['host.example.com:8443', undefined],
    ['arn:aws:iam::1:oidc-provider/x.y', undefined],
    [`${issuer}:`, undefined],
    ['', undefined],
  ])('%s', (value, expected) => {
    expect(parse(value)).toEqual(expected);
  });
});

describe('admits', () => {
  const grantsOf = (...statements: object[]) => admits(policyFromText(JSON.stringify(document(...statements))));
  const values = (patterns: 'any' | readonly { text: { value: string } }[]) =>
    patterns === 'any' ? 'any' : patterns.map((p) => p.text.value);

  it('tells subjects and audiences of each provider', () => {
    const { grants } = grantsOf(
      allow({
        StringLike: { [sub]: ['system:serviceaccount:a:*', 'x'] },
        StringEquals: { [aud]: 'sts.amazonaws.com', 'aws:SourceIp': '1' },
      }),
    );
    expect(grants).toHaveLength(1);
    expect(grants[0]).toMatchObject({
      mechanism: 'irsa',
      issuer: { value: issuer },
      others: [{ key: { key: { value: 'aws:SourceIp' } } }],
    });
    expect(values(grants[0]!.subjects)).toEqual(['system:serviceaccount:a:*', 'x']);
    expect(grants[0]!.subjects[0]).toMatchObject({ like: true });
    expect(values(grants[0]!.audiences)).toEqual(['sts.amazonaws.com']);
  });

  it('says any where no condition looks, and keeps negations apart', () => {
    const { grants } = grantsOf(allow({ StringNotEquals: { [sub]: 'x' } }));
    expect(grants[0]).toMatchObject({ subjects: 'any', audiences: 'any' });
    expect(grants[0]!.others).toHaveLength(1);
  });

  it('gives a grant for each provider, and Denies beside', () => {
    const { grants, denies } = grantsOf(
      allow(undefined, {
        Principal: { Federated: [`arn:aws:iam::1:oidc-provider/${issuer}`, `arn:aws:iam::1:oidc-provider/${otherIssuer}`] },
      }),
      allow(undefined, { Effect: 'Deny' }),
      allow(undefined, { Action: 'sts:AssumeRole' }),
    );
    expect(grants.map((g) => g.issuer?.value)).toEqual([issuer, otherIssuer]);
    expect(denies.map((d) => d.index)).toEqual([1]);
  });

  it('tells session tags of Pod Identity', () => {
    const { grants } = grantsOf(
      allow(
        { StringEquals: { 'aws:RequestTag/kubernetes-namespace': ['a', 'b'] } },
        { Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
      ),
    );
    expect(grants[0]).toMatchObject({ mechanism: 'pod-identity', serviceAccounts: 'any' });
    expect(values(grants[0]!.namespaces)).toEqual(['a', 'b']);
  });
});
