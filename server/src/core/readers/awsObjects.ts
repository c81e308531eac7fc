import type { Fact, PodIdentityAssociationFact } from '../model/facts';
import { valueAt } from '../syntax/nodes';
import type { MapNode, Node } from '../syntax/tree';
import type { Text } from '../text/text';
import { associationOptions, sessionPolicy, tagSwitch } from './associationOptions';
import { referredClusterRole, referredTargetRole } from './clusterRoles';
import { fargateProfile, fargateSelectors } from './fargateProfiles';
import { asList, asMap, literalAt, textAt, toText } from './nodes';
import type { Reader, ReaderInput } from './reader';

/** Groups whose objects are things of EKS or of IAM: ACK's, Upbound's (cluster-wide and namespaced), Crossplane's older provider. */
const groups = /^(eks|iam)(?:\.services\.k8s\.aws|\.aws(?:\.m)?\.upbound\.io|\.aws\.crossplane\.io)\//;

/**
 * Things of AWS as Kubernetes objects (ACK, Crossplane): associations, OIDC providers, clusters and add-ons. Their roles'
 * trust policies are read by trustPolicy.ts. Source: CRDs of these projects (datreeio/CRDs-catalog).
 */
export const awsObjectsReader: Reader = {
  id: 'aws-objects',
  syntaxes: ['yaml', 'json'],
  words: ['PodIdentity', 'FargateProfile'],
  needs: /\.services\.k8s\.aws|\.upbound\.io|\.crossplane\.io/,
  read(input) {
    const facts: Fact[] = [];
    const stack: { node: Node; inner: boolean }[] = input.tree.root ? [{ node: input.tree.root, inner: false }] : [];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { node, inner } = next;
      if (node.kind === 'list') for (const item of node.items) stack.push({ node: item, inner });
      if (node.kind !== 'map') continue;
      const group = groups.exec(literalAt(node, 'apiVersion') ?? '')?.[1];
      const kind = literalAt(node, 'kind');
      if (group && kind !== undefined && asMap(valueAt(node, 'spec'))) facts.push(...read(`${group} ${kind}`, node, inner, input));
      // Within an object (a composition, a graph of resources) stands a template of others.
      else
        for (const { value, merged } of node.entries)
          if (value && !merged) stack.push({ node: value, inner: inner || (kind !== undefined && !kind.endsWith('List')) });
    }
    return facts;
  },
};

function read(what: string, object: MapNode, inner: boolean, input: ReaderInput): Fact[] {
  const { doc, tree } = input;
  // Crossplane has the thing's own fields one level below.
  const spec = valueAt(object, 'spec', 'forProvider') ?? valueAt(object, 'spec');
  const base = { doc, span: object.span };
  const conditional = inner || object.open || tree.templated ? { conditional: true } : {};
  const region = regionOf(object, spec);
  const apiVersion = literalAt(object, 'apiVersion') ?? '';
  switch (what) {
    case 'eks PodIdentityAssociation':
      return [{ ...association(spec, apiVersion, input), ...base, ...region, ...conditional, head: headOf(object) }];
    case 'eks Addon': {
      const clusterName = textAt(spec, 'clusterName');
      return (asList(valueAt(spec, 'podIdentityAssociations') ?? valueAt(spec, 'podIdentityAssociation'))?.items ?? []).flatMap((item) =>
        item.kind === 'map'
          ? [
              {
                ...association(item, apiVersion, input),
                addon: textAt(spec, 'addonName')?.value ?? textAt(spec, 'name')?.value ?? '',
                doc,
                span: item.span,
                ...region,
                ...conditional,
                head: item.entries[0]?.key.outer ?? item.span,
                ...(clusterName ? { clusterName } : {}),
              },
            ]
          : [],
      );
    }
    case 'eks FargateProfile':
      return fargateProfile(
        { doc, span: object.span, head: headOf(object) },
        textAt(spec, 'clusterName'),
        fargateSelectors(valueAt(spec, 'selectors') ?? valueAt(spec, 'selector')),
      );
    case 'eks Cluster': {
      const name =
        textAt(spec, 'name') ??
        textAt(object, 'metadata', 'annotations', 'crossplane.io/external-name') ??
        textAt(object, 'metadata', 'name');
      return [{ kind: 'cluster', ...base, ...region, ...(name ? { name } : {}) }];
    }
    case 'iam OpenIDConnectProvider': {
      const url = textAt(spec, 'url');
      const ids = ['clientIDs', 'clientIdList', 'clientIDList'].map((key) => valueAt(spec, key)).find((node) => node !== undefined);
      const clientIds =
        ids?.kind === 'list' && !ids.open ? ids.items.flatMap((item) => (item.kind === 'scalar' ? [toText(item)] : [])) : undefined;
      return [{ kind: 'oidcProvider', ...base, ...(url ? { url } : {}), ...(clientIds ? { clientIds } : {}) }];
    }
    default:
      return [];
  }
}

/** The region of an object of AWS: Crossplane's field, else ACK's annotation. Source: ACK's documentation, "Manage resources in multiple regions". */
function regionOf(object: MapNode, spec: Node | undefined): { readonly region?: Text } {
  const region = textAt(spec, 'region') ?? textAt(object, 'metadata', 'annotations', 'services.k8s.aws/region');
  return region ? { region } : {};
}

function headOf(object: MapNode) {
  return object.entries.find(({ key }) => key.value === 'kind')?.span ?? object.span;
}

/**
 * The fields of an association. A reference (Crossplane's `roleArnRef` and selector, ACK's `roleRef.from`, those of the target role) means the object that
 * makes the role, by its name in the cluster, whatever the role is called in AWS.
 */
function association(
  spec: Node | undefined,
  apiVersion: string,
  { tree, text }: ReaderInput,
): Omit<PodIdentityAssociationFact, 'doc' | 'span' | 'head'> {
  const first = (...keys: string[]) => keys.map((key) => textAt(spec, key)).find((text) => text !== undefined);
  const [clusterName, namespace, serviceAccount] = [first('clusterName'), first('namespace'), first('serviceAccount')];
  const roleArn = first('roleARN', 'roleArn');
  const roleName = roleArn ? undefined : referredClusterRole(spec, apiVersion);
  return {
    kind: 'podIdentityAssociation',
    ...(roleName ? { roleName } : {}),
    ...(clusterName ? { clusterName } : {}),
    ...(namespace ? { namespace } : {}),
    ...(serviceAccount ? { serviceAccount } : {}),
    ...(roleArn ? { roleArn } : {}),
    ...associationOptions({
      targetRoleArn: first('targetRoleARN', 'targetRoleArn') ?? referredTargetRole(spec, apiVersion),
      disableSessionTags: tagSwitch(spec, 'disableSessionTags'),
      sessionPolicy: sessionPolicy(valueAt(spec, 'policy'), tree, text),
    }),
  };
}
