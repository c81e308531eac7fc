import { entryOf } from '../../../syntax/nodes';
import { parseEmbedded } from '../../../syntax/embedded';
import { blocksOf, type HclExpression } from '../../../syntax/hcl/body';
import type { Node, Tree } from '../../../syntax/tree';
import type { PolicyDocument } from '../../../model/policy';
import type { Text } from '../../../text/text';
import type { Span } from '../../../text/span';
import { slice } from '../../../text/texts';
import { readPolicyDocument } from '../../policyDocument';
import { Evaluator } from '../evaluate/evaluator';
import type { Member } from '../modules/definition';
import { policyOfBlocks } from './policyBlocks';

/** Where a policy is written, and how. */
export interface PolicySource {
  readonly member: Member;
  readonly node: Node;
  readonly tree: Tree;
  readonly form?: PolicyDocument['form'];
  /** The whole of it: an object with its braces, a heredoc, a data block. */
  readonly span: Span;
  /** For a data block: the label that names it. */
  readonly label?: Span;
}

/** A policy in a file of its own. */
export interface PolicyFile {
  readonly path: Text;
}

/** How often a policy's place is looked up through another. */
const deepest = 20;

/** Finds the policy that an expression gives: an object that is encoded, a data source, a heredoc, a file. */
export function policySource(expression: HclExpression, evaluator: Evaluator, depth = 0): PolicySource | PolicyFile | undefined {
  if (depth > deepest) return undefined;
  const { member, module } = evaluator;
  switch (expression.kind) {
    case 'call': {
      const [argument] = expression.args;
      if (!argument) return undefined;
      if (expression.name === 'jsonencode') return encoded(evaluator.evaluate(argument), expression.span, member);
      if (expression.name === 'file' || expression.name === 'templatefile') {
        const path = evaluator.evaluate(argument);
        return path.kind === 'scalar' ? { path: withoutModulePath(path) } : undefined;
      }
      return undefined;
    }
    case 'template': {
      const [only] = expression.parts;
      const alone =
        only?.expression &&
        expression.parts.length === 1 &&
        /^\s*$/.test(
          evaluator.text.slice(expression.content.start, only.span.start) + evaluator.text.slice(only.span.end, expression.content.end),
        );
      if (alone) return policySource(only.expression, evaluator, depth + 1);
      const scalar = evaluator.evaluate(expression);
      const tree = scalar.kind === 'scalar' ? parseEmbedded(scalar, 'json') : undefined;
      if (tree?.root?.kind !== 'map') return undefined;
      // What Terraform fills in is no mistake of the JSON around it.
      const filled = expression.parts.length > 0;
      return { member, node: tree.root, tree: filled ? { ...tree, strict: true } : tree, span: expression.span };
    }
    case 'reference': {
      const [first, second, ...rest] = expression.steps;
      if (first?.kind !== 'attribute') return undefined;
      if (expression.root === 'local' && expression.steps.length === 1) {
        const local = module.local(first.name);
        return local && policySource(local.expression, new Evaluator(module, local.member), depth + 1);
      }
      const last = rest[rest.length - 1];
      if (expression.root !== 'data' || first.name !== 'aws_iam_policy_document' || second?.kind !== 'attribute') return undefined;
      if (last?.kind !== 'attribute' || !/^(minified_)?json$/.test(last.name)) return undefined;
      return policyOfData(second.name, evaluator);
    }
    default:
      return undefined;
  }
}

/** The policy of `data "aws_iam_policy_document" "<name>"`. */
export function policyOfData(name: string, { module }: Evaluator): PolicySource | undefined {
  const placed = module.dataSources.get(`aws_iam_policy_document.${name}`);
  if (!placed || (blocksOf(placed.block.body, 'statement').length === 0 && placed.block.body.blocks.length === 0)) return undefined;
  const { member, block } = placed;
  return {
    member,
    node: policyOfBlocks(block, new Evaluator(module, member)),
    tree: hclTree,
    form: member.input.tree.language === 'json' ? 'hcl-module' : 'hcl-blocks',
    span: block.span,
    label: block.labels[1]?.span ?? block.type.span,
  };
}

const hclTree: Tree = { root: undefined, problems: [], comments: [], templated: false, language: 'hcl' };

function encoded(node: Node, span: Span, member: Member): PolicySource | undefined {
  return node.kind === 'map' && entryOf(node, 'Statement') ? { member, node, tree: hclTree, form: 'hcl', span } : undefined;
}

/** `${path.module}/x.json` is `x.json` beside the file. */
function withoutModulePath(path: Text): Text {
  const [hole] = path.holes;
  return hole && hole.start === 0 && /^\$\{path\.(module|root)\}$/.test(hole.source) && path.value[hole.end] === '/'
    ? slice(path, hole.end + 1)
    : path;
}

/** Reads the policy where it is written. */
export function readPolicy(source: PolicySource): PolicyDocument {
  const policy = readPolicyDocument(source.node, source.tree, source.member.input.text, source.form ? { form: source.form } : {});
  return source.label ? { ...policy, span: source.span } : policy;
}
