import type { ServiceAccountFact } from '../../../model/facts';
import type { Edit } from '../../../rules/rule';
import { attributeOf, type HclBlock, type HclExpression } from '../../../syntax/hcl/body';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { Span } from '../../../text/span';
import type { AddonRole } from '../../port';
import type { Made } from '../../types';
import { blockAt, cutBlock } from '../blocks';
import { realigned, type Pair } from '../realign';
import { before, checked, indentOf, isSameSpan } from '../source';
import { aligned } from '../write/hcl';
import { manually } from './manually';

/**
 * `pod_identity_association` in the place of `service_account_role_arn`: a block of aws_eks_addon, an entry of the module eks' add-ons.
 * Source: AWS provider, aws_eks_addon; terraform-aws-modules/eks, variables.tf.
 * @param entry where the argument stands
 * @param call the call of a module whose role takes the place of another call's
 */
export function inTerraform(
  { span }: ServiceAccountFact,
  entry: Span,
  name: string,
  document: SourceDocument,
  call: AddonRole['call'],
): Made<readonly Edit[]> {
  const { text } = document;
  const { hcl } = document.tree();
  const block = blockAt(hcl, span);
  const attribute = block && attributeOf(block.body, 'service_account_role_arn');
  const isOwnLine = /^[ \t]*$/.test(before(text, entry.start));
  if (block && attribute?.value && isSameSpan(attribute.span, entry)) {
    const arn = roleSource(source(text, attribute.value), call);
    if (!isOwnLine || arn === undefined) return { refused: manually };
    const pad = indentOf(text, entry.start);
    const lines = aligned([
      ['role_arn', arn],
      ['service_account', `"${name}"`],
    ]);
    return checked(document, [
      { span: entry, newText: `pod_identity_association {\n${lines.map((line) => `${pad}  ${line}\n`).join('')}${pad}}` },
      ...realigned(text, pairsOf(block), entry, true),
    ]);
  }
  const value = valueOfEntry(
    hcl?.blocks
      .find((each) => each.span.start <= entry.start && each.span.end >= entry.end)
      ?.body.attributes.flatMap((each) => each.value ?? []) ?? [],
    entry,
  );
  const arn = value && roleSource(source(text, value), call);
  if (!value || arn === undefined) return { refused: manually };
  const written = `pod_identity_association = [{ role_arn = ${arn}, service_account = "${name}" }]`;
  if (!isOwnLine) return checked(document, [{ span: entry, newText: written }]);
  const pad = indentOf(text, entry.start);
  const lines = aligned([
    ['role_arn', arn],
    ['service_account', `"${name}"`],
  ]);
  return checked(document, [
    { span: entry, newText: `pod_identity_association = [{\n${lines.map((line) => `${pad}  ${line}\n`).join('')}${pad}}]` },
  ]);
}

/**
 * Takes the role for IRSA off an add-on of Terraform, where the association is written beside the role and not in the add-on.
 * @param account as the add-on's reader gives it: its `roleArn` stands where the role does
 */
export function removeAddonRole({ span, roleArn }: ServiceAccountFact, document: SourceDocument): Made<readonly Edit[]> {
  const block = document.syntax === 'hcl' ? blockAt(document.tree().hcl, span) : undefined;
  const attribute = block && attributeOf(block.body, 'service_account_role_arn');
  if (!roleArn || !attribute || !isSameSpan(attribute.span, roleArn.entrySpan)) return { refused: manually };
  const { text } = document;
  return checked(document, [cutBlock(text, attribute, block), ...realigned(text, pairsOf(block), attribute.span, false)]);
}

function pairsOf({ body }: HclBlock): Pair[] {
  return body.attributes.map(({ name, span }) => ({ name: name.span, span }));
}

/** The role's ARN as the add-on has it, or that of the call which takes the place of another; undefined where it isn't that call's output. */
function roleSource(written: string, role: AddonRole['call']): string | undefined {
  if (!role) return written;
  const [, call, index = ''] = /^module\.([\w-]+)(\[0\])?\.(?:(?:this_)?iam_role_arn|service_account_role_arn)$/.exec(written.trim()) ?? [];
  return call === role.from ? `module.${role.to}${index}.iam_role_arn` : undefined;
}

function source(text: string, { span }: HclExpression): string {
  return text.slice(span.start, span.end);
}

/** The value of an object's entry that stands at a span. */
function valueOfEntry(expressions: readonly HclExpression[], entry: Span): HclExpression | undefined {
  const stack = [...expressions];
  for (let each = stack.pop(); each; each = stack.pop()) {
    if (each.span.start > entry.start || each.span.end < entry.end) continue;
    if (each.kind === 'object') {
      const found = each.entries.find(({ span }) => isSameSpan(span, entry));
      if (found) return found.value;
      stack.push(...each.entries.flatMap(({ value }) => value ?? []));
    } else if (each.kind === 'tuple') stack.push(...each.items);
    else if (each.kind === 'call') stack.push(...each.args);
  }
  return undefined;
}
