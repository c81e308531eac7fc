import type { PodIdentityAssociationFact, SessionPolicy } from '../model/facts';
import { parseEmbedded } from '../syntax/embedded';
import { outerSpan, valueAt } from '../syntax/nodes';
import type { MapNode, Node, Tree } from '../syntax/tree';
import type { Text } from '../text/text';
import { literal } from '../text/texts';
import { isRendered, toText } from './nodes';
import { readPolicyDocument } from './policyDocument';

/** What an association says beside who gets which role. */
export type AssociationOptions = Pick<
  PodIdentityAssociationFact,
  'targetRoleArn' | 'disableSessionTags' | 'sessionTagsDisabled' | 'sessionPolicy' | 'externalId'
>;

/** The values of an association's fields, whatever its format calls them. */
export interface OptionNodes {
  readonly targetRoleArn?: Text | undefined;
  readonly externalId?: Text | undefined;
  readonly disableSessionTags?: Node | undefined;
  readonly sessionPolicy?: SessionPolicy | undefined;
}

/** The options of an association, those that are there. Source: EKS API, CreatePodIdentityAssociation. */
export function associationOptions({ targetRoleArn, externalId, disableSessionTags, sessionPolicy }: OptionNodes): AssociationOptions {
  const tags = switchText(disableSessionTags);
  return {
    ...(targetRoleArn ? { targetRoleArn } : {}),
    ...(externalId ? { externalId } : {}),
    ...(tags ? { disableSessionTags: tags } : {}),
    ...(isOn(tags) ? { sessionTagsDisabled: true } : {}),
    ...(sessionPolicy ? { sessionPolicy } : {}),
  };
}

/** The switch for session tags of a map; one that a template may add is not known. */
export function tagSwitch(spec: Node | undefined, key: string): Node | undefined {
  const value = valueAt(spec, key);
  return value ?? (spec?.kind === 'map' && spec.open ? { kind: 'unknown', span: spec.span, source: '' } : undefined);
}

/**
 * The session policy of an association in YAML or JSON: a text with JSON, or the policy as a map.
 * @param text of the document
 */
export function sessionPolicy(node: Node | undefined, tree: Tree, text: string): SessionPolicy | undefined {
  if (!node || (node.kind === 'scalar' && (node.type === 'null' || node.value === ''))) return undefined;
  const span = outerSpan(node);
  if (node.kind === 'map') return { span, policy: readPolicyDocument(node, tree, text) };
  if (node.kind !== 'scalar') return { span };
  return { span, text: toText(node), ...documentIn(node, text) };
}

/** The policy that a text holds; nothing for one that a template or a variable makes. */
export function documentIn(scalar: Text, text: string): Pick<SessionPolicy, 'policy'> {
  if (isRendered({ ...scalar, kind: 'scalar', type: 'string' })) return {};
  const embedded = parseEmbedded(scalar, 'json');
  const root: MapNode | undefined = embedded?.root?.kind === 'map' ? embedded.root : undefined;
  return embedded && root ? { policy: readPolicyDocument(root, embedded, text) } : {};
}

function switchText(node: Node | undefined): Text | undefined {
  if (node?.kind === 'scalar') return node.type === 'null' || node.value === '' ? undefined : toText(node);
  if (node?.kind !== 'unknown') return undefined;
  const { span, source } = node;
  return {
    value: source,
    holes: [{ start: 0, end: source.length, source, named: false }],
    span,
    outer: span,
    encodings: [],
    quoted: false,
  };
}

/** True where a switch is surely on: YAML's other words for it count, as the Kubernetes API reads them. */
function isOn(text: Text | undefined): boolean {
  const value = literal(text);
  return value !== undefined && /^(?:true|yes|on|y)$/i.test(value);
}
