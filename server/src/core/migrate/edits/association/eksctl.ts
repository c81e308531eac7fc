import type { Change } from '../../../fixes/edits';
import { asList, asMap, literalAt } from '../../../readers/nodes';
import { entryOf, outerSpan, valueAt } from '../../../syntax/nodes';
import { agentName } from '../../../readers/podIdentityAgent';
import type { Edit } from '../../../rules/rule';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { MapNode, Node } from '../../../syntax/tree';
import type { Made } from '../../types';
import { opening } from '../join';
import { addToList, addToMap, yamlStyleOf } from '../maps';
import { yamlTongueOf } from '../policy/yaml';
import { checked, isSameSpan } from '../source';
import { list, map, phrase, text as known, unwritable, type Value } from '../write/value';
import type { AssociationTarget, WriteAssociation } from './target';

/** Whether a document is a ClusterConfig of eksctl. */
export function isClusterConfig(root: Node | undefined): root is MapNode {
  return (
    asMap(root) !== undefined && literalAt(root, 'kind') === 'ClusterConfig' && /^eksctl\.io\//.test(literalAt(root, 'apiVersion') ?? '')
  );
}

/**
 * One of `iam.podIdentityAssociations` in eksctl's ClusterConfig: with the role's ARN, or with the policies that eksctl gives the role of
 * the account's entry now. Source: eksctl's schema, PodIdentityAssociation and ClusterIAMServiceAccount.
 */
export const writeEksctl: WriteAssociation = (target) => {
  const { document, account, roleArn } = target;
  const root = document?.syntax === 'hcl' ? undefined : document?.tree().root;
  if (!document || !isClusterConfig(root)) return undefined;
  if (!('text' in account.namespace) || !('text' in account.serviceAccount))
    return { refused: 'eksctl takes names alone, no expressions.' };
  const role = roleArn === undefined ? ownRole(target, root) : { made: { roleARN: known(roleArn) } };
  if ('refused' in role) return role;
  const item = map({
    namespace: { phrase: [account.namespace] },
    serviceAccountName: { phrase: [account.serviceAccount] },
    createServiceAccount: target.createsAccount ? { literal: 'true' } : undefined,
    ...role.made,
  });
  const { text } = document;
  const [tongue, style] = [yamlTongueOf(document, text), yamlStyleOf(text, root)];
  if (unwritable(item, tongue) !== undefined) return { refused: "eksctl's file can't hold these values: write the association manually." };
  const iam = entryOf(root, 'iam');
  const associations = entryOf(iam?.value, 'podIdentityAssociations');
  let changes: Change[] | undefined;
  if (iam?.merged || associations?.merged) changes = undefined;
  else if (associations?.value?.kind === 'list') changes = addToList(text, associations.value, item, tongue, style);
  else if (associations) changes = undefined;
  else if (iam?.value?.kind === 'map') changes = addToMap(text, iam.value, phrase('podIdentityAssociations'), list([item]), tongue, style);
  else if (!iam) changes = addToMap(text, root, phrase('iam'), map({ podIdentityAssociations: list([item]) }), tongue, style);
  if (!changes) return { refused: 'There is no place for iam.podIdentityAssociations in this file: add the association manually.' };
  const edits = checked(document, changes);
  if ('refused' in edits) return edits;
  const agent = agentEntry(root, document);
  const opened = associations
    ? edits.made
    : edits.made.map((edit) =>
        opening(edit, { head: /^[^]*podIdentityAssociations:/.exec(edit.newText.replaceAll('\r\n', '\n'))?.[0] ?? '', tail: '' }),
      );
  return { made: { edits: [...opened, ...agent], creates: [], format: 'eksctl iam.podIdentityAssociations' } };
};

/**
 * The add-on that associations need, where the file lists the cluster's add-ons without it. Without a list, or in EKS Auto Mode, the
 * file says nothing about add-ons. Source: eksctl, examples/39-pod-identity-association.yaml.
 */
function agentEntry(root: MapNode, document: SourceDocument): readonly Edit[] {
  const addons = entryOf(root, 'addons');
  const items = asList(addons?.value);
  if (!items || items.items.length === 0 || addons?.merged || root.open || document.tree().templated || entryOf(root, 'autoModeConfig'))
    return [];
  const names = items.items.map((each) => literalAt(each, 'name'));
  if (names.some((name) => name === undefined || name === agentName)) return [];
  const { text } = document;
  const changes = addToList(text, items, map({ name: known(agentName) }), yamlTongueOf(document, text), yamlStyleOf(text, root));
  const edits = changes && checked(document, changes);
  return edits && 'made' in edits ? edits.made : [];
}

/** Fields of an account's entry, and what they are called in an association. */
const fields: readonly (readonly [from: string, to: string])[] = [
  ['attachPolicyARNs', 'permissionPolicyARNs'],
  ['attachPolicy', 'permissionPolicy'],
  ['wellKnownPolicies', 'wellKnownPolicies'],
  ['permissionsBoundary', 'permissionsBoundaryARN'],
  ['tags', 'tags'],
];

/** A role that eksctl makes for the association, with the policies of the one that it made for IRSA. */
function ownRole({ entry }: AssociationTarget, root: MapNode): Made<Record<string, Value>> {
  const items = asList(valueAt(root, 'iam', 'serviceAccounts'))?.items ?? [];
  const item = entry && items.find((each) => isSameSpan(outerSpan(each), entry.span));
  if (item?.kind !== 'map') return { refused: "The role's ARN is unknown: give it, or write the association manually." };
  if (item.open || entryOf(item, 'attachRoleARN'))
    return { refused: "This file doesn't tell the role's ARN: give it, or write the association manually." };
  const values: Record<string, Value> = {};
  const own = entryOf(item, 'roleName');
  if (own) {
    const name = literalAt(item, 'roleName');
    if (name === undefined || !/^[\w+=,.@-]{1,64}$/.test(name))
      return { refused: 'The roleName is not a role name that is written out: write the association manually.' };
    const free = freeRoleName(name, root);
    if (free !== undefined) values['roleName'] = known(free);
  }
  for (const [from, to] of fields) {
    const node = valueAt(item, from);
    const value = node && copied(node, 0);
    if (node && !value) return { refused: `${from} has parts that only a template knows: write the association manually.` };
    if (value) values[to] = value;
  }
  return { made: values };
}

/**
 * A name for the association's role: both roles are there until the move ends, and IAM gives a name once, whatever its case. Undefined
 * where it would be longer than IAM's 64 characters: CloudFormation names the role then.
 */
function freeRoleName(name: string, root: MapNode): string | undefined {
  const iam = valueAt(root, 'iam');
  const items = ['serviceAccounts', 'podIdentityAssociations'].flatMap((key) => asList(valueAt(iam, key))?.items ?? []);
  const taken = new Set(items.flatMap((each) => literalAt(each, 'roleName')?.toLowerCase() ?? []));
  let found = `${name}-pod-identity`;
  for (let number = 2; taken.has(found.toLowerCase()); number++) found = `${name}-pod-identity-${number}`;
  return found.length <= 64 ? found : undefined;
}

/** A node as a value that can be written elsewhere; undefined where a part isn't known. */
function copied(node: Node, depth: number): Value | undefined {
  if (depth > 30) return undefined;
  if (node.kind === 'scalar') return node.holes.length === 0 ? scalar(node.value, node.type) : undefined;
  if (node.kind === 'unknown' || node.open) return undefined;
  if (node.kind === 'list') {
    const items = node.items.map((item) => copied(item, depth + 1));
    return items.every((item): item is Value => item !== undefined) ? list(items) : undefined;
  }
  const entries: (readonly [ReturnType<typeof phrase>, Value])[] = [];
  for (const { key, value } of node.entries) {
    const inner = value && copied(value, depth + 1);
    if (!inner || key.holes.length > 0) return undefined;
    entries.push([phrase(key.value), inner]);
  }
  return { map: entries };
}

function scalar(value: string, type: 'string' | 'number' | 'boolean' | 'null'): Value {
  return type === 'boolean' && /^(?:true|false)$/.test(value) ? { literal: value } : known(value);
}
