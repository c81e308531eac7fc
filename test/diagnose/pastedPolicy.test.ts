import { describe, expect, it } from 'vitest';
import { diagnose } from '../../server/src/core/diagnose/diagnose';
import { filesOf } from '../../server/src/core/diagnose/files/workspace';
import { openWorkspace } from '../support/fixtureWorkspace';
import { account, trust } from '../cli/files';
import { denied, goDenied, ordersRole, podIdentityEvent, token, webIdentityEvent } from './evidence';

const none = filesOf(openWorkspace(new Map()));
const files = filesOf(
  openWorkspace(
    new Map([
      ['k8s/sa.yaml', account('orders', 'shop', ordersRole)],
      ['iam/orders-role/trust.json', trust('system:serviceaccount:shop:orders')],
    ]),
  ),
);
const ask = (pastes: readonly string[], from = none) => {
  const answer = diagnose({ pastes, workload: undefined }, from);
  return { ...answer, summary: `${answer.certainty} ${answer.class ?? 'nothing'}` };
};

/** What `aws iam get-role` prints. */
const getRole = (subject: string, arn = ordersRole, policy: unknown = JSON.parse(trust(subject))) =>
  JSON.stringify({ Role: { Path: '/', RoleName: arn.split('/').at(-1), Arn: arn, AssumeRolePolicyDocument: policy } }, undefined, 4);
const wrong = 'system:serviceaccount:shop:order';
const right = 'system:serviceaccount:shop:orders';

describe('a trust policy that was pasted answers in the place of the files', () => {
  it.each([
    ['a CloudTrail event and get-role', [webIdentityEvent({}), getRole(wrong)]],
    ['in one paste, with prompts around', [`${webIdentityEvent({})}\n$ aws iam get-role --role-name orders-role\n${getRole(wrong)}\n$`]],
    ['the policy as URLs encode it', [webIdentityEvent({}), getRole(wrong, ordersRole, encodeURIComponent(trust(wrong)))]],
    [
      'list-roles, with others',
      [webIdentityEvent({}), `{"Roles": [${getRole(right, ordersRole.replace('orders', 'other'))}, ${getRole(wrong)}]}`],
    ],
  ])('%s: certain, without any file', (_, pastes) => {
    const answer = ask(pastes);
    expect(answer.summary).toBe('certain trust');
    expect(answer.cause).toBe('The trust policy of orders-role allows shop/order, not shop/orders.');
  });

  it('a policy by itself is assumed to be the role’s, so the answer is likely', () => {
    const answer = ask([webIdentityEvent({}), trust(wrong)]);
    expect(answer.summary).toBe('likely trust');
    expect(answer.cause).toBe('The trust policy of orders-role allows shop/order, not shop/orders.');
  });

  it('counts before the files, and says that they differ', () => {
    const answer = ask([webIdentityEvent({}), getRole(wrong)], files);
    expect(answer.summary).toBe('certain trust');
    expect(answer.reasons.map(({ text }) => text)).toContain('The files allow it: they are not applied, or the role was changed since.');
  });

  it('one that allows the request is not the one that denied it', () => {
    const answer = ask([webIdentityEvent({}), getRole(right)]);
    expect(answer.summary).toBe('likely trust');
    expect(answer.cause).toBe(
      'AWS denied what the pasted trust policy allows: it was changed after the error, or the pod asked for another role.',
    );
  });

  it('an error and a token: the token tells who asked', () => {
    expect(ask([denied, token({}), getRole(wrong)]).cause).toContain('allows shop/order, not shop/orders');
  });

  it('EKS Pod Identity: a policy for IRSA alone does not allow it', () => {
    expect(ask([podIdentityEvent({}), getRole(right)]).class).toBe('pod-identity');
  });

  it.each([
    ['the policy of another role', [webIdentityEvent({}), getRole(wrong, ordersRole.replace('orders', 'payments'))]],
    ['several policies by themselves', [webIdentityEvent({}), trust(wrong), trust(right)]],
    ['nobody who asked', [goDenied('11111111-2222-4333-8444-555555555555'), getRole(wrong)]],
    [
      'a permissions policy',
      [webIdentityEvent({}), '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'],
    ],
    ['a policy that is cut', [webIdentityEvent({}), getRole(wrong).slice(0, -40)]],
  ])('%s: nothing rests on it', (_, pastes) => {
    const answer = ask(pastes);
    expect(answer.certainty).toBe('likely');
    expect(answer.cause).toBe("The role's trust policy doesn't allow the pod's service account, or the role doesn't exist.");
  });

  it('a megabyte of braces is read in one pass', () => {
    expect(ask([webIdentityEvent({}), `${'{"a":'.repeat(200_000)} AssumeRolePolicyDocument`]).certainty).toBe('likely');
    expect(ask([webIdentityEvent({}), `AssumeRolePolicyDocument ${'{}'.repeat(500_000)}`]).certainty).toBe('likely');
  });
});

describe('what to paste next', () => {
  it('is nothing that was pasted already', () => {
    const next = (pastes: readonly string[]) => ask(pastes).next.join('\n');
    expect(next([denied])).toContain('CloudTrail event');
    expect(next([denied, webIdentityEvent({})])).not.toContain('CloudTrail event');
    expect(next([denied])).toContain('aws iam get-role');
    expect(next([denied, getRole(right)])).not.toContain('aws iam get-role');
  });
});

describe('a role without a token file', () => {
  it.each([
    'failed to retrieve jwt from provide source, unable to read file at .: read .: is a directory',
    'failed to retrieve jwt from provide source, unable to read file at : open : no such file or directory',
    'operation error S3: unable to read file at .: is a directory',
  ])('%s', (text) => {
    expect(ask([text]).summary).toBe('likely not-injected');
  });

  it('a path that is told and missing stays a question of the token', () => {
    expect(
      ask([
        'failed to retrieve jwt from provide source, unable to read file at /var/run/secrets/eks.amazonaws.com/serviceaccount/token: open /var/run/secrets/eks.amazonaws.com/serviceaccount/token: no such file or directory',
      ]).summary,
    ).toBe('likely token');
  });
});
