import { objectId, type ObjectId, type ObjectReference } from '../text/objects';
import { valueAt } from '../syntax/nodes';
import type { MapNode, Node } from '../syntax/tree';
import type { Text } from '../text/text';
import { asMap, literalAt, textAt } from './nodes';

/** Who makes roles from objects of Kubernetes: AWS Controllers for Kubernetes, or Crossplane's providers. */
type Maker = 'ack' | 'crossplane';

/**
 * The identities of a role that an object of a cluster makes: by its name there, and by each of its labels. Several clusters
 * may have an object of that name, so that these count within common ground alone (wiring/roleReferences.ts).
 */
export function clusterRoleIds(object: MapNode): readonly ObjectId[] {
  const maker = makerOf(literalAt(object, 'apiVersion'));
  if (!maker || literalAt(object, 'kind') !== 'Role') return [];
  const name = literalAt(object, 'metadata', 'name');
  const labels = asMap(valueAt(object, 'metadata', 'labels'))?.entries ?? [];
  return [
    ...(name === undefined ? [] : [named(maker, name)]),
    ...labels.flatMap(({ key, value }) =>
      value?.kind === 'scalar' && value.holes.length === 0 ? [labelled(maker, key.value, value.value)] : [],
    ),
  ];
}

/**
 * The role that an association's reference means: ACK's `roleRef.from.name`, Crossplane's `roleArnRef.name` or a
 * `roleArnSelector` with one label, or those of the target role. Undefined where there is none, or where more decides than that.
 * Sources: ACK, "Cross-resource references"; Crossplane, "Managed resources", references and selectors; eks-controller@2026-08 and
 * provider-upjet-aws@2026-08, CRD podidentityassociations.
 */
export function referredClusterRole(spec: Node | undefined, apiVersion: string, field: 'role' | 'targetRole' = 'role'): Text | undefined {
  const maker = makerOf(apiVersion);
  if (!maker) return undefined;
  const ref =
    (maker === 'ack' ? undefined : textAt(spec, `${field}ArnRef`, 'name')) ??
    textAt(spec, `${field}Ref`, ...(maker === 'ack' ? ['from', 'name'] : ['name']));
  if (ref)
    return ref.holes.length > 0
      ? ref
      : { ...ref, refers: reference(named(maker, ref.value), field === 'role' ? `Role ${ref.value}` : ref.value) };
  const selector = valueAt(spec, `${field}ArnSelector`);
  const [only, another] = asMap(valueAt(selector, 'matchLabels'))?.entries ?? [];
  if (maker === 'ack' || !only || another || valueAt(selector, 'matchControllerRef')) return undefined;
  const text = textAt(selector, 'matchLabels', only.key.value);
  if (!text || text.holes.length > 0) return undefined;
  return { ...text, refers: reference(labelled(maker, only.key.value, text.value), `Role with the label ${only.key.value}=${text.value}`) };
}

/** The target role as {@link referredClusterRole} knows it, as a value that takes the place of an ARN: no file tells that. */
export function referredTargetRole(spec: Node | undefined, apiVersion: string): Text | undefined {
  const text = referredClusterRole(spec, apiVersion, 'targetRole');
  return text && { ...text, holes: [{ start: 0, end: text.value.length, source: text.value, named: false }] };
}

function makerOf(apiVersion: string | undefined): Maker | undefined {
  if (apiVersion === undefined) return undefined;
  if (/^(?:iam|eks)\.services\.k8s\.aws\//.test(apiVersion)) return 'ack';
  return /^(?:iam|eks)\.aws\.(?:(?:m\.)?upbound|crossplane)\.io\//.test(apiVersion) ? 'crossplane' : undefined;
}

function reference(object: ObjectId, written: string): ObjectReference {
  return { objects: [object], attribute: 'arn', written };
}

function named(maker: Maker, name: string): ObjectId {
  return objectId(maker, '', name);
}

function labelled(maker: Maker, key: string, value: string): ObjectId {
  return objectId(maker, '', `${key}=${value}`);
}
