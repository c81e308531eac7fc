import type { ServiceAccountFact } from '../../model/facts';
import type { Edit } from '../../rules/rule';
import { attributeOf, type HclExpression } from '../../syntax/hcl/body';
import { outerSpan } from '../../syntax/nodes';
import type { SourceDocument } from '../../syntax/sourceFile';
import type { Span } from '../../text/span';
import { literal } from '../../text/texts';
import type { Made } from '../types';
import { isClusterConfig } from './association/eksctl';
import { blockAt } from './blocks';
import { pathTo, yamlStyleOf } from './maps';
import { before, checked, indentOf, isSameSpan } from './source';
import { aligned } from './write/hcl';

const manually = "The add-on's role is not written by itself here: change it manually.";

/**
 * Gives an add-on of EKS an association of its own in the place of its role: `service_account_role_arn` of Terraform,
 * `serviceAccountRoleARN` of eksctl. Both at once are an error of EKS and of eksctl, so this is one change and not two steps.
 * Source: EKS user guide, add-ons-iam; AWS provider, aws_eks_addon; eksctl user docs, EKS add-ons.
 * @param account as the add-on's reader gives it: its `roleArn` stands where the role does
 * @param role the call of a Terraform module whose role takes the place of another call's
 */
export function moveAddon(
  account: ServiceAccountFact,
  document: SourceDocument,
  role?: { readonly from: string; readonly to: string },
): Made<readonly Edit[]> {
  const name = literal(account.name);
  if (name === undefined || !/^[a-z0-9.-]+$/.test(name))
    return { refused: "The add-on's service account is unknown: `aws eks describe-addon-configuration` tells it." };
  if (!account.roleArn) return { refused: 'The add-on has no role.' };
  if (document.syntax === 'hcl') return inTerraform(account, account.roleArn.entrySpan, name, document, role);
  const { root } = document.tree();
  return isClusterConfig(root) && document.syntax === 'yaml' ? inEksctl(account, name, document) : { refused: manually };
}

function inTerraform(
  { span }: ServiceAccountFact,
  entry: Span,
  name: string,
  document: SourceDocument,
  role: { readonly from: string; readonly to: string } | undefined,
): Made<readonly Edit[]> {
  const { text } = document;
  const { hcl } = document.tree();
  const block = blockAt(hcl, span);
  const attribute = block && attributeOf(block.body, 'service_account_role_arn');
  const isOwnLine = /^[ \t]*$/.test(before(text, entry.start));
  if (attribute?.value && isSameSpan(attribute.span, entry)) {
    const arn = roleSource(source(text, attribute.value), role);
    if (!isOwnLine || arn === undefined) return { refused: manually };
    const pad = indentOf(text, entry.start);
    const lines = aligned([
      ['role_arn', arn],
      ['service_account', `"${name}"`],
    ]);
    return checked(document, [
      { span: entry, newText: `pod_identity_association {\n${lines.map((line) => `${pad}  ${line}\n`).join('')}${pad}}` },
    ]);
  }
  const value = valueOfEntry(
    hcl?.blocks
      .find((each) => each.span.start <= entry.start && each.span.end >= entry.end)
      ?.body.attributes.flatMap((each) => each.value ?? []) ?? [],
    entry,
  );
  const arn = value && roleSource(source(text, value), role);
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

/** The role's ARN as the add-on has it, or that of the call which takes the place of another; undefined where it isn't that call's output. */
function roleSource(written: string, role: { readonly from: string; readonly to: string } | undefined): string | undefined {
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

function inEksctl({ span }: ServiceAccountFact, name: string, document: SourceDocument): Made<readonly Edit[]> {
  const { text } = document;
  const { root } = document.tree();
  const step = pathTo(root, span)?.at(-1);
  const addon = step?.parent.kind === 'list' ? step.parent.items[step.index] : undefined;
  const entry =
    addon?.kind === 'map' ? addon.entries.find(({ key, merged }) => key.value === 'serviceAccountRoleARN' && !merged) : undefined;
  if (root?.kind !== 'map' || addon?.kind !== 'map' || !entry?.value || addon.open || text[addon.span.start] === '{')
    return { refused: manually };
  if (addon.entries.some(({ key }) => key.value === 'podIdentityAssociations'))
    return { refused: 'The add-on has associations already: remove its role manually.' };
  const column = before(text, entry.span.start).length;
  if (!/^[ -]*$/.test(before(text, entry.span.start))) return { refused: manually };
  const pad = ' '.repeat(column + yamlStyleOf(text, root).dash);
  const role = text.slice(outerSpan(entry.value).start, outerSpan(entry.value).end);
  return checked(document, [
    {
      span: { start: entry.span.start, end: outerSpan(entry.value).end },
      newText: `podIdentityAssociations:\n${pad}- serviceAccountName: ${name}\n${pad}  roleARN: ${role}`,
    },
  ]);
}
