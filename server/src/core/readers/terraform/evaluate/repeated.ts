import { attributeOf, type HclBlock, type HclExpression } from '../../../syntax/hcl/body';
import type { MapNode, Node, ScalarNode } from '../../../syntax/tree';
import type { Span } from '../../../text/span';
import { literal } from '../../../text/texts';
import { standIn, type Known, type KnownList } from '../texts';
import type { Evaluator, Scope } from './evaluator';

/** How often a block is there. */
export interface Repeated {
  readonly items: readonly {
    /** What follows the block's address: nothing, `[0]`, `["a"]`; `[?]` for an instance that stands for all that are not known. */
    readonly suffix: string;
    readonly key?: string | number;
    readonly scope: Scope;
    /** True where a condition that is not known decides whether it is there. */
    readonly maybe?: true;
  }[];
  /** False where there may be others. */
  readonly known: boolean;
}

type Item = Repeated['items'][number];

const once: Repeated = { items: [{ suffix: '', scope: new Map() }], known: true };

/** The instances of a block: `count` and `for_each` as far as their values are known. Source: Terraform, meta-arguments. */
export function repeated(block: HclBlock, evaluator: Evaluator): Repeated {
  const [count, each] = [attributeOf(block.body, 'count')?.value, attributeOf(block.body, 'for_each')?.value];
  if (count) return counted(evaluator.evaluate(count), count.span, evaluator);
  if (!each) return once;
  const found = forEach(evaluator.evaluate(each), evaluator);
  // A root's variable that is empty by default will hold something where the module is of use.
  return found.items.length === 0 && found.known && isOfDefault(each, evaluator) ? { items: [unknownItem('each')], known: false } : found;
}

/** Whether an expression names a root's variable that has its default. */
function isOfDefault({ span }: HclExpression, evaluator: Evaluator): boolean {
  const names = Array.from(evaluator.sourceOf(span).matchAll(/\bvar\.([\w-]+)/g), ([, name]) => name!);
  return names.some((name) => evaluator.module.isDefault(name));
}

function unknownItem(name: 'count' | 'each'): Item {
  return { suffix: '[?]', scope: new Map([[name, undefined]]), maybe: true };
}

function counted(node: Node, span: Span, evaluator: Evaluator): Repeated {
  const numbers = oneOf(node).map(numberOf);
  if (!numbers.every((number) => number !== undefined)) {
    // Of what may be there, the first is nearly always all.
    return { items: [{ ...unknownItem('count') }], known: false };
  }
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const instances = evaluator.module.run.instances;
  if (most > instances.left) return { items: [unknownItem('count')], known: false };
  instances.left -= most;
  const items = Array.from({ length: most }, (_, index): Item => ({
    suffix: `[${index}]`,
    key: index,
    scope: new Map([['count', mapOf([['index', number(index, span)]], span)]]),
    ...(index < least ? {} : { maybe: true }),
  }));
  return { items, known: true };
}

function forEach(node: Node, evaluator: Evaluator): Repeated {
  const items = new Map<string, Item>();
  const among = oneOf(node);
  const seen = new Map<string, number>();
  let known = true;
  for (const each of among) {
    const entries = entriesOf(each);
    known &&= entries !== undefined && !entries.open;
    for (const { key, value, maybe } of entries?.entries ?? []) {
      if (items.has(key.value)) {
        seen.set(key.value, seen.get(key.value)! + 1);
        continue;
      }
      if (evaluator.module.run.instances.left-- <= 0) return { items: [...items.values(), unknownItem('each')], known: false };
      seen.set(key.value, maybe ? 0 : 1);
      const scope: Scope = new Map([['each', mapOf([['key', key], ['value', value]], each.span)]]); // prettier-ignore
      items.set(key.value, { suffix: `[${JSON.stringify(key.value)}]`, key: key.value, scope });
    }
  }
  const found = [...items].map(([key, item]): Item => (seen.get(key) === among.length && known ? item : { ...item, maybe: true }));
  return { items: known ? found : [...found, unknownItem('each')], known };
}

/** What a collection goes over: key and value of each; undefined where it is not known. */
export function entriesOf(
  node: Node,
): { readonly entries: readonly { key: ScalarNode; value: Node; maybe: boolean }[]; readonly open: boolean } | undefined {
  if (node.kind === 'list') {
    const keys = node.items.filter((item): item is ScalarNode => item.kind === 'scalar' && item.holes.length === 0);
    return {
      entries: keys.map((key) => ({ key, value: key, maybe: node.open })),
      open: (node.open && !(node as KnownList).orNone) || keys.length < node.items.length,
    };
  }
  if (node.kind !== 'map') return undefined;
  const entries = node.entries.flatMap(({ key, value, conditional }) =>
    key.holes.length === 0 && value ? [{ key, value, maybe: conditional === true }] : [],
  );
  const conditional = entries.some(({ maybe }) => maybe);
  return { entries, open: (node.open && !conditional) || entries.length < node.entries.length };
}

/** The instance of a key; undefined where it is not among those that are known. */
export function itemOf(repeated: Repeated, key: string | number | undefined): Item | undefined {
  if (key === undefined || repeated.items.length === 0) return undefined;
  let known = byKey.get(repeated);
  if (!known)
    byKey.set(repeated, (known = new Map(repeated.items.flatMap((item) => (item.key === undefined ? [] : [[String(item.key), item]])))));
  return known.get(String(key));
}

const byKey = new WeakMap<Repeated, ReadonlyMap<string, Item>>();

/** The instance that stands for all whose keys are not known. */
export function anyItem({ items }: Repeated): Item | undefined {
  const last = items[items.length - 1];
  return last && last.key === undefined ? last : undefined;
}

/** A value, or those of which it is one. */
export function oneOf(node: Node): readonly Node[] {
  const { alternatives }: Partial<Known> = node.kind === 'scalar' ? node : {};
  return alternatives ?? [node];
}

function numberOf(node: Node): number | undefined {
  const value = node.kind === 'scalar' ? literal(node) : undefined;
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

export function number(value: number, span: Span): ScalarNode {
  return { ...standIn(String(value), span), type: 'number' };
}

export function mapOf(entries: readonly (readonly [string | ScalarNode, Node])[], span: Span): MapNode {
  return {
    kind: 'map',
    span,
    open: false,
    entries: entries.map(([key, value]) => ({ key: typeof key === 'string' ? standIn(key, span) : key, value, span, merged: false })),
  };
}
