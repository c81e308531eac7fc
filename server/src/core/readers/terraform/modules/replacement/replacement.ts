import { attributeOf, type HclBlock, type HclExpression } from '../../../../syntax/hcl/body';
import type { KnownModule } from '../moduleSources';
import { attachedPolicies, inputsOfMissingPolicies, type AttachedPolicy } from './attachedPolicies';
import { listToMap } from './listToMap';

/** An argument of a call, as its source. */
export interface Argument {
  readonly name: string;
  readonly source: string;
}

/** What a call of terraform-aws-modules/eks-pod-identity needs for a role with the permissions of another module's. */
export interface Replacement {
  /** `count`, `for_each`, `providers`: what says how often it is there, and in which account. */
  readonly meta: readonly Argument[];
  /** The role's name, path and the like. */
  readonly role: readonly Argument[];
  /** Everything that decides what the role may do. */
  readonly policies: readonly Argument[];
  /** `tags` and `depends_on`. */
  readonly rest: readonly Argument[];
}

/** A replacement, or why a call has none: a sentence for people that names the argument. */
export type Replaced = { readonly made: Replacement } | { readonly refused: string };

/** Modules whose role gets another one beside it: their trust policy takes no statements. */
const replaced = new Set<KnownModule>(['irsa', 'oidc-role', 'cloudposse-role']);

/** Whether the role of a module can only be replaced by another one. */
export function isReplaced(known: KnownModule): boolean {
  return replaced.has(known);
}

/** Arguments that say whom the role trusts, or decide nothing that stays. */
const trust: Partial<Readonly<Record<KnownModule, readonly string[]>>> = {
  irsa: ['oidc_providers', 'assume_role_condition_test', 'force_detach_policies'],
  'oidc-role': [
    'provider_url',
    'provider_urls',
    'aws_account_id',
    'oidc_fully_qualified_subjects',
    'oidc_subjects_with_wildcards',
    'oidc_fully_qualified_audiences',
    'force_detach_policies',
    'number_of_role_policy_arns',
  ],
  'cloudposse-role': [
    'eks_cluster_oidc_issuer_url',
    'service_account_name',
    'service_account_namespace',
    'service_account_namespace_name_list',
    'aws_account_number',
    'aws_partition',
    // What null-label makes the role's name of.
    'namespace',
    'tenant',
    'environment',
    'stage',
    'name',
    'delimiter',
    'attributes',
    'label_order',
    'label_key_case',
    'label_value_case',
    'labels_as_tags',
    'descriptor_formats',
    'regex_replace_chars',
    'id_length_limit',
    'additional_tag_map',
  ],
};

/** Arguments that the new module has under another name, or its own. */
const renamed: Readonly<Record<string, readonly [part: 'role' | 'policies' | 'rest' | 'meta', name: string]>> = {
  create_role: ['role', 'create'],
  enabled: ['role', 'create'],
  role_path: ['role', 'path'],
  role_description: ['role', 'description'],
  max_session_duration: ['role', 'max_session_duration'],
  role_permissions_boundary_arn: ['policies', 'permissions_boundary_arn'],
  permissions_boundary: ['policies', 'permissions_boundary_arn'],
  tags: ['rest', 'tags'],
  depends_on: ['rest', 'depends_on'],
  count: ['meta', 'count'],
  for_each: ['meta', 'for_each'],
  providers: ['meta', 'providers'],
};

/**
 * The arguments of a call of eks-pod-identity that makes a role with the permissions of this call's, for the same accounts. Every
 * argument that decides permissions is understood, or the call is refused with its name. Nothing is evaluated: what is written
 * goes over as it is. Sources: variables.tf of terraform-aws-iam v3 to v5.60.0 (iam-role-for-service-accounts-eks and
 * iam-assumable-role-with-oidc), of cloudposse/terraform-aws-eks-iam-role 0.1.0 to 2.2.1 and cloudposse/terraform-null-label, and of
 * terraform-aws-eks-pod-identity v1.12.1 and v2.8.1.
 */
export function replacementOf(block: HclBlock, text: string, known: KnownModule): Replaced {
  const parts = { meta: [] as Argument[], role: [] as Argument[], policies: [] as Argument[], rest: [] as Argument[] };
  const source = ({ span }: HclExpression): string => text.slice(span.start, span.end);
  if (block.body.blocks.length > 0)
    return { refused: `The block ${block.body.blocks[0]!.type.text} in this call isn't one that is known.` };
  const labels = known === 'cloudposse-role' ? labelled(block, text) : undefined;
  if (labels && 'refused' in labels) return labels;
  for (const { name, value } of block.body.attributes) {
    if (!value) return { refused: `${name.text} isn't written completely.` };
    if (source(value).includes('<<')) return { refused: `${name.text} is a heredoc, which isn't copied: write it in another way.` };
    if (name.text === 'source' || name.text === 'version' || trust[known]?.includes(name.text)) continue;
    if (labels?.own.has(name.text)) continue;
    const own = ofArgument(name.text, value, block, text, known);
    if ('refused' in own) return own;
    for (const [part, argument] of own.made) parts[part].push(argument);
  }
  if (labels) for (const [part, argument] of labels.made) parts[part].push(argument);
  return { made: parts };
}

type Placed = readonly (readonly [part: keyof Replacement, argument: Argument])[];
type Made = { readonly made: Placed } | { readonly refused: string };

const nothing: Made = { made: [] };

function ofArgument(name: string, value: HclExpression, block: HclBlock, text: string, known: KnownModule): Made {
  const source = text.slice(value.span.start, value.span.end);
  const simple = Object.hasOwn(renamed, name) ? renamed[name] : undefined;
  // What is made unless it is told otherwise needs no word.
  if (simple?.[1] === 'create' && isLiteral(value, 'true')) return nothing;
  if (simple) return { made: [[simple[0], { name: simple[1], source }]] };
  if (name === 'allow_self_assume_role')
    return isLiteral(value, 'false')
      ? nothing
      : { refused: 'allow_self_assume_role lets the role assume itself, which the module eks-pod-identity has no input for.' };
  if (known === 'irsa' && name === 'role_policy_arns') return policyMap(value, text, false);
  if (known === 'oidc-role' && name === 'role_policy_arns') return counted(block, value, text) ?? policyMap(value, text, true);
  if (known === 'cloudposse-role' && name === 'managed_policy_arns') return policyMap(value, text, true);
  if (known === 'cloudposse-role' && name === 'aws_iam_policy_document') return documents(value, source);
  if (known === 'oidc-role' && name === 'inline_policy_statements') return inlineStatements(source);
  if (name === 'role_name' || name === 'role_name_prefix') return nothing;
  if (known === 'irsa' && Object.hasOwn(attachedPolicies, name)) return attached(name, attachedPolicies[name]!, value, block, text);
  if (known === 'irsa' && isAttachedInput(name)) return nothing;
  if (known === 'irsa' && name === 'policy_name_prefix') return nothing;
  if (known === 'oidc-role' && name === 'provider_trust_policy_conditions')
    return { refused: 'provider_trust_policy_conditions are on claims of the token, which EKS Pod Identity has none of.' };
  return { refused: `${name} isn't an input that is known to have a counterpart in the module eks-pod-identity.` };
}

/** A switch with the inputs of its policy. */
function attached(name: string, { flag, inputs, without }: AttachedPolicy, value: HclExpression, block: HclBlock, text: string): Made {
  if (isLiteral(value, 'false')) return nothing;
  if (flag === undefined) return { refused: `The module eks-pod-identity has no policy for ${name}.` };
  const source = ({ span }: HclExpression): string => text.slice(span.start, span.end);
  for (const each of without ?? [])
    if (attributeOf(block.body, each)) return { refused: `The module eks-pod-identity has no input for ${each}.` };
  const found: [keyof Replacement, Argument][] = [['policies', { name: flag, source: source(value) }]];
  for (const { from, to, otherwise, made, emptyIsAll } of inputs) {
    const given = from.map((each) => attributeOf(block.body, each)).find((each) => each?.value)?.value;
    if (given && emptyIsAll && given.kind === 'tuple' && given.items.length === 0)
      return { refused: `${from[0]!} is empty, which allows nothing here and everything in the module eks-pod-identity.` };
    const written = given ? (made ? made.replace('$', () => source(given)) : source(given)) : otherwise;
    if (written !== undefined) found.push(['policies', { name: to, source: written }]);
  }
  return { made: found };
}

function isAttachedInput(name: string): boolean {
  return (
    inputsOfMissingPolicies.test(name) ||
    Object.values(attachedPolicies).some(
      ({ inputs, without }) => without?.includes(name) === true || inputs.some(({ from }) => from.includes(name)),
    )
  );
}

/** `additional_policy_arns`: a map stays one, and a list becomes one. */
function policyMap(value: HclExpression, text: string, isList: boolean): Made {
  const source =
    value.kind === 'tuple'
      ? listToMap(value.items, text)
      : !isList || value.kind === 'object'
        ? text.slice(value.span.start, value.span.end)
        : `{ for i, arn in ${text.slice(value.span.start, value.span.end)} : tostring(i) => arn }`;
  if (isList && value.kind === 'object') return { refused: 'Its list of policies is not written as a list.' };
  return source === undefined || value.kind === 'conditional'
    ? { refused: 'Its policies depend on a condition: write them as a list or a map.' }
    : { made: [['policies', { name: 'additional_policy_arns', source }]] };
}

/** Not all of a list is attached where the number says so. */
function counted(block: HclBlock, value: HclExpression, text: string): Made | undefined {
  const number = attributeOf(block.body, 'number_of_role_policy_arns')?.value;
  if (!number) return undefined;
  const source = text.slice(number.span.start, number.span.end).trim();
  const own = text.slice(value.span.start, value.span.end).trim();
  if ((value.kind === 'tuple' && source === String(value.items.length)) || source === `length(${own})`) return undefined;
  return { refused: 'number_of_role_policy_arns attaches only some of the policies: attach them all, or remove it.' };
}

/** A list with one policy, or one policy: its own policy is attached to the role. Source: terraform-aws-eks-iam-role, main.tf. */
function documents(value: HclExpression, source: string): Made {
  if (value.kind === 'tuple' && value.items.length === 0) return nothing;
  const isText =
    value.kind === 'template' ||
    (value.kind === 'call' && value.name === 'jsonencode') ||
    (value.kind === 'reference' && value.steps.at(-1)?.kind === 'attribute' && /\.json$/.test(source));
  if (!isText && !(value.kind === 'tuple' && value.items.length === 1))
    return { refused: 'aws_iam_policy_document is not written as one policy or as a list with one.' };
  return {
    made: [
      ['policies', { name: 'attach_custom_policy', source: 'true' }],
      ['policies', { name: 'source_policy_documents', source: isText ? `[${source}]` : source }],
    ],
  };
}

/** Statements of an inline policy become the role's own policy; version 2 of the new module calls `conditions` otherwise. */
function inlineStatements(source: string): Made {
  return {
    made: [
      ['policies', { name: 'attach_custom_policy', source: 'true' }],
      ['policies', { name: 'policy_statements', source }],
    ],
  };
}

/** null-label's context: whether the role is there, and its tags. */
function labelled(
  block: HclBlock,
  text: string,
): { readonly made: Placed; readonly own: ReadonlySet<string> } | { readonly refused: string } {
  const value = attributeOf(block.body, 'context')?.value;
  if (!value) return { made: [], own: new Set() };
  const call = /^module\.([A-Za-z_][\w-]*)\.context$/.exec(text.slice(value.span.start, value.span.end).trim())?.[1];
  if (call === undefined) return { refused: 'context is not the context of a label of this module, such as module.this.context.' };
  const tags = attributeOf(block.body, 'tags')?.value;
  const own = tags && text.slice(tags.span.start, tags.span.end);
  return {
    own: new Set(['context', 'tags']),
    made: [
      ...(attributeOf(block.body, 'enabled') ? [] : [['role', { name: 'create', source: `module.${call}.enabled` }] as const]),
      ['rest', { name: 'tags', source: own === undefined ? `module.${call}.tags` : `merge(module.${call}.tags, ${own})` }],
    ],
  };
}

function isLiteral(value: HclExpression, text: string): boolean {
  return value.kind === 'literal' && value.text === text;
}
