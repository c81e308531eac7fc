import type { Fact, RoleFact, TrustPolicyFact } from '../model/facts';
import { parseEmbedded } from '../syntax/embedded';
import { entryOf, outerSpan } from '../syntax/nodes';
import type { Entry, MapNode, Node, ScalarNode, Tree } from '../syntax/tree';
import type { Text } from '../text/text';
import { clusterRoleIds } from './clusterRoles';
import { asMap, literalAt, textAt, toText } from './nodes';
import { readPolicyDocument } from './policyDocument';
import { concernsOf } from './trustPolicyConcerns';
import { looksLikePolicy, looksLikeTrustPolicy, trustPolicyKey } from './trustPolicyShapes';
import type { Reader, ReaderInput } from './reader';

/**
 * Trust policies in every shape they are found in: a policy by itself, IAM's own answers
 * (`get-role`, `list-roles`, `get-account-authorization-details`), a field of a custom resource, template
 * or state (`assumeRolePolicyDocument` and its like), a JSON text in any other field. What a ConfigMap or Secret carries is data
 * and left alone.
 */
export const trustPolicyReader: Reader = {
  id: 'trust-policy',
  syntaxes: ['yaml', 'json'],
  words: ['Assume_?Role', String.raw`sts\.amazonaws\.com`, String.raw`oidc-provider\/`, String.raw`oidc\.eks\.`],
  wordsBesideAccounts: ['statement'],
  needs: /statement|assume_?role|trust_?(?:relationship|policy)/i,
  read: readTrustPolicies,
};

/** The trust policies of a tree, each with its role where the tree names it. */
export function readTrustPolicies(input: ReaderInput): readonly Fact[] {
  return new Walk(input).read();
}

/** What stands around a node. */
interface Surroundings {
  /** The nearest Kubernetes object. */
  readonly object?: MapNode;
}

class Walk {
  private readonly facts: Fact[] = [];

  constructor(private readonly input: ReaderInput) {}

  read(): readonly Fact[] {
    const { root } = this.input.tree;
    if (root) this.node(root, {});
    return this.facts;
  }

  private node(node: Node, around: Surroundings): void {
    if (node.kind === 'list') for (const item of node.items) this.node(item, around);
    else if (node.kind === 'scalar') this.text(node, around);
    else if (node.kind === 'map') this.map(node, around);
  }

  private map(node: MapNode, around: Surroundings): void {
    if (looksLikePolicy(node)) {
      // A permissions policy or a bucket's: nothing in it is for us.
      if (looksLikeTrustPolicy(node)) this.policy(node, this.input.tree, node, undefined, undefined, around);
      return;
    }
    const kind = literalAt(node, 'kind');
    const here = kind !== undefined && entryOf(node, 'metadata') ? { object: node } : around;
    const data = kind === 'ConfigMap' || kind === 'Secret';
    for (const entry of node.entries) {
      if (!entry.value || entry.merged) continue;
      if (data && /^(data|stringData|binaryData)$/.test(entry.key.value)) continue;
      if (trustPolicyKey.test(entry.key.value) && this.held(entry, node, here)) continue;
      this.node(entry.value, here);
    }
  }

  /** A policy under a key that is made for one; false where none is there. */
  private held(entry: Entry, parent: MapNode, around: Surroundings): boolean {
    const value = entry.value!;
    if (value.kind === 'map' && looksLikePolicy(value)) {
      this.policy(value, this.input.tree, value, entry, parent, around);
      return true;
    }
    if (value.kind !== 'scalar') return false;
    const tree = embeddedPolicy(value);
    if (!tree || !asMap(tree.root)) return false;
    this.policy(tree.root!, tree, value, entry, parent, around);
    return true;
  }

  /** A JSON text in a field of any name. */
  private text(node: ScalarNode, around: Surroundings): void {
    if (!/AssumeRole/.test(node.value)) return;
    const tree = embeddedPolicy(node);
    const root = asMap(tree?.root);
    if (root && looksLikePolicy(root) && looksLikeTrustPolicy(root)) this.policy(root, tree!, node, undefined, undefined, around);
  }

  private policy(node: Node, tree: Tree, place: Node, holder: Entry | undefined, parent: MapNode | undefined, around: Surroundings): void {
    const { doc, text } = this.input;
    const policy = readPolicyDocument(node, tree, text);
    const role = roleOf(parent, around);
    const roleIds = around.object ? clusterRoleIds(around.object) : [];
    const [id] = roleIds;
    const fact: TrustPolicyFact = {
      kind: 'trustPolicy',
      doc,
      span: outerSpan(place),
      policy,
      concerns: concernsOf(policy),
      ...(holder ? { holder: toText(holder.key) } : {}),
      ...(role.name ? { roleName: role.name } : {}),
      ...(role.arn ? { roleArn: role.arn } : {}),
      ...(roleIds.length > 0 ? { roleIds } : {}),
    };
    this.facts.push(fact);
    if (!role.name && !role.arn) return;
    const roleFact: RoleFact = { kind: 'role', doc, span: (parent ?? around.object!).span, ...role, ...(id === undefined ? {} : { id }) };
    this.facts.push(roleFact);
  }
}

/** The document in a text that may be a policy: JSON, plain or URL-encoded. */
function embeddedPolicy(node: ScalarNode): Tree | undefined {
  return /^\s*(\{|%7B)/i.test(node.value) && !/^\s*\{\{/.test(node.value) ? parseEmbedded(node, 'json') : undefined;
}

interface RoleNames {
  readonly name?: Text;
  readonly arn?: Text;
  readonly path?: Text;
  readonly maxSessionDuration?: Text;
}

/** What the surroundings of a policy say of its role: its own fields, then those of the custom resource it stands in. */
function roleOf(parent: MapNode | undefined, { object }: Surroundings): RoleNames {
  const isRole = object !== undefined && literalAt(object, 'kind') === 'Role';
  if (!parent) return isRole ? objectName(object) : {};
  const first = (...keys: string[]) => keys.map((key) => textAt(parent, key)).find((text) => text !== undefined);
  const name = first('RoleName', 'roleName', 'role_name', 'name');
  const arn = first('Arn', 'arn', 'roleArn', 'RoleArn');
  const path = first('Path', 'path');
  const maxSessionDuration = first('MaxSessionDuration', 'maxSessionDuration', 'max_session_duration');
  return {
    ...(isRole ? objectName(object) : {}),
    ...(name ? { name } : {}),
    ...(arn ? { arn } : {}),
    ...(path ? { path } : {}),
    ...(maxSessionDuration ? { maxSessionDuration } : {}),
  };
}

/** The role's name as a custom resource gives it; none where a composition makes the object. Source: Crossplane, external names. */
function objectName(object: MapNode): RoleNames {
  const name = textAt(object, 'metadata', 'annotations', 'crossplane.io/external-name') ?? textAt(object, 'metadata', 'name');
  return name ? { name } : {};
}
