import { describe, expect, test } from 'vitest';
import type { PodIdentityAssociationFact } from '../../server/src/core/model/facts';
import { Workspace } from '../../server/src/core/workspace/workspace';
import '../terraform/load';

const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
const target = 'arn:aws:iam::444455556666:role/data';

/** What the associations of a file say beside who gets which role, in one line each. */
function options(name: string, text: string): string[] {
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
    textOf: () => ({ text }),
  });
  workspace.load(`file:///r/${name}`, text);
  return workspace.wiring.facts(`file:///r/${name}`).flatMap((fact) => (fact.kind === 'podIdentityAssociation' ? [said(fact, text)] : []));
}

function said(fact: PodIdentityAssociationFact, text: string): string {
  const { serviceAccount, targetRoleArn, disableSessionTags, sessionTagsDisabled, sessionPolicy, externalId, addon } = fact;
  const tags =
    disableSessionTags && text.slice(fact.doc.start + disableSessionTags.span.start, fact.doc.start + disableSessionTags.span.end);
  const actions = sessionPolicy?.policy?.statements.map(({ action }) => action?.values[0]?.value).join();
  return [
    serviceAccount?.value,
    ...(targetRoleArn ? [`target ${targetRoleArn.refers?.written ?? targetRoleArn.value}`] : []),
    ...(externalId ? [`external ${externalId.value}`] : []),
    ...(tags === undefined ? [] : [`tags ${tags}${sessionTagsDisabled ? ' off' : ''}`]),
    ...(sessionPolicy ? [`policy ${actions ?? '?'}${sessionPolicy.elsewhere ? ' elsewhere' : ''}`] : []),
    ...(addon === undefined ? [] : [`addon ${addon}`]),
  ].join(' · ');
}

describe('what an association says beside its role', () => {
  test('Terraform: resources, for_each, data sources and add-ons', () => {
    const text = `
variable "off" {}
data "aws_iam_policy_document" "session" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
resource "aws_iam_role" "data" { name = "data" }
resource "aws_eks_pod_identity_association" "each" {
  for_each             = toset(["a", "b"])
  service_account      = each.key
  target_role_arn      = aws_iam_role.data.arn
  disable_session_tags = true
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
  })
}
resource "aws_eks_pod_identity_association" "document" {
  service_account      = "c"
  target_role_arn      = "${target}"
  disable_session_tags = var.off
  policy               = data.aws_iam_policy_document.session.json
}
resource "aws_eks_pod_identity_association" "plain" {
  service_account      = "d"
  disable_session_tags = false
  policy               = <<-EOT
    ${policy}
  EOT
}
resource "aws_eks_pod_identity_association" "bare" {
  service_account = "e"
  policy          = null
}
resource "aws_eks_addon" "ebs" {
  addon_name = "aws-ebs-csi-driver"
  pod_identity_association {
    role_arn        = "arn:aws:iam::111122223333:role/ebs"
    service_account = "ebs-csi-controller-sa"
  }
}
module "pods" {
  source               = "terraform-aws-modules/eks-pod-identity/aws"
  name                 = "pods"
  association_defaults = { cluster_name = "demo", namespace = "shop", disable_session_tags = true }
  associations = {
    f = { service_account = "f", target_role_arn = "${target}" }
    g = { service_account = "g", disable_session_tags = false }
  }
}
`;
    expect(options('main.tf', text).sort()).toEqual([
      'a · target aws_iam_role.data.arn · tags true off · policy s3:GetObject',
      'b · target aws_iam_role.data.arn · tags true off · policy s3:GetObject',
      `c · target ${target} · tags var.off · policy s3:GetObject elsewhere`,
      'd · tags false · policy s3:GetObject',
      'e',
      'ebs-csi-controller-sa · addon aws-ebs-csi-driver',
      `f · target ${target} · tags true off`,
      'g · tags false',
    ]);
  });

  test('CloudFormation', () => {
    const text = `
Parameters: {Off: {Type: String}}
Resources:
  Text:
    Type: AWS::EKS::PodIdentityAssociation
    Properties: {ServiceAccount: a, TargetRoleArn: "${target}", DisableSessionTags: true, Policy: '${policy}'}
  Parameter:
    Type: AWS::EKS::PodIdentityAssociation
    Properties: {ServiceAccount: b, DisableSessionTags: !Ref Off, Policy: !Sub '${policy}'}
  Addon:
    Type: AWS::EKS::Addon
    Properties:
      AddonName: vpc-cni
      ClusterName: demo
      PodIdentityAssociations: [{ServiceAccount: aws-node, RoleArn: "arn:aws:iam::111122223333:role/cni"}]
`;
    expect(options('stack.yaml', text)).toEqual([
      `a · target ${target} · tags true off · policy s3:GetObject`,
      'b · tags Off · policy s3:GetObject',
      'aws-node · addon vpc-cni',
    ]);
  });

  test('eksctl, with a policy as a text or a map', () => {
    const text = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: demo, region: eu-west-1}
iam:
  podIdentityAssociations:
    - {namespace: shop, serviceAccountName: a, targetRoleARN: "${target}", disableSessionTags: true, policy: '${policy}'}
    - {namespace: shop, serviceAccountName: b, disableSessionTags: false, policy: ${policy}}
addons:
  - name: vpc-cni
    podIdentityAssociations: [{serviceAccountName: aws-node, roleARN: "arn:aws:iam::111122223333:role/cni"}]
`;
    expect(options('cluster.yaml', text)).toEqual([
      `a · target ${target} · tags true off · policy s3:GetObject`,
      'b · tags false · policy s3:GetObject',
      'aws-node · addon vpc-cni',
    ]);
  });

  test('ACK and Crossplane', () => {
    const text = `apiVersion: eks.services.k8s.aws/v1alpha1
kind: PodIdentityAssociation
metadata: {name: a}
spec:
  serviceAccount: a
  targetRoleARN: ${target}
  disableSessionTags: yes
  policy: |
    ${policy}
---
apiVersion: eks.aws.upbound.io/v1beta1
kind: PodIdentityAssociation
metadata: {name: b}
spec: {forProvider: {serviceAccount: b, targetRoleArn: "${target}", disableSessionTags: true, policy: '${policy}'}}
---
apiVersion: eks.services.k8s.aws/v1alpha1
kind: Addon
metadata: {name: c}
spec: {name: coredns, clusterName: demo, podIdentityAssociations: [{serviceAccount: c, roleARN: "arn:aws:iam::111122223333:role/c"}]}
`;
    expect(options('ack.yaml', text)).toEqual([
      `a · target ${target} · tags yes off · policy s3:GetObject`,
      `b · target ${target} · tags true off · policy s3:GetObject`,
      'c · addon coredns',
    ]);
  });

  test('Pulumi YAML', () => {
    const text = `name: pods
runtime: yaml
resources:
  text:
    type: aws:eks:PodIdentityAssociation
    properties: {serviceAccount: a, targetRoleArn: "${target}", disableSessionTags: true, policy: '${policy}'}
  made:
    type: aws:eks:PodIdentityAssociation
    properties:
      serviceAccount: b
      policy: {fn::toJSON: ${policy}}
`;
    expect(options('Pulumi.yaml', text)).toEqual([`a · target ${target} · tags true off · policy s3:GetObject`, 'b · policy s3:GetObject']);
  });

  test('a plan of Terraform', () => {
    const change = (address: string, type: string, after: object) => ({
      address,
      mode: 'managed',
      type,
      name: address.split('.')[1],
      change: { actions: ['create'], before: null, after, after_unknown: {}, before_sensitive: false, after_sensitive: {} },
    });
    const text = JSON.stringify({
      format_version: '1.2',
      terraform_version: '1.9.5',
      resource_changes: [
        change('aws_eks_pod_identity_association.a', 'aws_eks_pod_identity_association', {
          cluster_name: 'demo',
          namespace: 'shop',
          service_account: 'a',
          target_role_arn: target,
          disable_session_tags: true,
          external_id: 'demo/a-1',
          policy,
        }),
        change('aws_eks_addon.b', 'aws_eks_addon', {
          addon_name: 'vpc-cni',
          pod_identity_association: [{ service_account: 'aws-node', role_arn: 'arn:aws:iam::111122223333:role/cni' }],
        }),
      ],
      configuration: { root_module: {} },
    });
    expect(options('plan.json', text)).toEqual([
      `a · target ${target} · external demo/a-1 · tags true off · policy s3:GetObject`,
      'aws-node · addon vpc-cni',
    ]);
  });

  test('a policy that a template or a variable makes is there, and not read', () => {
    const ack = (value: string) =>
      `apiVersion: eks.services.k8s.aws/v1alpha1\nkind: PodIdentityAssociation\nmetadata: {name: a}\nspec:\n  serviceAccount: a\n  policy: ${value}\n`;
    expect(options('a.yaml', ack('{{ .Values.policy | quote }}'))).toEqual(['a · policy ?']);
    expect(options('a.yaml', ack('not json'))).toEqual(['a · policy ?']);
    expect(options('a.yaml', ack('""'))).toEqual(['a']);
    expect(options('a.yaml', ack('[1]'))).toEqual(['a · policy ?']);
  });
});
