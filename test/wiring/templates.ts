/** Repositories in which roles have identities: CloudFormation, Pulumi, ACK and Crossplane. */
import { issuer } from './build';

const web = (subject: string): object => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${issuer}:sub`]: `system:serviceaccount:${subject}`, [`${issuer}:aud`]: 'sts.amazonaws.com' } },
    },
  ],
});

export const forService = (service: string): object => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: ['sts:AssumeRole', 'sts:TagSession'] }],
});

export interface Association {
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly role?: unknown;
  readonly properties?: object;
}

/** A CloudFormation template: roles by logical id, and one association. */
export function stack(
  roles: Readonly<Record<string, { readonly name?: string; readonly service?: string; readonly subject?: string }>>,
  { namespace = 'demo', serviceAccount = 'app', role, properties = {} }: Association,
): string {
  const resources: Record<string, object> = {};
  for (const [id, { name, service = 'pods.eks.amazonaws.com', subject }] of Object.entries(roles)) {
    resources[id] = {
      Type: 'AWS::IAM::Role',
      Properties: {
        ...(name === undefined ? {} : { RoleName: name }),
        AssumeRolePolicyDocument: subject === undefined ? forService(service) : web(subject),
      },
    };
  }
  resources['Association'] = {
    Type: 'AWS::EKS::PodIdentityAssociation',
    Properties: { ClusterName: 'demo', Namespace: namespace, ServiceAccount: serviceAccount, RoleArn: role, ...properties },
  };
  return JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', Resources: resources }, null, 2);
}

/** A Pulumi program with one role and one account that uses it. */
export function program({ name, subject, arn = '${role.arn}' }: { name?: string; subject: string; arn?: string }): string {
  return JSON.stringify({
    name: 'demo',
    runtime: 'yaml',
    resources: {
      role: {
        type: 'aws:iam:Role',
        properties: { ...(name === undefined ? {} : { name }), assumeRolePolicy: JSON.stringify(web(subject)) },
      },
      account: {
        type: 'kubernetes:core/v1:ServiceAccount',
        properties: { metadata: { name: 'app', namespace: 'demo', annotations: { 'eks.amazonaws.com/role-arn': arn } } },
      },
    },
  });
}

/** ACK's role and association, by the role's name in the cluster. */
export function ack({ object, name, service, from = object }: { object: string; name: string; service: string; from?: string }): string {
  return [
    'apiVersion: iam.services.k8s.aws/v1alpha1',
    'kind: Role',
    `metadata: {name: ${object}, labels: {app: ${object}}}`,
    `spec: {name: ${name}, assumeRolePolicyDocument: '${JSON.stringify(forService(service))}'}`,
    '---',
    'apiVersion: eks.services.k8s.aws/v1alpha1',
    'kind: PodIdentityAssociation',
    'metadata: {name: app}',
    `spec: {clusterName: demo, namespace: demo, serviceAccount: app, roleRef: {from: {name: ${from}}}}`,
    '',
  ].join('\n');
}

/** Crossplane's role and association; the reference is by name or by a label. */
export function crossplane({ object, service, reference }: { object: string; service: string; reference: string }): string {
  return [
    'apiVersion: iam.aws.upbound.io/v1beta1',
    'kind: Role',
    `metadata: {name: ${object}, labels: {app: ${object}}, annotations: {crossplane.io/external-name: real-${object}}}`,
    `spec: {forProvider: {assumeRolePolicy: '${JSON.stringify(forService(service))}'}}`,
    '---',
    'apiVersion: eks.aws.upbound.io/v1beta1',
    'kind: PodIdentityAssociation',
    'metadata: {name: app}',
    `spec: {forProvider: {region: eu-west-1, clusterName: demo, namespace: demo, serviceAccount: app, ${reference}}}`,
    '',
  ].join('\n');
}
