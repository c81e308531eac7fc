import { attributeOf, blocksOf, type HclBlock, type HclBody } from '../../../syntax/hcl/body';
import type { KnownList } from '../texts';
import { isNothing } from './alternatives';
import type { Evaluator } from './evaluator';
import { entriesOf, mapOf, oneOf } from './repeated';

/** One block as it is there, written or made by `dynamic`. */
export interface MadeBlock {
  /** What is written: the block, or the `dynamic` that makes it. */
  readonly block: HclBlock;
  readonly body: HclBody;
  readonly evaluator: Evaluator;
  /** True where it is not known whether, or how often it is there, and what its iterator is. */
  readonly uncertain: boolean;
}

/**
 * The blocks of a type in a body, in order, with those that `dynamic` makes: one for each item of a collection that is
 * known, else one that stands for all. Source: Terraform, dynamic blocks.
 */
export function madeBlocks(
  body: HclBody,
  type: string,
  evaluator: Evaluator,
): { readonly blocks: readonly MadeBlock[]; readonly open: boolean } {
  const blocks: MadeBlock[] = [];
  let open = false;
  for (const block of body.blocks) {
    if (block.type.text === type) blocks.push({ block, body: block.body, evaluator, uncertain: false });
    if (block.type.text !== 'dynamic' || block.labels[0]?.text !== type) continue;
    const content = blocksOf(block.body, 'content')[0];
    if (!content) continue;
    const name = iteratorOf(block, type);
    const each = attributeOf(block.body, 'for_each')?.value;
    const node = each && evaluator.evaluate(each);
    if (node && isNothing(node)) continue;
    const among = node ? oneOf(node) : [];
    const entries = among.length === 1 ? itemsOf(among[0]!) : undefined;
    if (!entries || entries.open) {
      open = true;
      blocks.push({ block, body: content.body, evaluator: evaluator.within([[name, undefined]]), uncertain: true });
    }
    for (const { key, value, maybe } of entries?.entries ?? []) {
      if (!evaluator.module.run.take()) break;
      open ||= maybe;
      const scope = mapOf([['key', key], ['value', value]], block.span); // prettier-ignore
      blocks.push({ block, body: content.body, evaluator: evaluator.within([[name, scope]]), uncertain: maybe });
    }
  }
  return { blocks, open };
}

/** Lists of objects go by number, which stands for their keys. */
function itemsOf(node: Parameters<typeof entriesOf>[0]): ReturnType<typeof entriesOf> {
  if (node.kind !== 'list') return entriesOf(node);
  return {
    entries: node.items.map((value) => ({ key: value.kind === 'scalar' ? value : mapKey(node.span), value, maybe: node.open })),
    open: node.open && !(node as KnownList).orNone,
  };
}

function mapKey(span: HclBlock['span']) {
  return mapOf([['key', { kind: 'unknown', span, source: '' }]], span).entries[0]!.key;
}

function iteratorOf(dynamic: HclBlock, type: string): string {
  const iterator = attributeOf(dynamic.body, 'iterator')?.value;
  return iterator?.kind === 'reference' ? iterator.root : type;
}
