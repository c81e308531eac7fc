import type { ServiceAccountFact, TrustPolicyFact } from '../../../model/facts';
import type { Edit } from '../../../rules/rule';
import { entryOf, outerSpan, valueAt } from '../../../syntax/nodes';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { Entry, MapNode } from '../../../syntax/tree';
import type { Change } from '../../../fixes/edits';
import { asList } from '../../../readers/nodes';
import type { Made } from '../../types';
import { agentEntry, copiedFields } from '../association/eksctl';
import { dashOf, pathTo, yamlStyleOf } from '../maps';
import { before, checked, cut, isSameSpan, lineEnd, nextLine, trimmed } from '../source';
import { yamlTongueOf } from '../policy/yaml';
import { list, map, phrase, text as known, unwritable, type Value } from '../write/value';
import { writeEntries } from '../write/yaml';
import { lineStart } from '../../../text/lineIndex';
import { manually } from './manually';

/** The policies of an add-on or of an entry of `iam.serviceAccounts`, and what they are called in an association. Source: eksctl's schema. */
const entryFields = [
  ['attachPolicyARNs', 'permissionPolicyARNs'],
  ['attachPolicy', 'permissionPolicy'],
  ['permissionsBoundary', 'permissionsBoundaryARN'],
] as const;

/** All fields of an add-on for IRSA. */
const fields = [['serviceAccountRoleARN', 'roleARN'], ...entryFields] as const;

/**
 * `podIdentityAssociations` of an add-on in the place of its role, or of the policies from which eksctl makes the role; then the
 * association's role has the same policies. The agent joins the add-ons. Source: eksctl, addon.go (Validate, both at once are an
 * error) and validation.go (validateAddonPodIdentityAssociations).
 * @param names of the add-on's service account
 * @param made the trust policy that eksctl makes for the role, where an entry of `iam.serviceAccounts` makes the role
 */
export function inEksctl(
  { span }: ServiceAccountFact,
  names: { readonly namespace: string; readonly name: string },
  document: SourceDocument,
  root: MapNode,
  made: TrustPolicyFact | undefined,
): Made<readonly Edit[]> {
  const { text } = document;
  const step = pathTo(root, span)?.at(-1);
  const addon = step?.parent.kind === 'list' ? step.parent.items[step.index] : undefined;
  if (addon?.kind !== 'map' || addon.open || text[addon.span.start] === '{' || document.syntax !== 'yaml') return { refused: manually };
  if (entryOf(addon, 'podIdentityAssociations')) return { refused: 'The add-on has associations already: remove its role manually.' };
  if (entryOf(addon, 'wellKnownPolicies'))
    return {
      refused:
        "eksctl takes no wellKnownPolicies for an add-on's association. Replace them with attachPolicyARNs, or with useDefaultPodIdentityAssociations: true, which gives the policies that EKS recommends.",
    };
  const entries = fields.flatMap(([from]) => entryOf(addon, from) ?? []);
  const [first] = entries;
  const lead = first && before(text, first.key.outer.start);
  if (!first || !/^ *(?:- +)*$/.test(lead!) || entries.some((each) => each.merged || !each.value)) return { refused: manually };
  const role = roleOf(addon, document, root, made);
  if ('refused' in role) return role;
  const item = map({ namespace: known(names.namespace), serviceAccountName: known(names.name), ...role.made });
  const style = { ...yamlStyleOf(text, root), dash: dashOf(text, addon) ?? yamlStyleOf(text, root).dash };
  const tongue = yamlTongueOf(document, text);
  if (unwritable(item, tongue) !== undefined) return { refused: manually };
  const written = writeEntries({ map: [[phrase('podIdentityAssociations'), list([item])]] }, tongue, style, lead!.length).trimStart();
  const changes: Change[] = [{ span: { start: first.key.outer.start, end: endOf(text, first) }, newText: written }];
  for (const each of entries.slice(1)) changes.push(cut(lineStart(text, each.key.outer.start), nextLine(text, endOf(text, each))));
  const edits = checked(document, changes);
  return 'refused' in edits ? edits : { made: [...edits.made, ...agentEntry(root, document)] };
}

/** The end of an entry with a comment behind it, which is copied. */
function endOf(text: string, { value }: Entry): number {
  return lineEnd(text, trimmed(text, outerSpan(value!)).end);
}

/** The association's role: the one that is there, or one with the policies of the one that eksctl made. */
function roleOf(addon: MapNode, document: SourceDocument, root: MapNode, made: TrustPolicyFact | undefined): Made<Record<string, Value>> {
  if (!made || !entryOf(addon, 'serviceAccountRoleARN')) return copiedFields(document, addon, fields, true, {});
  const inDocument = made.doc.uri === document.ref.uri && made.doc.index === document.ref.index;
  const items = inDocument ? (asList(valueAt(root, 'iam', 'serviceAccounts'))?.items ?? []) : [];
  const entry = items.find((each) => isSameSpan(outerSpan(each), made.span));
  if (entry?.kind !== 'map' || entryOf(entry, 'wellKnownPolicies'))
    return {
      refused:
        "eksctl makes this role for IRSA alone. Give the add-on's association policies of its own: replace serviceAccountRoleARN with attachPolicyARNs, or with useDefaultPodIdentityAssociations: true.",
    };
  return copiedFields(document, entry, entryFields, true, {});
}
