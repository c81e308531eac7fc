import { attributeOf, blocksOf, type HclBlock, type HclExpression, type HclReference } from '../../../syntax/hcl/body';
import type { Node } from '../../../syntax/tree';
import { literal } from '../../../text/texts';
import type { Evaluator } from './evaluator';
import type { Placed } from '../modules/definition';
import { moduleOutput } from '../modules/knownOutputs';
import { navigate, stepKey } from './navigate';
import { borrowedScalar } from '../texts';
import { issuerUrl, providerArn, providerIssuer, roleArn } from '../wellKnown';

/** What a reference stands for; undefined where the module does not tell. */
export function resolveReference(reference: HclReference, evaluator: Evaluator): Node | undefined {
  const { root, steps, span } = reference;
  const { module } = evaluator;
  const [first, ...rest] = steps;
  if (first?.kind !== 'attribute') return undefined;
  switch (root) {
    case 'local': {
      const local = module.local(first.name);
      const node = local && evaluator.elsewhere(local.member, local.expression, span);
      return node && navigate(node, rest, evaluator);
    }
    case 'var': {
      const given = module.variable(first.name);
      const node = given && evaluator.elsewhere(given.member, given.expression, span);
      const value = node && navigate(node, rest, evaluator);
      if (value && !isEmpty(value)) return value;
      return rest.length === 0 && module.isString(first.name) ? evaluator.hole(reference, true) : undefined;
    }
    case 'module':
      return moduleOutput(reference, evaluator);
    case 'data': {
      const [second, ...path] = rest;
      if (second?.kind !== 'attribute') return undefined;
      if (/^aws_eks_cluster/.test(first.name) && endsWithIssuer(path, evaluator)) return issuerUrl(reference, evaluator);
      const placed = module.dataSources.get(`${first.name}.${second.name}`);
      if (first.name === oidcProvider) return providerAttribute(placed, `data.${oidcProvider}.${second.name}`, path, reference, evaluator);
      if (first.name === 'aws_iam_role' && placed) return roleAttribute(placed, path, reference, evaluator);
      return placed ? argument(placed, path, reference, evaluator) : undefined;
    }
    default: {
      const [...path] = rest;
      if (root === 'aws_eks_cluster' && endsWithIssuer(path, evaluator)) return issuerUrl(reference, evaluator);
      const placed = module.resources.get(`${root}.${first.name}`);
      if (root === oidcProvider) return providerAttribute(placed, `${oidcProvider}.${first.name}`, path, reference, evaluator);
      if (!placed) return undefined;
      if (root === 'aws_iam_role') return roleAttribute(placed, path, reference, evaluator);
      return argument(placed, path, reference, evaluator);
    }
  }
}

/** A default that stands for "none": what will be there is not told. */
function isEmpty(node: Node): boolean {
  return node.kind === 'scalar' && (node.type === 'null' || node.value === '');
}

type Steps = HclReference['steps'];

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
  const written = evaluator.text
    .slice(reference.span.start, reference.span.end)
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
  const placed = (isData ? evaluator.module.dataSources : evaluator.module.resources).get(`${oidcProvider}.${name.name}`);
  const written = evaluator.text
    .slice(span.start, span.end)
    .replace(/\s+/g, '')
    .replace(/\.url$/, '');
  return providerIssuer(written, placed, span, evaluator);
}

/** `aws_iam_role.x.arn` and `.name`, `.id`; with an index where the role has instances. */
function roleAttribute(placed: Placed, path: Steps, reference: HclReference, evaluator: Evaluator): Node | undefined {
  const last = path[path.length - 1];
  if (last?.kind !== 'attribute' || path.some((step) => step.kind === 'splat')) return undefined;
  if (last.name === 'arn') return roleArn(placed, reference, evaluator);
  if (last.name === 'name' || last.name === 'id') return argument(placed, [{ kind: 'attribute', name: 'name' }], reference, evaluator);
  return undefined;
}

/** Arguments that an object keeps as they were given. `url` of a provider is none: it loses its scheme. */
const kept = /^(name|namespace|cluster_name|path|service_account|annotations|labels|account_id|region|role_name)$/;

/** An argument of a block by the path that refers to it: `name`, `metadata[0].name`. */
function argument(placed: Placed, path: Steps, reference: HclReference, evaluator: Evaluator): Node | undefined {
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
  const node = value && evaluator.elsewhere(placed.member, value, reference.span);
  if (node?.kind !== 'scalar' || isEmpty(node)) return undefined;
  // An instance's own value is not that of another: what changes with the instance is a hole by the reference's name.
  const changes = node.holes.some((hole) => !hole.named);
  return changes ? evaluator.hole(reference, true) : borrowedScalar(node, reference.span, true, node.type);
}

/** The literal text of an attribute of a block. */
export function literalOf(placed: Placed, name: string, evaluator: Evaluator): string | undefined {
  const value = attributeOf(placed.block.body, name)?.value;
  const node = value && evaluator.elsewhere(placed.member, value, value.span);
  return node?.kind === 'scalar' ? literal(node) : undefined;
}
