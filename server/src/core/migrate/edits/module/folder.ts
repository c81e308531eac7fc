import type { BlockText } from '../../../readers/terraform/modules/replacement/attachments';
import type { HclBlock } from '../../../syntax/hcl/body';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { Span } from '../../../text/span';

/** A block of a Terraform folder, with its document. */
export interface FolderBlock extends BlockText {
  readonly document: SourceDocument;
}

/** The blocks of a Terraform folder that are written in HCL. */
export function folderBlocks(documents: readonly SourceDocument[]): FolderBlock[] {
  return documents.flatMap((document) =>
    document.syntax === 'hcl' ? (document.tree().hcl?.blocks ?? []).map((block) => ({ block, text: document.text, document })) : [],
  );
}

/** A place where a folder uses a call's outputs. */
export interface CallUse {
  readonly document: SourceDocument;
  readonly span: Span;
  /** The block that it stands in; absent in a file that is no HCL. */
  readonly block?: HclBlock;
}

/** Where the texts of a folder name a call, comments left out as far as a line tells. */
export function usesOf(label: string, documents: readonly SourceDocument[]): CallUse[] {
  const reference = `module.${label}`;
  const found: CallUse[] = [];
  for (const document of documents) {
    const { text } = document;
    const blocks = document.syntax === 'hcl' ? (document.tree().hcl?.blocks ?? []) : [];
    for (let at = text.indexOf(reference); at >= 0; at = text.indexOf(reference, at + 1)) {
      const end = at + reference.length;
      if (/[\w.-]/.test(text[at - 1] ?? '') || /[\w-]/.test(text[end] ?? '')) continue;
      if (/^[ \t]*(?:#|\/\/)/.test(text.slice(text.lastIndexOf('\n', at) + 1, at))) continue;
      const block = blocks.find(({ span }) => span.start <= at && span.end >= end);
      found.push({ document, span: { start: at, end }, ...(block ? { block } : {}) });
    }
  }
  return found;
}

/** A use as people find it: `outputs.tf:3 (output "role_arn")`. */
export function shownUse({ document, span, block }: CallUse): string {
  const { uri } = document.ref;
  const line = document.text.slice(0, span.start).split('\n').length;
  const what = block ? ` (${[block.type.text, ...block.labels.map(({ text }) => text)].join(' ')})` : '';
  return `${uri.slice(uri.lastIndexOf('/') + 1)}:${line}${what}`;
}
