import { describe, expect, it } from 'vitest';
import type { PodIdentityRequest } from '../../server/src/core/trust/verdict';
import { account, allow, askPod, document, provider, sub } from './support';

const both = ['sts:AssumeRole', 'sts:TagSession'];
const service = 'pods.eks.amazonaws.com';
const pods = (condition?: object, more: object = {}) => allow(condition, { Principal: { Service: service }, Action: both, ...more });
const tag = (name: string) => `aws:RequestTag/${name}`;
const cluster = `arn:aws:eks:eu-west-1:${account}:cluster/prod`;

describe('principal and actions', () => {
  it.each([
    ['as documented', [pods()], 'allowed'],
    ['without TagSession', [pods(undefined, { Action: 'sts:AssumeRole' })], 'denied'],
    ['without AssumeRole', [pods(undefined, { Action: 'sts:TagSession' })], 'denied'],
    ['in two statements', [pods(undefined, { Action: 'sts:AssumeRole' }), pods(undefined, { Action: 'sts:TagSession' })], 'allowed'],
    [
      'a condition on one of two',
      [
        pods(undefined, { Action: 'sts:AssumeRole' }),
        pods({ StringEquals: { [tag('kubernetes-namespace')]: 'x' } }, { Action: 'sts:TagSession' }),
      ],
      'denied',
    ],
    ['actions in another case', [pods(undefined, { Action: ['STS:assumerole', 'sts:tagsession'] })], 'allowed'],
    ['the web identity action', [pods(undefined, { Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'] })], 'denied'],
    ["the cluster's service", [pods(undefined, { Principal: { Service: 'eks.amazonaws.com' } })], 'denied'],
    ['a suffix of China', [pods(undefined, { Principal: { Service: `${service}.cn` } })], 'denied'],
    ['a list of services', [pods(undefined, { Principal: { Service: ['ec2.amazonaws.com', service] } })], 'allowed'],
    ['two kinds', [pods(undefined, { Principal: { Service: service, Federated: provider } })], 'allowed'],
    ['a provider', [pods(undefined, { Principal: { Federated: provider } })], 'denied'],
    ['a hole for the service', [pods(undefined, { Principal: { Service: '${SERVICE}' } })], 'unknown'],
    ['Deny of the tag action', [pods(), pods(undefined, { Effect: 'Deny', Action: 'sts:TagSession' })], 'denied'],
  ])('%s', (_, statements, decision) => {
    expect(askPod(document(...statements)).decision).toBe(decision);
  });
});

describe('session tags and other keys', () => {
  it.each<[string, object, string, Partial<PodIdentityRequest>?]>([
    ['the namespace', { StringEquals: { [tag('kubernetes-namespace')]: ['a', 'demo'] } }, 'allowed'],
    ['another namespace', { StringEquals: { [tag('kubernetes-namespace')]: 'prod' } }, 'denied'],
    ["the tag's name in another case", { StringEquals: { 'aws:requesttag/Kubernetes-Namespace': 'demo' } }, 'allowed'],
    ['the value in another case', { StringEquals: { [tag('kubernetes-namespace')]: 'Demo' } }, 'denied'],
    ['an unknown namespace', { StringEquals: { [tag('kubernetes-namespace')]: 'demo' } }, 'unknown', { namespace: undefined }],
    ['the account', { StringLike: { [tag('kubernetes-service-account')]: 'a*' } }, 'allowed'],
    ['the cluster', { StringEquals: { [tag('eks-cluster-name')]: 'prod' } }, 'allowed'],
    ['another cluster', { StringEquals: { [tag('eks-cluster-name')]: 'staging' } }, 'denied'],
    ['a cluster that is not known', { StringEquals: { [tag('eks-cluster-name')]: 'prod' } }, 'unknown', { clusterArn: undefined }],
    ["the cluster's ARN", { StringEquals: { [tag('eks-cluster-arn')]: cluster } }, 'allowed'],
    ['stars under StringEquals', { StringEquals: { [tag('eks-cluster-arn')]: 'arn:aws:eks:*:*:cluster/prod' } }, 'denied'],
    ['stars under ArnLike', { ArnLike: { [tag('eks-cluster-arn')]: 'arn:aws:eks:*:*:cluster/pr*' } }, 'allowed'],
    [
      'an ARN of which the name alone is known',
      { StringLike: { [tag('eks-cluster-arn')]: '*:cluster/prod' } },
      'allowed',
      { clusterArn: undefined, clusterName: 'prod' },
    ],
    [
      'another name in an unknown ARN',
      { ArnLike: { [tag('eks-cluster-arn')]: 'arn:aws:eks:*:*:cluster/x' } },
      'denied',
      { clusterArn: undefined, clusterName: 'prod' },
    ],
    ["a pod's name", { StringLike: { [tag('kubernetes-pod-name')]: 'web-*' } }, 'allowed', { podName: 'web-1' }],
    ["a pod's name that is not known", { StringLike: { [tag('kubernetes-pod-name')]: 'web-*' } }, 'unknown'],
    ["any pod's name", { StringLike: { [tag('kubernetes-pod-name')]: '*' } }, 'allowed'],
    ['a tag that EKS does not pass', { StringEquals: { [tag('namespace')]: 'demo' } }, 'denied'],
    ['such a tag with ForAllValues', { 'ForAllValues:StringEquals': { [tag('namespace')]: 'x' } }, 'allowed'],
    ['tags turned off', { StringEquals: { [tag('kubernetes-namespace')]: 'demo' } }, 'denied', { sessionTagsDisabled: true }],
    ['tags turned off, asked for', { Null: { [tag('kubernetes-namespace')]: 'true' } }, 'allowed', { sessionTagsDisabled: true }],
    [
      'all tag keys',
      {
        'ForAllValues:StringEquals': {
          'aws:TagKeys': [
            'eks-cluster-arn',
            'eks-cluster-name',
            'kubernetes-namespace',
            'kubernetes-service-account',
            'kubernetes-pod-name',
            'kubernetes-pod-uid',
          ],
        },
      },
      'allowed',
    ],
    ['all tag keys but one', { 'ForAllValues:StringLike': { 'aws:TagKeys': ['eks-*', 'kubernetes-namespace'] } }, 'denied'],
    ['any tag key', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'kubernetes-pod-uid' } }, 'allowed'],
    ['SourceAccount', { StringEquals: { 'aws:SourceAccount': account } }, 'allowed'],
    ['SourceAccount of another', { StringEquals: { 'aws:SourceAccount': '444455556666' } }, 'denied'],
    ['SourceArn', { ArnLike: { 'aws:SourceArn': `arn:aws:eks:eu-west-1:${account}:podidentityassociation/prod/*` } }, 'unknown'],
    ['SourceOrgID', { StringEquals: { 'aws:SourceOrgID': '${aws:ResourceOrgID}' } }, 'unknown'],
    [
      'the calling service',
      { Bool: { 'aws:PrincipalIsAWSService': true }, StringEquals: { 'aws:PrincipalServiceName': service } },
      'allowed',
    ],
    ['PrincipalTag', { StringEquals: { 'aws:PrincipalTag/kubernetes-namespace': 'demo' } }, 'unknown'],
    ["a token's claim", { StringEquals: { [sub]: 'system:serviceaccount:demo:app' } }, 'denied'],
    ["the session name's beginning", { StringLike: { 'sts:RoleSessionName': 'eks-*' } }, 'allowed'],
    ['another session name', { StringLike: { 'sts:RoleSessionName': 'botocore-*' } }, 'denied'],
  ])('%s', (_, condition, decision, request) => {
    expect(askPod(document(pods(condition)), request).decision).toBe(decision);
  });
});

describe('the association', () => {
  it("takes roles of the cluster's account alone", () => {
    const verdict = askPod(document(pods()), { roleAccount: '444455556666' });
    expect(verdict.decision).toBe('denied');
    expect(verdict.trace[0]!.message).toContain('444455556666');
  });

  it('does not tell whether TagSession is needed without tags', () => {
    const policy = document(pods(undefined, { Action: 'sts:AssumeRole' }));
    expect(askPod(policy, { sessionTagsDisabled: true }).decision).toBe('unknown');
    expect(askPod(document(pods()), { sessionTagsDisabled: true }).decision).toBe('allowed');
  });

  it("says the agent's text", () => {
    expect(askPod(document(pods({ StringEquals: { [tag('x')]: 'y' } }))).error).toContain(
      'Unauthorized Exception! EKS does not have permissions to assume the associated role.',
    );
  });
});
