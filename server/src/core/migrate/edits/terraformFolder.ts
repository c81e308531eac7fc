import { attributeOf, type HclBlock } from '../../syntax/hcl/body';
import type { SourceDocument } from '../../syntax/sourceFile';

/** A block of the module, and the text that it stands in. */
export interface Placed {
  readonly block: HclBlock;
  readonly document: SourceDocument;
  readonly text: string;
}

/** The blocks of a Terraform folder. */
export class Folder {
  private readonly blocks: readonly Placed[];

  constructor(readonly documents: readonly SourceDocument[]) {
    this.blocks = documents.flatMap((document) =>
      (document.tree().hcl?.blocks ?? []).map((block) => ({ block, document, text: document.text })),
    );
  }

  find(type: string, ...labels: readonly string[]): Placed[] {
    return this.blocks.filter(({ block }) => block.type.text === type && labels.every((label, i) => block.labels[i]?.text === label));
  }

  /** Whether some file names it already, so that it is there. */
  mentions(reference: string): boolean {
    return this.documents.some(({ text }) => {
      for (let at = text.indexOf(reference); at >= 0; at = text.indexOf(reference, at + 1)) {
        if (!/[\w-]/.test(text[at + reference.length] ?? '')) return true;
      }
      return false;
    });
  }

  /** The source of a local's value. */
  local(name: string): string | undefined {
    for (const placed of this.find('locals')) {
      const value = attributeOf(placed.block.body, name)?.value;
      if (value) return placed.text.slice(value.span.start, value.span.end);
    }
    return undefined;
  }
}

/** What stands as an argument of a block. */
export function sourceOf({ block, text }: Placed, name: string): string | undefined {
  const value = attributeOf(block.body, name)?.value;
  return value && text.slice(value.span.start, value.span.end);
}

/** Whether something is there by condition, several times or in another account. */
export function isConditional({ block }: Placed): boolean {
  return ['provider', 'count', 'for_each'].some((name) => attributeOf(block.body, name) !== undefined);
}
