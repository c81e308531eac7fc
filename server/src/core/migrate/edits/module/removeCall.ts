import type { Change } from '../../../fixes/edits';
import { attachmentsByCall } from '../../../readers/terraform/modules/replacement/attachments';
import type { Edit } from '../../../rules/rule';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { Span } from '../../../text/span';
import { encloses } from '../../../text/span';
import type { Made } from '../../types';
import { blockAt, cutBlock } from '../blocks';
import { checked } from '../source';
import { folderBlocks, shownUse, usesOf, type CallUse, type FolderBlock } from './folder';

/**
 * Takes the call of a module out, with the resources that attach policies to its role, when nothing else of the folder uses it.
 * @param leaving what the same step takes out beside it, such as annotations that use the role
 */
export function removeCall(
  span: Span,
  document: SourceDocument,
  siblings: readonly SourceDocument[],
  leaving: readonly Edit[],
): Made<readonly Edit[]> {
  const block = document.syntax === 'hcl' ? blockAt(document.tree().hcl, span) : undefined;
  const label = block?.labels[0]?.text;
  if (block?.type.text !== 'module' || label === undefined)
    return { refused: "The module's call is not where it was: read the files again." };
  const documents = [document, ...siblings.filter((each) => each.ref !== document.ref)];
  const attached = (attachmentsByCall(folderBlocks(documents)).get(label) ?? []) as readonly FolderBlock[];
  const isLeaving = (own: SourceDocument, at: Span): boolean => leaving.some((edit) => edit.doc === own.ref && encloses(edit.span, at));
  const uses = usesOf(label, documents).filter(
    (use) => use.block !== block && !attached.some((each) => each.block === use.block) && !isLeaving(use.document, use.span),
  );
  const outer = attached.flatMap(({ block: own }) => usesOfResource(own.labels[0]!.text, own.labels[1]?.text ?? '', documents));
  const [use] = [...uses, ...outer];
  if (use)
    return {
      refused: `${shownUse(use)} still uses module.${label}. Change it first, then the module can be removed.`,
    };
  const changes = new Map<SourceDocument, Change[]>();
  for (const [own, each] of [[document, block] as const, ...attached.map((one) => [one.document, one.block] as const)])
    changes.set(own, [...(changes.get(own) ?? []), cutBlock(own.text, each, undefined)]);
  const edits: Edit[] = [];
  for (const [own, each] of changes) {
    const made = checked(own, each);
    if ('refused' in made) return made;
    edits.push(...made.made);
  }
  return { made: edits };
}

/** Where a folder names a resource. */
function usesOfResource(type: string, name: string, documents: readonly SourceDocument[]): CallUse[] {
  const reference = `${type}.${name}`;
  return documents.flatMap((document): CallUse[] => {
    const { text } = document;
    for (let at = text.indexOf(reference); at >= 0; at = text.indexOf(reference, at + 1)) {
      const end = at + reference.length;
      if (!/[\w.-]/.test(text[at - 1] ?? '') && !/[\w-]/.test(text[end] ?? '')) return [{ document, span: { start: at, end } }];
    }
    return [];
  });
}
