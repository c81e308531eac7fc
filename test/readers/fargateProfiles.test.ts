import { expect, test } from 'vitest';
import { Workspace } from '../../server/src/core/workspace/workspace';
import '../terraform/load';

/** Cluster and selectors of the profiles of a file. */
function profiles(name: string, text: string): string[] {
  const workspace = new Workspace({ log: (message) => expect(message).toBe(''), textOf: () => ({ text }) });
  workspace.load(`file:///r/${name}`, text);
  return workspace.wiring
    .facts(`file:///r/${name}`)
    .flatMap((fact) => (fact.kind === 'fargateProfile' ? [`${fact.clusterName?.value ?? '?'} ${JSON.stringify(fact.selectors)}`] : []));
}

const both = '[{"namespace":"a","labels":{}},{"namespace":"b","labels":{"k":"v"}}]';

test.each([
  [
    'main.tf',
    'resource "aws_eks_fargate_profile" "p" {\n  cluster_name = "demo"\n  selector { namespace = "a" }\n  selector {\n    namespace = "b"\n    labels = { k = "v" }\n  }\n}\n',
  ],
  [
    'module.tf',
    'module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n  name = "demo"\n  fargate_profiles = { p = { selectors = [{ namespace = "a" }, { namespace = "b", labels = { k = "v" } }] } }\n}\n',
  ],
  [
    'stack.yaml',
    'Resources:\n  P:\n    Type: AWS::EKS::FargateProfile\n    Properties: {ClusterName: demo, Selectors: [{Namespace: a}, {Namespace: b, Labels: [{Key: k, Value: v}]}]}\n',
  ],
  [
    'ack.yaml',
    'apiVersion: eks.services.k8s.aws/v1alpha1\nkind: FargateProfile\nmetadata: {name: p}\nspec: {clusterName: demo, selectors: [{namespace: a}, {namespace: b, labels: {k: v}}]}\n',
  ],
  [
    'crossplane.yaml',
    'apiVersion: eks.aws.upbound.io/v1beta1\nkind: FargateProfile\nmetadata: {name: p}\nspec: {forProvider: {clusterName: demo, selector: [{namespace: a}, {namespace: b, labels: {k: v}}]}}\n',
  ],
  [
    'Pulumi.yaml',
    'name: p\nruntime: yaml\nresources:\n  p:\n    type: aws:eks:FargateProfile\n    properties: {clusterName: demo, selectors: [{namespace: a}, {namespace: b, labels: {k: v}}]}\n',
  ],
  [
    'cluster.yaml',
    'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: demo, region: eu-west-1}\nfargateProfiles: [{name: p, selectors: [{namespace: a}, {namespace: b, labels: {k: v}}]}]\n',
  ],
])('%s', (name, text) => {
  expect(profiles(name, text)).toEqual([`demo ${both}`]);
});

test('a selector of which a part is not known says nothing', () => {
  const eksctl = (selector: string) =>
    `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: demo, region: eu-west-1}\nfargateProfiles: [{name: p, selectors: [${selector}]}]\n`;
  expect(profiles('cluster.yaml', eksctl('{namespace: "${NS}"}'))).toEqual([]);
  expect(profiles('cluster.yaml', eksctl('{namespace: a, labels: {k: "${V}"}}'))).toEqual([]);
  expect(profiles('cluster.yaml', eksctl('{labels: {k: v}}'))).toEqual([]);
  expect(profiles('main.tf', 'variable "on" {}\nresource "aws_eks_fargate_profile" "p" {\n  count = var.on ? 1 : 0\n  cluster_name = "demo"\n  selector { namespace = "a" }\n}\n')).toEqual([]); // prettier-ignore
});
