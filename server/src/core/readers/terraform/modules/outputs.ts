import { attributeOf, type HclReference } from '../../../syntax/hcl/body';
import type { Node } from '../../../syntax/tree';
import { combined, orNothing } from '../evaluate/alternatives';
import type { Evaluator } from '../evaluate/evaluator';
import { stepKey } from '../evaluate/navigate';
import { literalOf, within } from '../evaluate/references';
import { anyItem, itemOf, type Repeated } from '../evaluate/repeated';
import { borrowedScalar, type KnownList } from '../texts';
import { assembled, issuerUrl, named, providerArn } from '../wellKnown';
import type { Placed } from './definition';
import type { ModuleInstance } from './instance';
import { moduleRoleName, roleOutputs } from './knownRoles';
import { knownModule } from './knownSources';

/** Outputs of public modules that are the issuer's URL. Sources: their outputs.tf. */
const issuerOutputs: readonly { readonly source: RegExp; readonly output: string }[] = [
  {
    source: /^(registry\.terraform\.io\/)?terraform-aws-modules\/eks\/aws$|terraform-aws-modules\/terraform-aws-eks(\.git)?(\?|$)/,
    output: 'cluster_oidc_issuer_url',
  },
  {
    source: /^cloudposse\/eks-cluster\/aws$|cloudposse\/terraform-aws-eks-cluster(\.git)?(\?|$)/,
    output: 'eks_cluster_identity_oidc_issuer',
  },
];

type Steps = HclReference['steps'];

/**
 * What `module.name.output` is: of a module of the workspace what its output says there; of a public module what is known of
 * it. With an index where the call has instances.
 */
export function moduleOutput(reference: HclReference, evaluator: Evaluator): Node | undefined {
  const [name, ...path] = reference.steps;
  if (name?.kind !== 'attribute') return undefined;
  const { module } = evaluator;
  const placed = module.definition.calls.get(name.name);
  if (!placed) return undefined;
  const isLocal = module.isLocal(placed);
  const called = isLocal ? module.modulesOf(name.name) : undefined;
  if (isLocal && !called) return undefined;
  const repeated = module.repeated(placed);
  const of = (steps: Steps, item: Repeated['items'][number]): Node | undefined => {
    const inner = called && module.moduleOf(called, item);
    return called ? inner && outputOf(inner, steps, reference, evaluator) : knownOutput(placed, item, steps, reference, evaluator);
  };
  const [first, ...rest] = path;
  const [single] = repeated.items;
  if (repeated.items.length === 1 && single!.suffix === '') return first?.kind === 'attribute' ? of(path, single!) : undefined;
  if (first?.kind === 'splat') {
    const values = repeated.items.map((item) => of(rest, item));
    if (!values.every((value) => value !== undefined)) return undefined;
    const open = !repeated.known || repeated.items.some(({ maybe }) => maybe);
    return { kind: 'list', span: reference.span, items: values, open, ...(open ? { orNone: true } : {}) } satisfies KnownList;
  }
  if (first?.kind !== 'index') return first && repeated.items.length === 1 ? of(path, single!) : undefined;
  const key = stepKey(first, evaluator);
  const item = itemOf(repeated, key) ?? anyItem(repeated);
  if (item) {
    const value = of(rest, item);
    return value && item.maybe ? orNothing(value) : value;
  }
  if (key !== undefined || repeated.items.length > 20) return undefined;
  const all = repeated.items.flatMap((each) => of(rest, each) ?? []);
  return all.length < repeated.items.length || all.length === 0
    ? undefined
    : combined(all, reference.span, evaluator.sourceOf(reference.span));
}

/** An output of a module of the workspace. */
function outputOf(module: ModuleInstance, steps: Steps, reference: HclReference, evaluator: Evaluator): Node | undefined {
  const [name, ...rest] = steps;
  if (name?.kind !== 'attribute') return undefined;
  const node = within(module.output(name.name), rest, reference, evaluator);
  if (node?.kind !== 'scalar') return node;
  // The object keeps its identity; people are shown the reference that they wrote.
  const { filledBy: _filledBy, ...own } = node;
  return node.refers ? { ...own, refers: { ...node.refers, written: evaluator.sourceOf(reference.span).replace(/\s+/g, '') } } : own;
}

/** What an output of a public module is. */
function knownOutput(
  placed: Placed,
  item: Repeated['items'][number],
  steps: Steps,
  reference: HclReference,
  evaluator: Evaluator,
): Node | undefined {
  const last = steps[steps.length - 1];
  const name = placed.block.labels[0]?.text ?? '';
  const source = literalOf(placed, 'source', evaluator);
  if (last?.kind !== 'attribute' || source === undefined || steps.some((step) => step.kind === 'splat')) return undefined;
  if (last.name === 'oidc_provider_arn' && issuerOutputs[0]!.source.test(source) && steps.length === 1) {
    return providerArn(reference, evaluator.holeFor(`module.${name}.oidc_provider`));
  }
  if (issuerOutputs.some((known) => known.output === last.name && known.source.test(source))) return issuerUrl(reference, evaluator);
  const known = knownModule(placed, evaluator);
  const which = known && (roleOutputs.arn.test(last.name) ? 'arn' : roleOutputs.name.test(last.name) ? 'name' : undefined);
  if (!known || !which || steps.length !== 1) return undefined;
  const roleName = moduleRoleName(placed, known, evaluator, item.scope);
  const refers = {
    objects: [evaluator.module.idOf(`module.${name}${item.suffix}`)],
    attribute: which,
    written: evaluator.sourceOf(reference.span).replace(/\s+/g, ''),
  } as const;
  if (which === 'name') return { ...borrowedScalar(roleName, reference.span), refers };
  const path = ['role_path', 'path'].some((each) => attributeOf(placed.block.body, each)) ? named('<path>') : '/';
  return { ...assembled(reference, ['arn:', named('<partition>'), ':iam::', named('<account>'), ':role', path, roleName]), refers };
}
