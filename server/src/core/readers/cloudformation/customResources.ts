import type { Fact } from '../../model/facts';
import { entryOf, valueAt } from '../../syntax/nodes';
import type { Entry, MapNode, Node, Tree } from '../../syntax/tree';
import type { Text } from '../../text/text';
import { manifestReader } from '../kubernetes/manifests';
import { asMap, asScalar, literalAt, textAt } from '../nodes';
import type { ReaderInput } from '../reader';
import { readHelmValues } from '../shared/helmRelease';
import { mergeHelmValues, type HelmSetting } from '../shared/helmValues';
import { standIn } from '../terraform/texts';
import type { Functions } from './functions';
import type { Resource } from './template';

type Read = (properties: MapNode, functions: Functions, input: ReaderInput) => readonly Fact[];

/** How each type of custom resource is read. */
const resources: Readonly<Record<string, Read>> = {
  // Source: aws-quickstart/quickstart-kubernetes-resource-provider, docs of the type.
  'AWSQS::Kubernetes::Resource': (properties, functions, input) =>
    manifests(functions.embedded(valueAt(properties, 'Manifest')), textAt(properties, 'Namespace'), input),
  'AWSQS::Kubernetes::Helm': (properties, functions, input) => {
    const yaml = functions.embedded(valueAt(properties, 'ValueYaml'));
    const settings = (asMap(valueAt(properties, 'Values'))?.entries ?? []).map(({ key, value, span }): HelmSetting => ({
      path: key,
      value,
      span,
    }));
    return release(yaml ? [yaml] : [], settings, properties, input);
  },
  // Source: aws-cdk-lib aws-eks, k8s-manifest.ts, k8s-patch.ts, helm-chart.ts.
  'Custom::AWSCDK-EKS-KubernetesResource': (properties, functions, input) =>
    manifests(functions.embedded(valueAt(properties, 'Manifest')), undefined, input),
  'Custom::AWSCDK-EKS-KubernetesPatch': (properties, functions, input) => {
    const patch = functions.embedded(valueAt(properties, 'ApplyPatchJson'));
    const [, name] = /^(?:serviceaccounts?|sa)\/([a-z0-9.-]+)$/i.exec(literalAt(properties, 'ResourceName') ?? '') ?? [];
    return patch?.kind === 'map' && name !== undefined ? manifests(patchedAccount(patch, name, properties), undefined, input) : [];
  },
  'Custom::AWSCDK-EKS-HelmChart': (properties, functions, input) => {
    const values = functions.embedded(valueAt(properties, 'Values'));
    return release(values ? [values] : [], [], properties, input);
  },
};

/** What custom resources of CloudFormation apply to a cluster: manifests, patches of service accounts, Helm charts. */
export function readCustomResource(node: MapNode, { type }: Resource, functions: Functions, input: ReaderInput): readonly Fact[] {
  const read = Object.hasOwn(resources, type) ? resources[type] : undefined;
  const properties = read && asMap(valueAt(node, 'Properties'));
  return properties ? read(properties, functions, input) : [];
}

/** The manifests of a text; those that name no namespace are in the one beside the text. */
function manifests(root: Node | undefined, namespace: Text | undefined, input: ReaderInput): readonly Fact[] {
  if (!root) return [];
  const facts = manifestReader.read(inner(root, input));
  if (!namespace) return facts;
  return facts.map((fact) =>
    (fact.kind === 'serviceAccount' || fact.kind === 'workload') && !fact.namespace ? { ...fact, namespace } : fact,
  );
}

/** Nothing can be added to a text in a line of its own, whatever the language around it. */
function inner(root: Node, input: ReaderInput): ReaderInput {
  const tree: Tree = { ...input.tree, root, language: 'json' };
  return { ...input, tree };
}

function release(layers: readonly Node[], settings: readonly HelmSetting[], properties: MapNode, input: ReaderInput): readonly Fact[] {
  const values = mergeHelmValues(layers, settings, properties.span);
  // Helm's own default.
  const namespace = textAt(properties, 'Namespace') ?? standIn('default', { start: properties.span.start, end: properties.span.start });
  return readHelmValues(values, { namespace }, inner(values, input));
}

function patchedAccount(patch: MapNode, name: string, properties: MapNode): MapNode {
  const place = entryOf(properties, 'ResourceName')!.span;
  const own = (key: string, value: Node): Entry => ({ key: standIn(key, place), value, span: value.span, merged: false });
  const metadata = asMap(valueAt(patch, 'metadata'));
  const namespace = asScalar(valueAt(properties, 'ResourceNamespace')) ?? standIn('default', place);
  const entries = [own('name', standIn(name, place)), own('namespace', namespace), ...(metadata?.entries ?? [])];
  return {
    ...patch,
    entries: [
      own('apiVersion', standIn('v1', place)),
      own('kind', standIn('ServiceAccount', place)),
      own('metadata', { kind: 'map', span: metadata?.span ?? patch.span, entries, open: metadata?.open ?? false }),
    ],
  };
}
