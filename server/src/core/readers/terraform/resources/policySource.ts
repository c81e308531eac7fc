import { entryOf } from '../../../syntax/nodes';
import { parseEmbedded } from '../../../syntax/embedded';
import { attributeOf, blocksOf, dynamicBlocksOf, type HclExpression } from '../../../syntax/hcl/body';
import type { Node, Tree } from '../../../syntax/tree';
import type { PolicyDocument } from '../../../model/policy';
import type { Text } from '../../../text/text';
import type { Span } from '../../../text/span';
import { slice } from '../../../text/texts';
import { readPolicyDocument } from '../../policyDocument';
import type { ReaderInput } from '../../reader';
import { truthOf } from '../evaluate/operations';
import { Evaluator } from '../evaluate/evaluator';
import { stepKey } from '../evaluate/navigate';
import { itemOf, oneOf } from '../evaluate/repeated';
import type { Placed } from '../modules/definition';
import type { ModuleInstance } from '../modules/instance';
import type { Known } from '../texts';
import { defining } from './defining';
import { policyOfBlocks } from './policyBlocks';

/** Where a policy is written, and how. */
export interface PolicySource {
  readonly input: ReaderInput;
  readonly node: Node;
  readonly tree: Tree;
  readonly form?: PolicyDocument['form'];
  /** The whole of it: an object with its braces, a heredoc, a data block. */
  readonly span: Span;
  /** For a data block: the label that names it. */
  readonly label?: Span;
}

/** A policy in a file of its own that the workspace does not hold, or holds without a use for it. */
export interface PolicyFile {
  readonly path: Text;
}

/** How often a policy's place is looked up through another. */
const deepest = 40;

/**
 * Finds the policy that an expression gives: an object that is encoded, a data source, a heredoc, a file; through variables,
 * locals and outputs to where it is written. Several where a condition that is not known takes one of them.
 */
export function policySources(expression: HclExpression, evaluator: Evaluator): readonly (PolicySource | PolicyFile)[] {
  return search(expression, evaluator, { depth: 0, seen: new Map() });
}

/** Where a search is, and where it was: conditions may lead to one place in many ways. */
interface Search {
  readonly depth: number;
  readonly seen: Map<HclExpression, ModuleInstance[]>;
}

function search(expression: HclExpression, evaluator: Evaluator, { depth, seen }: Search): readonly (PolicySource | PolicyFile)[] {
  if (depth > deepest || !evaluator.module.run.take()) return [];
  const before = seen.get(expression) ?? [];
  if (before.includes(evaluator.module)) return [];
  seen.set(expression, [...before, evaluator.module]);
  const deeper: Search = { depth: depth + 1, seen };
  const { member } = evaluator;
  switch (expression.kind) {
    case 'call':
      return ofCall(expression, evaluator, deeper);
    case 'conditional': {
      const condition = truthOf(evaluator.evaluate(expression.condition));
      const branches = condition === undefined ? [expression.whenTrue, expression.whenFalse] : [condition ? expression.whenTrue : expression.whenFalse]; // prettier-ignore
      return branches.flatMap((branch) => search(branch, evaluator, deeper));
    }
    case 'template': {
      const [only] = expression.parts;
      const alone =
        only?.expression &&
        expression.parts.length === 1 &&
        /^\s*$/.test(
          evaluator.text.slice(expression.content.start, only.span.start) + evaluator.text.slice(only.span.end, expression.content.end),
        );
      if (alone) return search(only.expression, evaluator, deeper);
      const scalar = evaluator.evaluate(expression);
      const tree = scalar.kind === 'scalar' ? parseEmbedded(scalar, 'json') : undefined;
      if (tree?.root?.kind !== 'map') return [];
      // What Terraform fills in is no mistake of the JSON around it.
      const filled = expression.parts.length > 0;
      return [{ input: member.input, node: tree.root, tree: filled ? { ...tree, strict: true } : tree, span: expression.span }];
    }
    case 'reference': {
      const data = dataSource(expression, evaluator);
      if (data) return data;
      const place = defining(expression, evaluator);
      return place ? search(place.expression, place.evaluator, deeper) : evaluated(expression, evaluator);
    }
    default:
      return [];
  }
}

function ofCall(
  expression: Extract<HclExpression, { kind: 'call' }>,
  evaluator: Evaluator,
  deeper: Search,
): readonly (PolicySource | PolicyFile)[] {
  const [argument] = expression.args;
  if (!argument) return [];
  switch (expression.name) {
    case 'jsonencode':
      return encoded(evaluator.evaluate(argument), expression.span, evaluator.member.input);
    case 'file':
    case 'templatefile': {
      const found = evaluated(expression, evaluator);
      if (found.length > 0) return found;
      const path = evaluator.evaluate(argument);
      return path.kind === 'scalar' ? [{ path: withoutModulePath(path) }] : [];
    }
    case 'try':
    case 'coalesce': {
      const found: (PolicySource | PolicyFile)[] = [];
      for (const each of expression.args) found.push(...search(each, evaluator, deeper));
      return found;
    }
    case 'sensitive':
    case 'nonsensitive':
    case 'tostring':
    case 'trimspace':
      return search(argument, evaluator, deeper);
    default:
      return evaluated(expression, evaluator);
  }
}

/** `data.aws_iam_policy_document.x.json`, with an index where it has instances. */
function dataSource({ root, steps }: Extract<HclExpression, { kind: 'reference' }>, evaluator: Evaluator): PolicySource[] | undefined {
  const { module } = evaluator;
  const [type, name, ...rest] = steps;
  if (root !== 'data' || type?.kind !== 'attribute' || type.name !== 'aws_iam_policy_document' || name?.kind !== 'attribute')
    return undefined;
  const last = rest[rest.length - 1];
  if (last?.kind !== 'attribute' || !/^(minified_)?json$/.test(last.name)) return undefined;
  const placed = module.definition.dataSource('aws_iam_policy_document', name.name);
  if (!placed) return [];
  const instances = module.repeated(placed);
  const { items } = instances;
  const index = rest.length === 2 && rest[0]!.kind === 'index' ? rest[0]! : undefined;
  const named = index && items.length > 1 ? itemOf(instances, stepKey(index, evaluator)) : undefined;
  // An instance whose index is not known is looked up by its value.
  if (rest.length > 1 && items.length > 1 && !named) return undefined;
  return (named ? [named] : items.slice(0, 1)).flatMap(
    ({ scope }) => policyOfData(placed, new Evaluator(module, placed.member, scope)) ?? [],
  );
}

/** What is known of a value that is a policy's text. */
function evaluated(expression: HclExpression, evaluator: Evaluator): PolicySource[] {
  return oneOf(evaluator.evaluate(expression)).flatMap((node) => {
    const { encodes }: Partial<Known> = node.kind === 'scalar' ? node : {};
    if (!encodes) return [];
    if (encodes.as === 'expression') return encoded(encodes.node, encodes.span, encodes.input);
    const tree: Tree = { ...encodes.input.tree, root: encodes.node };
    return encodes.node.kind === 'map' && entryOf(encodes.node, 'Statement') ? [{ input: encodes.input, node: encodes.node, tree, span: encodes.node.span }] : []; // prettier-ignore
  });
}

/** The policy of a `data "aws_iam_policy_document"`. */
export function policyOfData({ member, block }: Placed, evaluator: Evaluator): PolicySource | undefined {
  const { body } = block;
  const documents = ['source_policy_documents', 'override_policy_documents', 'source_json', 'override_json'];
  const isEmpty =
    blocksOf(body, 'statement').length + dynamicBlocksOf(body, 'statement').length === 0 &&
    !documents.some((name) => attributeOf(body, name) !== undefined) &&
    body.blocks.length === 0;
  if (isEmpty) return undefined;
  return {
    input: member.input,
    node: policyOfBlocks(block, evaluator),
    tree: hclTree,
    form: member.input.tree.language === 'json' ? 'hcl-module' : 'hcl-blocks',
    span: block.span,
    label: block.labels[1]?.span ?? block.type.span,
  };
}

const hclTree: Tree = { root: undefined, problems: [], comments: [], templated: false, language: 'hcl' };

function encoded(node: Node, span: Span, input: ReaderInput): PolicySource[] {
  return node.kind === 'map' && entryOf(node, 'Statement') ? [{ input, node, tree: hclTree, form: 'hcl', span }] : [];
}

/** `${path.module}/x.json` is `x.json` beside the file. */
function withoutModulePath(path: Text): Text {
  const [hole] = path.holes;
  return hole && hole.start === 0 && /^\$\{path\.(module|root)\}$/.test(hole.source) && path.value[hole.end] === '/'
    ? slice(path, hole.end + 1)
    : path;
}

/** Policies as they are read, by what gives them: one that is all written out is the same for every instance of its module. */
const policies = new WeakMap<Node, { readonly form: PolicySource['form']; readonly policy: PolicyDocument }>();

/** Reads the policy where it is written. */
export function readPolicy(source: PolicySource): PolicyDocument {
  const { node, form } = source;
  let known = policies.get(node);
  if (known?.form !== form || !known) {
    known = { form, policy: readPolicyDocument(node, source.tree, source.input.text, form ? { form } : {}) };
    policies.set(node, known);
  }
  return source.label ? { ...known.policy, span: source.span } : known.policy;
}
