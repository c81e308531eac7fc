import { attributeOf, blocksOf, type HclBlock, type HclExpression, type HclReference } from '../../../syntax/hcl/body';
import type { Node } from '../../../syntax/tree';
import { literal } from '../../../text/texts';
import type { Placed } from '../modules/definition';
import type { Value } from '../modules/instance';
import { moduleOutput } from '../modules/outputs';
import { borrowedScalar, holeText } from '../texts';
import { issuerUrl, providerArn, providerIssuer, roleArn, roleNameOf } from '../wellKnown';
import { combined } from './alternatives';
import type { Evaluator, Scope } from './evaluator';
import { navigate, stepKey } from './navigate';
import { anyItem, itemOf, mapOf, type Repeated } from './repeated';
import { policyText } from '../resources/policyTexts';

/** What a reference stands for; undefined where nothing tells. */
export function resolveReference(reference: HclReference, evaluator: Evaluator): Node | undefined {
  const { root, steps } = reference;
  const { module } = evaluator;
  const [first, ...rest] = steps;
  if (first?.kind !== 'attribute') return undefined;
  switch (root) {
    case 'local':
      return within(module.local(first.name), rest, reference, evaluator);
    case 'var': {
      const value = within(module.variable(first.name), rest, reference, evaluator);
      // A root's default that stands for "none" or "off": what will be there is not told.
      if (value && (module.isCalled || !(isEmpty(value) || (isOff(value) && module.isDefault(first.name))))) return value;
      return rest.length === 0 && module.definition.isString(first.name) ? evaluator.hole(reference, true) : undefined;
    }
    case 'path':
      return pathOf(first.name, reference, evaluator);
    case 'module':
      return moduleOutput(reference, evaluator);
    case 'data': {
      const [second, ...path] = rest;
      if (second?.kind !== 'attribute') return undefined;
      if (/^aws_eks_cluster/.test(first.name) && endsWithIssuer(path, evaluator)) return issuerUrl(reference, evaluator);
      const placed = module.definition.dataSource(first.name, second.name);
      if (first.name === oidcProvider) return providerAttribute(placed, `data.${oidcProvider}.${second.name}`, path, reference, evaluator);
      return placed && attribute(first.name, placed, path, reference, evaluator, true);
    }
    default: {
      if (root === 'aws_eks_cluster' && endsWithIssuer(rest, evaluator)) return issuerUrl(reference, evaluator);
      const placed = module.definition.resource(root, first.name);
      if (root === oidcProvider) return providerAttribute(placed, `${oidcProvider}.${first.name}`, rest, reference, evaluator);
      return placed && attribute(root, placed, rest, reference, evaluator, false);
    }
  }
}

/** A part of a value from elsewhere, as it stands where the reference does. */
export function within(value: Value | undefined, steps: Steps, { span }: HclReference, evaluator: Evaluator): Node | undefined {
  const node = value && navigate(value.node, steps, evaluator);
  return node && evaluator.placed(value, node, span);
}

/** `path.module` and `path.root`: a hole that knows the folder, for who reads files. */
function pathOf(name: string, reference: HclReference, evaluator: Evaluator): Node | undefined {
  const { module } = evaluator;
  const folder = name === 'module' ? module.definition.folder : name === 'root' || name === 'cwd' ? module.run.root : undefined;
  if (folder === undefined) return undefined;
  return borrowedScalar(holeText(`path.${name}`, true, undefined, { kind: 'file', what: `path.${name}`, uri: folder }), reference.span);
}

function isEmpty(node: Node): boolean {
  return node.kind === 'scalar' && (node.type === 'null' || node.value === '');
}

function isOff(node: Node): boolean {
  return node.kind === 'scalar' && node.type === 'boolean' && node.value === 'false';
}

export type Steps = HclReference['steps'];

/** `identity[0].oidc[0].issuer`, in each of its spellings. */
function endsWithIssuer(path: Steps, evaluator: Evaluator): boolean {
  const keys = path.map((step) => stepKey(step, evaluator)).filter((key) => typeof key === 'string');
  return !path.some((step) => step.kind === 'splat') && keys.length >= 3 && keys.slice(-3).join('.') === 'identity.oidc.issuer';
}

const oidcProvider = 'aws_iam_openid_connect_provider';

/** `aws_iam_openid_connect_provider.x.arn`, the same with an index. */
function providerAttribute(
  placed: Placed | undefined,
  address: string,
  path: Steps,
  reference: HclReference,
  evaluator: Evaluator,
): Node | undefined {
  const [last, ...before] = [...path].reverse();
  if (last?.kind !== 'attribute' || last.name !== 'arn' || before.some((step) => step.kind !== 'index')) return undefined;
  const written = evaluator
    .sourceOf(reference.span)
    .replace(/\s+/g, '')
    .replace(/\.arn$/, '');
  return providerArn(reference, providerIssuer(before.length > 0 ? written : address, placed, reference.span, evaluator));
}

/** The issuer of the provider whose `url` an expression is; undefined for any other expression. */
export function issuerOfUrl(expression: HclExpression, evaluator: Evaluator): Node | undefined {
  if (expression.kind !== 'reference') return undefined;
  const { root, steps, span } = expression;
  const [first, second, ...rest] = steps;
  const isData = root === 'data' && first?.kind === 'attribute' && first.name === oidcProvider;
  const [name, path] = isData ? [second, rest] : [first, second ? [second, ...rest] : []];
  const last = path[path.length - 1];
  if ((!isData && root !== oidcProvider) || name?.kind !== 'attribute' || last?.kind !== 'attribute' || last.name !== 'url')
    return undefined;
  if (path.slice(0, -1).some((step) => step.kind !== 'index')) return undefined;
  const { definition } = evaluator.module;
  const placed = isData ? definition.dataSource(oidcProvider, name.name) : definition.resource(oidcProvider, name.name);
  const written = evaluator
    .sourceOf(span)
    .replace(/\s+/g, '')
    .replace(/\.url$/, '');
  return providerIssuer(written, placed, span, evaluator);
}

/** An attribute of a resource or a data source: of the one, of the instance that is named, or of all of them by a splat. */
function attribute(
  type: string,
  placed: Placed,
  path: Steps,
  reference: HclReference,
  evaluator: Evaluator,
  isData: boolean,
): Node | undefined {
  const repeated = evaluator.module.repeated(placed);
  const isOne = repeated.items.length === 1 && repeated.items[0]!.suffix === '';
  const [first, ...rest] = path;
  const of = (steps: Steps, { suffix, scope }: (typeof repeated)['items'][number]) =>
    ofInstance(type, placed, { suffix, scope }, steps, reference, evaluator, isData);
  if (!first) return isOne ? whole(type, (steps) => of(steps, repeated.items[0]!), reference) : wholeOfAll(type, repeated, of, reference);
  if (isOne) return first.kind === 'splat' || first.kind === 'index' ? undefined : of(path, repeated.items[0]!);
  if (first.kind === 'splat') {
    const end = first.full ? rest.length : rest.findIndex((step) => step.kind !== 'attribute');
    const [each, more] = end < 0 ? [rest, []] : [rest.slice(0, end), rest.slice(end)];
    const items = repeated.items.map((item) => of(each, item));
    if (!items.every((item) => item !== undefined)) return undefined;
    const sure = repeated.known && repeated.items.every((item) => !item.maybe);
    const isFew = repeated.known || repeated.items.length === 1;
    return navigate(
      { kind: 'list', span: reference.span, items, open: !sure, ...(sure || !isFew ? {} : { orNone: true }) },
      more,
      evaluator,
    );
  }
  if (first.kind === 'attribute') return undefined;
  const key = stepKey(first, evaluator);
  const item = itemOf(repeated, key);
  if (item && rest.length === 0) return whole(type, (steps) => of(steps, item), reference);
  if (item) return marked(of(rest, item), item.maybe);
  const any = anyItem(repeated);
  if (any) return marked(of(rest, any), true);
  // An index that is not known is one of all that there are.
  if (key !== undefined || !repeated.known || repeated.items.length === 0 || repeated.items.length > 20) return undefined;
  const all = repeated.items.flatMap((each) => of(rest, each) ?? []);
  return all.length < repeated.items.length ? undefined : combined(all, reference.span, evaluator.sourceOf(reference.span));
}

/** A role as an object, with the attributes that are looked at. */
function whole(type: string, of: (steps: Steps) => Node | undefined, { span }: HclReference): Node | undefined {
  if (type !== 'aws_iam_role') return undefined;
  const attributes = ['arn', 'name', 'id'].flatMap((name): (readonly [string, Node])[] => {
    const value = of([{ kind: 'attribute', name }]);
    return value ? [[name, value]] : [];
  });
  return { ...mapOf(attributes, span), open: true };
}

/** All instances of a block as a map by their keys (`for_each = aws_iam_role.app`). */
function wholeOfAll(
  type: string,
  { items, known }: Repeated,
  of: (steps: Steps, item: Repeated['items'][number]) => Node | undefined,
  reference: HclReference,
): Node | undefined {
  if (!known || !items.every(({ key }) => typeof key === 'string')) return undefined;
  const entries = items.map((item): readonly [string, Node] => [
    String(item.key),
    whole(type, (steps) => of(steps, item), reference) ?? { kind: 'unknown', span: reference.span, source: '' },
  ]);
  const map = mapOf(entries, reference.span);
  const isSure = items.every(({ maybe }) => !maybe);
  return isSure ? map : { ...map, open: true, entries: map.entries.map((entry) => ({ ...entry, conditional: true })) };
}

function marked(node: Node | undefined, maybe: boolean | undefined): Node | undefined {
  return node?.kind === 'scalar' && maybe ? ({ ...node, maybe: true } as Node) : node;
}

/** Attributes by which a role is referred to. */
function ofInstance(
  type: string,
  placed: Placed,
  { suffix, scope }: { readonly suffix: string; readonly scope: Scope },
  path: Steps,
  reference: HclReference,
  evaluator: Evaluator,
  isData: boolean,
): Node | undefined {
  const [last] = path;
  if (type === 'aws_iam_policy_document' && isData) {
    return path.length === 1 && last?.kind === 'attribute' && /^(minified_)?json$/.test(last.name)
      ? policyText(placed, scope, reference, evaluator)
      : undefined;
  }
  if (type === 'aws_iam_role')
    return path.length === 1 ? roleAttribute(placed, suffix, scope, last!, reference, evaluator, isData) : undefined;
  return argument(placed, path, scope, reference, evaluator);
}

/** `aws_iam_role.x.arn` and `.name`, `.id`: the role itself where the module makes it, what is looked up by its name where it is data. */
function roleAttribute(
  placed: Placed,
  suffix: string,
  scope: Scope,
  last: Steps[number],
  reference: HclReference,
  evaluator: Evaluator,
  isData: boolean,
): Node | undefined {
  if (last.kind !== 'attribute') return undefined;
  const which = last.name === 'arn' ? 'arn' : last.name === 'name' || last.name === 'id' ? 'name' : undefined;
  if (which === undefined) return undefined;
  const value =
    which === 'arn'
      ? roleArn(placed, reference, evaluator, scope)
      : isData
        ? argument(placed, [{ kind: 'attribute', name: 'name' }], scope, reference, evaluator)
        : roleNameAt(placed, scope, reference, evaluator);
  if (isData || value?.kind !== 'scalar') return value;
  const id = evaluator.module.idOf(`aws_iam_role.${placed.block.labels[1]?.text ?? ''}${suffix}`);
  const written = evaluator.sourceOf(reference.span).replace(/\s+/g, '');
  return { ...value, refers: { objects: [id], attribute: which, written } };
}

/** A role's name where it is referred to; what changes with its instance is a hole by the reference. */
function roleNameAt(placed: Placed, scope: Scope, reference: HclReference, evaluator: Evaluator): Node {
  const name = roleNameOf(placed, evaluator, scope);
  return name.holes.some(({ named }) => !named) ? evaluator.hole(reference, true) : borrowedScalar(name, reference.span);
}

/** Arguments that an object keeps as they were given. `url` of a provider is none: it loses its scheme. */
const kept = /^(name|namespace|cluster_name|path|service_account|annotations|labels|account_id|region|role_name|cluster_id)$/;

/** An argument of a block by the path that refers to it: `name`, `metadata[0].name`. */
function argument(placed: Placed, path: Steps, scope: Scope, reference: HclReference, evaluator: Evaluator): Node | undefined {
  if (path.some((step) => step.kind === 'splat')) return undefined;
  const names = path.flatMap((step) => (step.kind === 'attribute' ? [step.name] : []));
  let block: HclBlock | undefined = placed.block;
  const last = names.pop();
  if (last === undefined || !kept.test(last)) return undefined;
  for (const name of names) {
    const inner: readonly HclBlock[] = blocksOf(block.body, name);
    if (inner.length !== 1) return undefined;
    block = inner[0]!;
  }
  const value = attributeOf(block.body, last)?.value;
  const node = value && evaluator.elsewhere(placed.member, value, reference.span, scope);
  if (node?.kind !== 'scalar' || isEmpty(node)) return undefined;
  // An instance's own value is not that of another: what changes with the instance is a hole by the reference's name.
  const changes = node.holes.some((hole) => !hole.named);
  return changes ? evaluator.hole(reference, true) : node;
}

/** The literal text of an attribute of a block. */
export function literalOf(placed: Placed, name: string, evaluator: Evaluator): string | undefined {
  const value = attributeOf(placed.block.body, name)?.value;
  const node = value && evaluator.elsewhere(placed.member, value, value.span);
  return node?.kind === 'scalar' ? literal(node) : undefined;
}
