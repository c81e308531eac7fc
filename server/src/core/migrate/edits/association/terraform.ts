import type { Change } from '../../../fixes/edits';
import { label } from '../../../generate/writers/names';
import { moduleOfSource, type KnownModule } from '../../../readers/terraform/modules/moduleSources';
import { attributeOf, type HclAttribute, type HclBlock } from '../../../syntax/hcl/body';
import type { Spelling } from '../../types';
import { addToObjectArgument } from '../arguments';
import { karpenterInputs } from './karpenter';
import { blockAt } from '../blocks';
import { literalArgument } from '../hclSearch';
import { opening } from '../join';
import { checked, insert, lineEnd } from '../source';
import { aligned } from '../write/hcl';
import { hclTongue } from '../write/tongues';
import { map, plainText, unwritable, type Value } from '../write/value';
import { clusterUnknown, type AssociationTarget, type WriteAssociation } from './target';

const resourceType = 'aws_eks_pod_identity_association';

/** A resource below the one that makes the role, or an input of the module that does. */
export const writeTerraform: WriteAssociation = (target) => {
  const { role, document } = target;
  if (!role || document?.syntax !== 'hcl') return undefined;
  const { text } = document;
  const block = blockAt(document.tree().hcl, role.span);
  if (!block) return { refused: "The role's block is not where it was: read the files again." };
  const repeated = attributeOf(block.body, 'for_each') ?? attributeOf(block.body, 'count');
  const count = repeated?.name.text === 'count' ? zeroOrOne(repeated, text) : undefined;
  if (repeated && count === undefined)
    return {
      refused: `The role is made with ${repeated.name.text}: write its association manually, with the same ${repeated.name.text}.`,
    };
  const source = block.type.text === 'module' ? literalArgument(block, 'source', text) : undefined;
  const known = source === undefined ? undefined : moduleOfSource(source);
  if (known === 'pod-identity') return asInput(target, block);
  const own = known === 'karpenter' && !repeated ? karpenterInputs(target, block) : undefined;
  if (own) return asChange(target, own, 'Inputs of the module karpenter');
  const instance = count === undefined ? '' : '[0]';
  const reference =
    block.type.text === 'module' ? arnOutput(block, known, instance) : `${block.labels.map((each) => each.text).join('.')}${instance}.arn`;
  if (reference === undefined)
    return { refused: "The output with the role's ARN is unknown for this module: write the association manually." };
  if (!target.account.cluster) return { refused: clusterUnknown };
  const values = map({
    cluster_name: { phrase: [target.account.cluster] },
    namespace: { phrase: [target.account.namespace] },
    service_account: { phrase: [target.account.serviceAccount] },
    role_arn: { phrase: [{ expression: reference }] },
  });
  const provider = attributeOf(block.body, 'provider')?.value;
  const lines = resourceLines(
    values,
    provider && block.type.text === 'resource' ? text.slice(provider.span.start, provider.span.end) : undefined,
  );
  if (lines === undefined) return { refused: "The cluster's name is not an expression that can be written here: give its value." };
  const name = freeName(target, block);
  if (count !== undefined) lines.unshift(`count = ${count}`, '');
  const written = `\n\nresource "${resourceType}" "${name}" {\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n}`;
  return asChange(target, [insert(lineEnd(text, block.span.end), written)], 'Terraform resource');
};

function asChange({ document }: AssociationTarget, changes: readonly Change[], format: string): ReturnType<WriteAssociation> {
  const edits = checked(document!, changes);
  return 'refused' in edits ? edits : { made: { edits: edits.made, creates: [], format } };
}

/** The source of a `count` that makes the role or doesn't: `condition ? 1 : 0`. Of any other there may be several. */
function zeroOrOne({ value }: HclAttribute, text: string): string | undefined {
  if (value?.kind !== 'conditional') return undefined;
  const numbers = [value.whenTrue, value.whenFalse].map((each) => (each.kind === 'literal' ? each.text : ''));
  const source = text.slice(value.span.start, value.span.end);
  return numbers.sort().join() === '0,1' && !source.includes('\n') ? source : undefined;
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
