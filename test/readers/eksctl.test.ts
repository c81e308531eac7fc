import { describe, expect, test } from 'vitest';
import { accounts, only, read } from './support';
import { associations, cluster, providers, subjects } from './formats';

const config = `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: demo, region: eu-west-1}
iam:
  withOIDC: true
  serviceAccounts:
    - metadata: {name: reader, namespace: apps}
      attachPolicyARNs: [arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess]
    - metadata: {name: nowhere}
      wellKnownPolicies: {autoScaler: true}
      roleName: scaler
    - metadata: {name: ebs-csi-controller-sa, namespace: kube-system}
      roleOnly: true
      roleName: ebs
    - metadata: {name: ready, namespace: apps}
      attachRoleARN: arn:aws:iam::111122223333:role/ready
  podIdentityAssociations:
    - {namespace: apps, serviceAccountName: pods, createServiceAccount: true, roleARN: arn:aws:iam::111122223333:role/pods}
addons:
  - name: vpc-cni
    podIdentityAssociations:
      - {namespace: kube-system, serviceAccountName: aws-node, roleName: cni}
`;

describe("eksctl's ClusterConfig", () => {
  test('accounts get roles of their own or one that is there', () => {
    expect(accounts(config)).toEqual([
      "manifest apps/reader arn:${partition}:iam::${account}:role/${eksctl's role for apps/reader}",
      'manifest default/nowhere arn:${partition}:iam::${account}:role/scaler',
      'manifest apps/ready arn:aws:iam::111122223333:role/ready',
      'manifest apps/pods -',
    ]);
  });

  test('the policies of a role with a name', () => {
    const text = config
      .replace(
        '      roleName: scaler',
        '      attachPolicyARNs: [arn:aws:iam::aws:policy/ReadOnlyAccess]\n      attachPolicy: {Version: "2012-10-17", Statement: []}\n      roleName: scaler',
      )
      .replace('roleName: cni}', 'roleName: cni, permissionPolicyARNs: [arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy]}');
    expect(only(read(text), 'rolePolicy').map(({ role, name, arn }) => `${role.value} ${arn?.value ?? name?.value ?? '-'}`)).toEqual([
      'scaler autoScaler',
      'scaler arn:aws:iam::aws:policy/ReadOnlyAccess',
      'scaler -',
      'cni arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy',
    ]);
  });

  test('a role that eksctl makes has its trust policy', () => {
    const trusts = only(read(config), 'trustPolicy');
    expect(trusts.map((fact) => fact.roleName!.value)).toEqual(["${eksctl's role for apps/reader}", 'scaler', 'ebs', 'cni']);
    expect(trusts.map(({ made, concerns }) => `${made} ${concerns}`)).toEqual(['true irsa', 'true irsa', 'true irsa', 'true pod-identity']);
    const [, , own] = trusts;
    expect(providers(own!)).toEqual(["arn:${partition}:iam::${account}:oidc-provider/${the cluster's issuer}"]);
    expect(subjects(own!)).toEqual(["${the cluster's issuer}:sub=system:serviceaccount:kube-system:ebs-csi-controller-sa"]);
  });

  test('associations, of add-ons too, are those of the cluster', () => {
    expect(associations(read(config))).toEqual(['demo apps/pods arn:aws:iam::111122223333:role/pods', 'demo kube-system/aws-node cni']);
    expect(cluster(read(config))).toEqual(['demo']);
    expect(only(read(config), 'podIdentityAssociation').map(({ region }) => region?.value)).toEqual(['eu-west-1', 'eu-west-1']);
  });

  test("an add-on's association is in the add-on's namespace, where it is known", () => {
    const [own, other] = ['aws-ebs-csi-driver', 'of-its-own'].map((name) =>
      associations(
        read(
          config.replace('vpc-cni', name).replace('namespace: kube-system, serviceAccountName: aws-node', 'serviceAccountName: demo-sa'),
        ),
      ),
    );
    expect([own![1], other![1]]).toEqual(['demo kube-system/demo-sa cni', 'demo ?/demo-sa cni']);
  });

  test('another ClusterConfig is none of eksctl', () => {
    expect(only(read(config.replace('eksctl.io/v1alpha5', 'anywhere.eks.amazonaws.com/v1alpha1')), 'cluster')).toEqual([]);
  });
});
