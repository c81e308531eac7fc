import type { HclExpression, HclReference } from '../../../syntax/hcl/body';
import type { UnknownReason } from '../../../text/objects';
import type { Evaluator } from './evaluator';

/** So many expressions are looked at to say why one is not known. */
const most = 30;

/** Why an expression is not known, and what would settle it: the first thing in it that no file tells; else the function that is not worked out. */
export function whyUnknown(expression: HclExpression, evaluator: Evaluator): UnknownReason | undefined {
  const queue: HclExpression[] = [expression];
  let name: string | undefined;
  for (let at = 0; at < queue.length && at < most; at++) {
    const each = queue[at]!;
    if (each.kind === 'reference' && !each.base) {
      const why = ofReference(each, evaluator);
      if (why) return why;
    }
    if (each.kind === 'call') name ??= each.name;
    for (const part of partsOf(each)) queue.push(part);
  }
  return name === undefined ? undefined : { kind: 'function', what: `${name}()` };
}

function ofReference({ root, steps }: HclReference, evaluator: Evaluator): UnknownReason | undefined {
  const [first, second] = steps.map((step) => (step.kind === 'attribute' ? step.name : undefined));
  const { module } = evaluator;
  if (first === undefined) return undefined;
  switch (root) {
    case 'var': {
      const value = module.variable(first);
      const declared = module.definition.variable(first);
      const hole = value?.node.kind === 'scalar' ? value.node.holes.find(({ why }) => why) : undefined;
      if (hole) return hole.why;
      const isNone = value?.node.kind === 'scalar' && (value.node.type === 'null' || value.node.value === '');
      return value && !isNone
        ? undefined
        : { kind: 'variable', what: `var.${first}`, ...(declared ? { uri: declared.member.input.doc.uri } : {}) };
    }
    case 'local': {
      const node = module.local(first)?.node;
      return node?.kind === 'scalar' ? node.holes.find(({ why }) => why)?.why : undefined;
    }
    case 'data':
      if (second === undefined) return undefined;
      return { kind: first === 'terraform_remote_state' ? 'remote-state' : 'data-source', what: `data.${first}.${second}` };
    case 'module':
      return { kind: 'output', what: [root, first, ...(second === undefined ? [] : [second])].join('.') };
    case 'each':
    case 'count':
    case 'path':
    case 'terraform':
    case 'self':
      return undefined;
    default:
      return /^[a-z][a-z0-9]*_/.test(root)
        ? { kind: 'computed', what: [root, first, ...(second === undefined ? [] : [second])].join('.') }
        : undefined;
  }
}

function partsOf(expression: HclExpression): readonly HclExpression[] {
  switch (expression.kind) {
    case 'template':
      return expression.parts.flatMap(({ expression: inner }) => inner ?? []);
    case 'tuple':
      return expression.items;
    case 'call':
      return expression.args;
    case 'reference':
      return expression.base ? [expression.base] : [];
    case 'conditional':
      return [expression.condition, expression.whenTrue, expression.whenFalse];
    case 'operation':
      return expression.operands;
    case 'for':
      return [expression.collection];
    case 'object':
    case 'literal':
    case 'unknown':
      return [];
  }
}
