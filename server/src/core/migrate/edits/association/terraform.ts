import type { Change } from '../../../fixes/edits';
import { label } from '../../../generate/writers/names';
import { moduleOfSource, type KnownModule } from '../../../readers/terraform/modules/moduleSources';
import { attributeOf, type HclAttribute, type HclBlock } from '../../../syntax/hcl/body';
import type { MovedAccount, Spelling } from '../../types';
import { addToObjectArgument } from '../arguments';
import { blockAt } from '../blocks';
import { literalArgument } from '../hclSearch';
import { opening } from '../join';
import { checked, insert, lineEnd } from '../source';
import { aligned } from '../write/hcl';
import { hclTongue } from '../write/tongues';
import { map, plainText, unwritable, type Value } from '../write/value';
import { clusterUnknown, type AssociationTarget, type WriteAssociation } from './target';

type Refused = { readonly refused: string };

const resourceType = 'aws_eks_pod_identity_association';

/** A resource below the one that makes the role, or an input of the module that does. */
export const writeTerraform: WriteAssociation = (target) => {
  const { role, document } = target;
  if (!role || document?.syntax !== 'hcl') return undefined;
  const { text } = document;
  const block = blockAt(document.tree().hcl, role.span);
  if (!block) return { refused: "The role's block is not where it was: read the files again." };
  const repetition = repetitionOf(block, text);
  if (repetition && 'refused' in repetition) return repetition;
  const source = block.type.text === 'module' ? literalArgument(block, 'source', text) : undefined;
  const known = source === undefined ? undefined : moduleOfSource(source);
  if (known === 'pod-identity') return asInput(target, block);
  const instance = repetition?.instance ?? '';
  const reference =
    block.type.text === 'module' ? arnOutput(block, known, instance) : `${block.labels.map((each) => each.text).join('.')}${instance}.arn`;
  if (reference === undefined)
    return { refused: "The output with the role's ARN is unknown for this module: write the association manually." };
  if (!target.account.cluster) return { refused: clusterUnknown };
  const names = namesOf(target, repetition?.line);
  if ('refused' in names) return names;
  if (repetition?.several && ![names.namespace, names.serviceAccount].some(isOfInstance))
    return {
      refused: `The role is made with ${repetition.name} for one and the same service account, which can have one association: write the association manually.`,
    };
  const values = map({
    cluster_name: { phrase: [target.account.cluster] },
    namespace: { phrase: [names.namespace] },
    service_account: { phrase: [names.serviceAccount] },
    role_arn: { phrase: [{ expression: reference }] },
  });
  const provider = attributeOf(block.body, 'provider')?.value;
  const lines = resourceLines(
    values,
    provider && block.type.text === 'resource' ? text.slice(provider.span.start, provider.span.end) : undefined,
  );
  if (lines === undefined) return { refused: "The cluster's name is not an expression that can be written here: give its value." };
  const name = freeName(target, block);
  if (repetition) lines.unshift(repetition.line, '');
  const written = `\n\nresource "${resourceType}" "${name}" {\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n}`;
  return asChange(target, [insert(lineEnd(text, block.span.end), written)], 'Terraform resource');
};

function asChange({ document }: AssociationTarget, changes: readonly Change[], format: string): ReturnType<WriteAssociation> {
  const edits = checked(document!, changes);
  return 'refused' in edits ? edits : { made: { edits: edits.made, creates: [], format } };
}

/** The `for_each` or `count` of a block. */
interface Repetition {
  readonly name: string;
  /** As the association repeats it. */
  readonly line: string;
  /** How one of the instances is named there. */
  readonly instance: string;
  /** False where there is one at most. */
  readonly several: boolean;
}

function repetitionOf({ body }: HclBlock, text: string): Repetition | Refused | undefined {
  const repeated = attributeOf(body, 'for_each') ?? attributeOf(body, 'count');
  if (!repeated?.value) return undefined;
  const name = repeated.name.text;
  const source = text.slice(repeated.value.span.start, repeated.value.span.end);
  if (source.includes('\n'))
    return {
      refused: `The role's ${name} is written on several lines: move its value into a local first, so that its association can have the same.`,
    };
  const several = name === 'for_each' || !isZeroOrOne(repeated);
  const instance = name === 'for_each' ? '[each.key]' : several ? '[count.index]' : '[0]';
  return { name, line: `${name} = ${source}`, instance, several };
}

/** Whether a name is that of an instance alone. */
export function isOfInstance(spelling: Spelling): boolean {
  return 'expression' in spelling && /\b(?:each|count)\./.test(spelling.expression);
}

/**
 * The account's names as the association can write them: `each` and `count` of the trust policy mean the same there only where its
 * block repeats as the role's does.
 */
function namesOf(
  { account, instance }: AssociationTarget,
  own: string | undefined,
): Pick<MovedAccount, 'namespace' | 'serviceAccount'> | Refused {
  if (!instance) return account;
  const { policy, document, names } = instance;
  const block = document.tree().hcl?.blocks.find(({ span }) => span.start <= policy.span.start && span.end >= policy.span.end);
  const repetition = block && repetitionOf(block, document.text);
  if (repetition && !('refused' in repetition) && repetition.line === own) return account;
  if (own === undefined && names) return names;
  return { refused: "The trust policy's document and the role have different for_each or count: write the association manually." };
}

/** Whether a `count` makes the role or doesn't: `condition ? 1 : 0`. Of any other there may be several. */
function isZeroOrOne({ value }: HclAttribute): boolean {
  if (value?.kind !== 'conditional') return false;
  const numbers = [value.whenTrue, value.whenFalse].map((each) => (each.kind === 'literal' ? each.text : ''));
  return numbers.sort().join() === '0,1';
}

/** Outputs with the role's ARN. Sources: the modules' outputs.tf. */
const outputs: Partial<Readonly<Record<KnownModule, string>>> = {
  irsa: 'iam_role_arn',
  'irsa-6': 'arn',
  'oidc-role': 'iam_role_arn',
  'cloudposse-role': 'service_account_role_arn',
  'blueprints-addon': 'iam_role_arn',
  'blueprints-irsa': 'irsa_iam_role_arn',
  karpenter: 'iam_role_arn',
};

function arnOutput({ labels }: HclBlock, known: KnownModule | undefined, instance: string): string | undefined {
  const output = known && outputs[known];
  return output === undefined ? undefined : `module.${labels[0]?.text ?? ''}${instance}.${output}`;
}

function resourceLines(values: Value, provider: string | undefined): string[] | undefined {
  const tongue = hclTongue(false);
  if (unwritable(values, tongue) !== undefined || !('map' in values)) return undefined;
  const pairs = values.map.map(([key, value]): readonly [string, string] => [
    plainText(key)!,
    'phrase' in value ? (tongue.leaf(value.phrase) ?? '') : '',
  ]);
  return aligned(provider !== undefined && /^[A-Za-z_][\w.-]*$/.test(provider) ? [['provider', provider], ...pairs] : pairs);
}

/** A name that no association of the folder has: the role's own, then with the account's. */
function freeName({ account, document, siblings }: AssociationTarget, block: HclBlock): string {
  const taken = new Set<string>();
  for (const each of [document!, ...siblings])
    for (const { type, labels } of each.tree().hcl?.blocks ?? [])
      if (type.text === 'resource' && labels[0]?.text === resourceType) taken.add(labels[1]?.text ?? '');
  const own = block.labels[block.labels.length - 1]?.text ?? 'role';
  const base = /^[A-Za-z_][\w-]*$/.test(own) ? own : label(own);
  const parts = [account.namespace, account.serviceAccount].flatMap((each) => ('text' in each ? [each.text] : []));
  const candidates = [base, ...(parts.length === 2 ? [label(base, ...parts)] : [])];
  return firstFree(candidates, taken, '_');
}

/** The first of some names that isn't taken, else the last of them with a number. */
export function firstFree(candidates: readonly string[], taken: ReadonlySet<string>, separator: string): string {
  const free = candidates.find((each) => !taken.has(each));
  if (free !== undefined) return free;
  const last = candidates[candidates.length - 1]!;
  let number = 2;
  while (taken.has(`${last}${separator}${number}`)) number++;
  return `${last}${separator}${number}`;
}

/** `associations = { orders = { … } }` of eks-pod-identity. Source: its variables.tf. */
function asInput(target: AssociationTarget, block: HclBlock): ReturnType<WriteAssociation> {
  const { account, document } = target;
  const defaults = attributeOf(block.body, 'association_defaults')?.value;
  const hasCluster = defaults?.kind === 'object' && defaults.entries.some(({ key }) => key.kind === 'name' && key.text === 'cluster_name');
  if (!account.cluster && !hasCluster) return { refused: clusterUnknown };
  const value = map({
    cluster_name: account.cluster && !hasCluster ? { phrase: [account.cluster] } : undefined,
    namespace: { phrase: [account.namespace] },
    service_account: { phrase: [account.serviceAccount] },
  });
  if (unwritable(value, hclTongue(false)) !== undefined)
    return { refused: "The cluster's name is not an expression that can be written here: give its value." };
  // By the account, so that those of several accounts have names of their own.
  const name = label(nameOf(account.namespace, 'this'), nameOf(account.serviceAccount, 'this'));
  const changes = addToObjectArgument(document!.text, block, 'associations', (taken) => [[firstFree([name], taken, '_'), value]], true);
  if (!changes) return { refused: "The module's associations is not an object in braces: add the association manually." };
  const made = asChange(target, changes, 'Input of the module eks-pod-identity');
  const [change] = changes;
  if (!made || 'refused' in made || attributeOf(block.body, 'associations') || !change) return made;
  const tail = /\n[ \t]*\}$/.exec(change.newText)?.[0] ?? '';
  const head = /^\n\n[^\n]*/.exec(change.newText)?.[0] ?? '';
  return { made: { ...made.made, edits: made.made.edits.map((edit) => opening(edit, { head, tail })) } };
}

function nameOf(spelling: Spelling, otherwise: string): string {
  return 'text' in spelling ? spelling.text : otherwise;
}
