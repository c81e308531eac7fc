import { describe, expect, test } from 'vitest';
import { accounts, only, read } from './support';
import { associations, cluster } from './formats';

describe('ACK and Crossplane', () => {
  test('an association of each, and one that a composition makes', () => {
    const facts = [
      ...read(`
apiVersion: eks.services.k8s.aws/v1alpha1
kind: PodIdentityAssociation
metadata: {name: demo}
spec:
  clusterName: demo
  namespace: apps
  serviceAccount: demo-sa
  roleARN: arn:aws:iam::111122223333:role/demo
  disableSessionTags: true
`),
      ...read(`
apiVersion: eks.aws.m.upbound.io/v1beta1
kind: PodIdentityAssociation
metadata: {name: demo, namespace: infra}
spec:
  forProvider:
    clusterNameRef: {name: demo}
    namespace: apps
    serviceAccount: demo-sa
    roleArnRef: {name: demo}
`),
      ...read(`
apiVersion: apiextensions.crossplane.io/v1
kind: Composition
metadata: {name: pods}
spec:
  resources:
    - base:
        apiVersion: eks.aws.upbound.io/v1beta1
        kind: PodIdentityAssociation
        spec: {forProvider: {namespace: apps, serviceAccount: made}}
`),
    ];
    expect(associations(facts)).toEqual(['demo apps/demo-sa arn:aws:iam::111122223333:role/demo', '? apps/demo-sa demo', '? apps/made ?']);
    expect(only(facts, 'podIdentityAssociation').map((fact) => [fact.conditional ?? false, fact.sessionTagsDisabled ?? false])).toEqual([
      [false, true],
      [false, false],
      [true, false],
    ]);
    // A reference names the object that makes the role.
    expect(only(facts, 'podIdentityAssociation').map((fact) => fact.roleName?.value)).toEqual([undefined, 'demo', undefined]);
  });

  test('the region, where the object says it', () => {
    const regionsOf = (text: string) =>
      read(text).flatMap((fact) => (fact.kind === 'podIdentityAssociation' || fact.kind === 'cluster' ? [fact.region?.value] : []));
    expect(
      regionsOf(
        'apiVersion: eks.services.k8s.aws/v1alpha1\nkind: PodIdentityAssociation\nmetadata: {annotations: {services.k8s.aws/region: eu-west-1}}\nspec: {serviceAccount: a}\n',
      ),
    ).toEqual(['eu-west-1']);
    expect(
      regionsOf(
        'apiVersion: eks.services.k8s.aws/v1alpha1\nkind: Addon\nmetadata: {annotations: {services.k8s.aws/region: eu-west-1}}\nspec: {podIdentityAssociations: [{serviceAccount: a}]}\n',
      ),
    ).toEqual(['eu-west-1']);
    expect(
      regionsOf(
        'apiVersion: eks.services.k8s.aws/v1alpha1\nkind: Cluster\nmetadata: {annotations: {services.k8s.aws/region: eu-west-1}}\nspec: {name: a, roleARN: x}\n',
      ),
    ).toEqual(['eu-west-1']);
    expect(
      regionsOf(
        'apiVersion: eks.aws.upbound.io/v1beta1\nkind: PodIdentityAssociation\nspec: {forProvider: {region: us-east-1, serviceAccount: a}}\n',
      ),
    ).toEqual(['us-east-1']);
    expect(
      regionsOf(
        'apiVersion: eks.services.k8s.aws/v1alpha1\nkind: PodIdentityAssociation\nmetadata: {annotations: {region: eu-west-1}}\nspec: {serviceAccount: a}\n',
      ),
    ).toEqual([undefined]);
  });

  test('add-ons, clusters and providers', () => {
    const facts = [
      ...read(`
apiVersion: eks.services.k8s.aws/v1alpha1
kind: Addon
metadata: {name: cni}
spec: {name: vpc-cni, clusterName: demo, podIdentityAssociations: [{serviceAccount: aws-node, roleARN: arn:aws:iam::111122223333:role/cni}]}
`),
      ...read(`
apiVersion: iam.services.k8s.aws/v1alpha1
kind: OpenIDConnectProvider
metadata: {name: demo}
spec: {url: https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE, clientIDs: [sts.amazonaws.com]}
`),
      ...read(`
apiVersion: eks.services.k8s.aws/v1alpha1
kind: Cluster
metadata: {name: object}
spec: {name: demo, roleARN: arn:aws:iam::111122223333:role/cluster}
`),
    ];
    expect(associations(facts)).toEqual(['demo ?/aws-node arn:aws:iam::111122223333:role/cni']);
    expect(only(facts, 'oidcProvider').map((fact) => [fact.url!.value, fact.clientIds!.length])).toEqual([
      ['https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE', 1],
    ]);
    expect(cluster(facts)).toEqual(['demo']);
  });

  test("annotations of Crossplane's ControllerConfig are those of a provider's account", () => {
    expect(
      accounts(`
apiVersion: pkg.crossplane.io/v1alpha1
kind: ControllerConfig
metadata:
  name: aws-config
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/crossplane
`),
    ).toEqual(['values ?/? arn:aws:iam::111122223333:role/crossplane']);
  });
});
