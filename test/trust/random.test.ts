import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { name, podPolicy, webPolicy } from './arbitraries';
import { referenceAllows, type Call } from './reference';
import { account, askIrsa, askPod, issuer, provider } from './support';
import { runs } from '../support/runs';

const cases = runs(10_000);

type Seen = Record<'allowed' | 'denied' | 'unknown', number>;

/** Unknown is right where the plain evaluator does not know either, or for a lone star alone. */
function compare(decision: keyof Seen, reference: boolean | null, policy: unknown, seen: Seen): void {
  seen[decision]++;
  if (decision === 'unknown' && reference !== null) onlyLoneStar(policy);
  else expect(decision, JSON.stringify(policy)).toBe(reference === null ? 'unknown' : reference ? 'allowed' : 'denied');
}

/** No source says whether a lone star is an ARN: there alone may the evaluator not know. */
function onlyLoneStar(policy: unknown): void {
  expect(JSON.stringify(policy)).toMatch(/"(?:\w+:)?Arn(?:Not)?(?:Like|Equals)(?:IfExists)?":\{[^}]*"\*"/);
}

describe('the evaluator against a plain one', () => {
  it('agrees on random IRSA policies', () => {
    const seen: Seen = { allowed: 0, denied: 0, unknown: 0 };
    fc.assert(
      fc.property(webPolicy, name, name, (policy, namespace, serviceAccount) => {
        const call: Call = {
          action: 'sts:AssumeRoleWithWebIdentity',
          keys: {
            [`${issuer}:sub`.toLowerCase()]: [`system:serviceaccount:${namespace}:${serviceAccount}`],
            [`${issuer}:aud`.toLowerCase()]: ['sts.amazonaws.com'],
            'aws:securetransport': ['true'],
          },
          isCaller: (kind, value) => kind === 'Federated' && value === provider,
        };
        const decision = askIrsa(policy, { namespace, serviceAccount }).decision;
        compare(decision, referenceAllows(policy, [call]), policy, seen);
      }),
      { numRuns: cases },
    );
    // All answers must have been put to the test.
    expect(Math.min(seen.allowed, seen.denied)).toBeGreaterThan(cases / 20);
    expect(seen.unknown).toBeGreaterThan(cases / 200);
  }, 120_000);

  it('agrees on random Pod Identity policies', () => {
    const seen: Seen = { allowed: 0, denied: 0, unknown: 0 };
    fc.assert(
      fc.property(podPolicy, name, name, (policy, namespace, serviceAccount) => {
        const tag = (t: string) => `aws:requesttag/${t}`;
        const keys = {
          [tag('eks-cluster-arn')]: [`arn:aws:eks:eu-west-1:${account}:cluster/prod`],
          [tag('eks-cluster-name')]: ['prod'],
          [tag('kubernetes-namespace')]: [namespace],
          [tag('kubernetes-service-account')]: [serviceAccount],
          [tag('kubernetes-pod-name')]: ['app-1'],
          'aws:sourceaccount': [account],
          'aws:securetransport': ['true'],
        };
        const calls = ['sts:AssumeRole', 'sts:TagSession'].map((action): Call => ({
          action,
          keys,
          isCaller: (kind, value) => kind === 'Service' && value === 'pods.eks.amazonaws.com',
        }));
        const decision = askPod(policy, { namespace, serviceAccount, podName: 'app-1' }).decision;
        compare(decision, referenceAllows(policy, calls), policy, seen);
      }),
      { numRuns: cases },
    );
    expect(Math.min(seen.allowed, seen.denied)).toBeGreaterThan(cases / 20);
    expect(seen.unknown).toBeGreaterThan(cases / 200);
  }, 120_000);
});
