import type { HclFor } from '../../../syntax/hcl/body';
import type { Entry, Node } from '../../../syntax/tree';
import { literal } from '../../../text/texts';
import type { Evaluator } from './evaluator';
import { entriesOf, number } from './repeated';

/** `for` over a collection that is known, each item once; undefined where it is not known, or a key of what it makes is not. */
export function loop(expression: HclFor, evaluator: Evaluator): Node | undefined {
  const { names, makes, span } = expression;
  const collection = evaluator.evaluate(expression.collection);
  const items = itemsOf(collection);
  if (!items) return undefined;
  const [last, first] = [names[names.length - 1], names.length > 1 ? names[0] : undefined];
  if (last === undefined) return undefined;
  let open = items.open;
  const values: Node[] = [];
  const entries = new Map<string, Entry>();
  for (const { key, value, maybe } of items.entries) {
    const inner = evaluator.within([...(first === undefined ? [] : [[first, key] as const]), [last, value]]);
    const condition = expression.condition && inner.evaluate(expression.condition);
    const isIn = condition === undefined ? 'true' : condition.kind === 'scalar' ? literal(condition) : undefined;
    if (isIn === 'false') continue;
    open ||= isIn === undefined || maybe;
    const made = inner.evaluate(expression.value);
    if (makes === 'list') {
      values.push(made);
      continue;
    }
    const name = expression.key && inner.evaluate(expression.key);
    if (name?.kind !== 'scalar' || name.holes.length > 0) {
      open = true;
      continue;
    }
    const before = entries.get(name.value)?.value;
    const grouped: Node =
      before?.kind === 'list' ? { ...before, items: [...before.items, made] } : { kind: 'list', span, items: [made], open: false };
    entries.set(name.value, {
      key: name,
      value: expression.groups ? grouped : made,
      span: made.span,
      merged: false,
      ...(isIn === undefined || maybe ? { conditional: true } : {}),
    });
    // Lists grow by copying: what is hostile in that stops at the budget.
    if (expression.groups && before?.kind === 'list' && !evaluator.module.run.take(before.items.length)) return undefined;
  }
  return makes === 'list' ? { kind: 'list', span, items: values, open } : { kind: 'map', span, entries: [...entries.values()], open };
}

function itemsOf(node: Node): { entries: readonly { key: Node; value: Node; maybe: boolean }[]; open: boolean } | undefined {
  if (node.kind !== 'list') return entriesOf(node);
  return { entries: node.items.map((value, index) => ({ key: number(index, node.span), value, maybe: false })), open: node.open };
}
