import type { PodIdentityAssociationFact } from '../../../model/facts';
import { readTemplate } from '../../../readers/cloudformation/template';
import { asMap, literalAt } from '../../../readers/nodes';
import { readProgram } from '../../../readers/pulumi/program';
import type { Edit } from '../../../rules/rule';
import { attributeOf, type HclBlock } from '../../../syntax/hcl/body';
import { outerSpan } from '../../../syntax/nodes';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { Span } from '../../../text/span';
import type { Made } from '../../types';
import { blockAt, cutBlock } from '../blocks';
import { cutEntries } from '../cuts';
import { entryAt } from '../hclSearch';
import { cutPath, pathTo, type Step } from '../maps';
import { checked, isSameSpan } from '../source';
import { isClusterConfig } from './eksctl';
import { withoutKarpenterInputs } from './karpenter';

const manually = 'The association is not written by itself here: remove it manually.';

/** Takes an association out of the file that makes it, in every format that it is written in. */
export function removeAssociation(fact: PodIdentityAssociationFact, document: SourceDocument): Made<readonly Edit[]> {
  if (fact.address !== undefined) return { refused: "The association is in Terraform's plan or state: change the configuration." };
  if (document.syntax === 'hcl') return fromTerraform(fact, document);
  const { root } = document.tree();
  if (readTemplate(root, document.ref) || readProgram(root, document.ref)) return fromPath(document, pathTo(root, fact.span), []);
  if (isClusterConfig(root)) return fromPath(document, pathTo(root, fact.span), ['podIdentityAssociations', 'iam']);
  if (asMap(root) && isSameSpan(outerSpan(root!), fact.span) && literalAt(root, 'kind') === 'PodIdentityAssociation')
    return { made: [{ doc: document.ref, span: { start: 0, end: document.text.length }, newText: '' }] };
  return { refused: manually };
}

function fromTerraform({ span }: PodIdentityAssociationFact, document: SourceDocument): Made<readonly Edit[]> {
  const { hcl } = document.tree();
  const block = blockAt(hcl, span);
  if (block?.type.text === 'resource' && block.labels[0]?.text === 'aws_eks_pod_identity_association')
    return checked(document, [cutBlock(document.text, block, undefined)]);
  const around = hcl?.blocks.find((each) => each.span.start <= span.start && each.span.end >= span.end);
  return around?.type.text === 'module' ? fromModule(around, span, document) : { refused: manually };
}

/** One of the module's `associations`, and the argument with the last of them. */
function fromModule(block: HclBlock, span: Span, document: SourceDocument): Made<readonly Edit[]> {
  const inputs = isSameSpan(block.span, span) ? withoutKarpenterInputs(block, document.text) : undefined;
  if (inputs) return checked(document, inputs);
  const argument = attributeOf(block.body, 'associations');
  const found = entryAt(block.body, span);
  if (!argument || !found || found.holder.start !== argument.value?.span.start) return { refused: manually };
  if (found.entries.length === 1) return checked(document, [cutBlock(document.text, argument, block)]);
  const changes = cutEntries(document.text, found.entries, new Set([found.index]), 'commas');
  return changes ? checked(document, changes) : { refused: manually };
}

/** @param emptied keys that leave with their last entry */
function fromPath(document: SourceDocument, path: readonly Step[] | undefined, emptied: readonly string[]): Made<readonly Edit[]> {
  const keys = path?.map(({ parent, index }) => (parent.kind === 'map' ? parent.entries[index]!.key.value : '')) ?? [];
  // What eksctl makes of other fields is no item of a list.
  if (emptied.length > 0 && !keys.includes('podIdentityAssociations')) return { refused: manually };
  // An add-on without the key keeps its association: eksctl wants an empty list. Source: eksctl user docs, EKS add-ons.
  // The move writes eksctl's key behind comments, which are those of other entries.
  const comments = emptied.length > 0 ? 'stay' : 'leave';
  return (path && cutPath(document, path, keys.includes('addons') ? [] : emptied, comments)) ?? { refused: manually };
}
