import type { Change } from '../../../fixes/edits';
import { asList, asMap, literalAt } from '../../../readers/nodes';
import { entryOf, outerSpan, valueAt } from '../../../syntax/nodes';
import { agentName } from '../../../readers/podIdentityAgent';
import type { Edit } from '../../../rules/rule';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { MapNode, Node } from '../../../syntax/tree';
import type { Made } from '../../types';
import { opening } from '../join';
import { addToList, addToMap, dashOf, isFlow, yamlStyleOf } from '../maps';
import { yamlTongueOf } from '../policy/yaml';
import { checked, isSameSpan } from '../source';
import { copiedValue } from '../write/copied';
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
  const { text } = document;
  const iam = entryOf(root, 'iam');
  const associations = entryOf(iam?.value, 'podIdentityAssociations');
  const holder = associations?.value ?? iam?.value ?? root;
  const role = roleArn === undefined ? ownRole(target, root, !isFlow(text, holder)) : { made: { roleARN: known(roleArn) } };
  if ('refused' in role) return role;
  const item = map({
    namespace: { phrase: [account.namespace] },
    serviceAccountName: { phrase: [account.serviceAccount] },
    createServiceAccount: target.createsAccount ? { literal: 'true' } : undefined,
    ...role.made,
  });
  const [tongue, own] = [yamlTongueOf(document, text), yamlStyleOf(text, root)];
  const dash = iam?.value?.kind === 'map' ? dashOf(text, iam.value) : undefined;
  const style = dash === undefined ? own : { ...own, dash };
  if (unwritable(item, tongue) !== undefined) return { refused: "eksctl's file can't hold these values: write the association manually." };
  let changes: Change[] | undefined;
  if (iam?.merged || associations?.merged) changes = undefined;
  else if (associations?.value?.kind === 'list') changes = addToList(text, associations.value, item, tongue, style);
  else if (associations) changes = undefined;
  else if (iam?.value?.kind === 'map')
    changes = addToMap(text, iam.value, phrase('podIdentityAssociations'), list([item]), tongue, style, 'after');
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
export function agentEntry(root: MapNode, document: SourceDocument): readonly Edit[] {
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
function ownRole({ entry, document }: AssociationTarget, root: MapNode, toTheLetter: boolean): Made<Record<string, Value>> {
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
  return copiedFields(document!, item, fields, toTheLetter, values);
}

/** Fields of an entry as fields of an association, with the values that it has besides. */
export function copiedFields(
  document: SourceDocument,
  item: MapNode,
  names: readonly (readonly [from: string, to: string])[],
  toTheLetter: boolean,
  values: Record<string, Value>,
): Made<Record<string, Value>> {
  for (const [from, to] of names) {
    const entry = entryOf(item, from);
    const value = entry && copiedValue(document, entry, toTheLetter);
    if (entry?.value && !value) return { refused: `${from} has parts that only a template knows: write the association manually.` };
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
