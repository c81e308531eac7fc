import { attributeOf, type HclBlock } from '../../../../syntax/hcl/body';
import { roleOutputs } from '../knownRoles';

/** A block and the text that it stands in. */
export interface BlockText {
  readonly block: HclBlock;
  readonly text: string;
}

/** Resources that give one role a policy. Source: the AWS provider's documentation. */
export const attachmentTypes = ['aws_iam_role_policy_attachment', 'aws_iam_role_policy'] as const;

/** The call whose role a resource gives a policy: its `role` is the module's output with the role's name. */
export function attachedTo({ block }: BlockText): string | undefined {
  if (block.type.text !== 'resource' || !attachmentTypes.some((type) => type === block.labels[0]?.text)) return undefined;
  const value = attributeOf(block.body, 'role')?.value;
  if (value?.kind !== 'reference' || value.root !== 'module') return undefined;
  const [first, last] = [value.steps[0], value.steps.at(-1)];
  return first?.kind === 'attribute' && last?.kind === 'attribute' && roleOutputs.name.test(last.name) ? first.name : undefined;
}

/** Resources that give roles of modules policies, by the calls' labels. */
export function attachmentsByCall(blocks: Iterable<BlockText>): ReadonlyMap<string, readonly BlockText[]> {
  const found = new Map<string, BlockText[]>();
  for (const each of blocks) {
    const label = attachedTo(each);
    if (label === undefined) continue;
    const own = found.get(label);
    if (own) own.push(each);
    else found.set(label, [each]);
  }
  return found;
}

/** What a resource attaches, as a text that is the same for each role that it is written for. */
export function attachedText(label: string, { block, text }: BlockText): string {
  const own = block.labels[1]?.span ?? block.type.span;
  return `${block.labels[0]?.text ?? ''}${renamedCall(text.slice(own.end, block.span.end), label, '*').replace(/^"/, '')}`;
}

/** A text in which one module's outputs are another one's. */
export function renamedCall(source: string, label: string, other: string): string {
  const reference = `module.${label}`;
  let [out, from] = ['', 0];
  for (let at = source.indexOf(reference); at >= 0; at = source.indexOf(reference, at + 1)) {
    const isWhole = !/[\w.-]/.test(source[at - 1] ?? '') && /[.[]/.test(source[at + reference.length] ?? '');
    if (!isWhole) continue;
    out += `${source.slice(from, at)}module.${other}`;
    from = at + reference.length;
  }
  return out + source.slice(from);
}
