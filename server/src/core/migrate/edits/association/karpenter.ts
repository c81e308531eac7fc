import type { Change } from '../../../fixes/edits';
import { mayBeAtLeast } from '../../../readers/terraform/modules/replacement/versions';
import { attributeOf, type HclBlock } from '../../../syntax/hcl/body';
import type { Span } from '../../../text/span';
import { newArgument } from '../arguments';
import { cutBlock } from '../blocks';
import { literalArgument } from '../hclSearch';
import { insert } from '../source';
import { aligned } from '../write/hcl';
import { hclTongue } from '../write/tongues';
import type { AssociationTarget } from './target';

/**
 * The inputs by which the module karpenter makes an association with its role. Source: terraform-aws-eks v20.10 to v21.19,
 * modules/karpenter/variables.tf.
 */
const names = ['create_pod_identity_association', 'namespace', 'service_account'] as const;

/** The module's own association for an account, as inputs; undefined where they are used, or where the cluster may be another one. */
export function karpenterInputs({ account, document }: AssociationTarget, block: HclBlock): Change[] | undefined {
  const { text } = document!;
  const { namespace, serviceAccount, cluster } = account;
  const source = literalArgument(block, 'source', text);
  const version = literalArgument(block, 'version', text);
  if (source === undefined || !mayBeAtLeast(source, version, [20, 10, 0])) return undefined;
  if (['enable_pod_identity', ...names].some((name) => attributeOf(block.body, name))) return undefined;
  const own = attributeOf(block.body, 'cluster_name')?.value;
  const tongue = hclTongue(false);
  const [space, name, wanted] = [namespace, serviceAccount, cluster].map((each) => each && tongue.leaf([each]));
  if (!own || wanted === undefined || text.slice(own.span.start, own.span.end) !== wanted || !space || !name) return undefined;
  const [at, indent] = newArgument(text, block) ?? [];
  if (at === undefined || indent === undefined) return undefined;
  const lines = aligned([
    [names[0], 'true'],
    [names[1], space],
    [names[2], name],
  ]);
  return [insert(at, `\n${lines.map((line) => `\n${indent}${line}`).join('')}`)];
}

/** Takes the inputs out that `karpenterInputs` writes; undefined where they aren't together. */
export function withoutKarpenterInputs(block: HclBlock, text: string): Change[] | undefined {
  const spans = names.map((name) => attributeOf(block.body, name)?.span);
  const [first, , last] = spans;
  if (!spans.every((span): span is Span => span !== undefined) || literalOf(block, text) !== 'true') return undefined;
  const between = text.slice(first!.start, last!.end).split('\n');
  return between.length === names.length && first!.start < last!.start ? [cutBlock(text, { span: { start: first!.start, end: last!.end } }, block)] : undefined; // prettier-ignore
}

function literalOf({ body }: HclBlock, text: string): string | undefined {
  const value = attributeOf(body, names[0])?.value;
  return value && text.slice(value.span.start, value.span.end);
}
