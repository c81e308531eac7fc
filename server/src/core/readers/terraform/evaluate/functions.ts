import type { HclExpression } from '../../../syntax/hcl/body';
import { isOpaque } from '../../../syntax/nodes';
import { parseEmbedded } from '../../../syntax/embedded';
import type { Entry, ListNode, MapNode, Node, ScalarNode } from '../../../syntax/tree';
import { replaceRegular } from '../../../text/regular/regular';
import { literal, slice } from '../../../text/texts';
import type { Text } from '../../../text/text';
import type { Evaluator } from './evaluator';
import { issuerOfUrl } from './references';
import { borrowedScalar, TextBuilder } from '../texts';

type Call = Extract<HclExpression, { kind: 'call' }>;
type Function = (expression: Call, evaluator: Evaluator) => Node | undefined;

/** The value of a function's call; a hole where the function or its arguments are not known. */
export function call(expression: Call, evaluator: Evaluator): Node {
  const known = Object.hasOwn(functions, expression.name) && !expression.expands ? functions[expression.name] : undefined;
  return known?.(expression, evaluator) ?? evaluator.hole(expression, strings.has(expression.name));
}

/** Functions that give one string, whatever they are given. */
const strings = new Set([
  'replace',
  'trimprefix',
  'trimsuffix',
  'trimspace',
  'format',
  'join',
  'lower',
  'upper',
  'title',
  'file',
  'templatefile',
  'jsonencode',
  'yamlencode',
  'tostring',
  'substr',
  'basename',
  'dirname',
  'base64encode',
]);

/** Patterns that take a scheme away. */
const schemePatterns = new Set([
  'https://',
  '/https:\\/\\//',
  '/^https:\\/\\//',
  '/^https?:\\/\\//',
  '/https?:\\/\\//',
  '/https:///',
  '/^https:///',
  '/^https?:///',
  '/^(https|http):\\/\\//',
  '/^(https?://)/',
  '/^https:\\\\/\\\\//',
]);

const functions: Readonly<Record<string, Function>> = {
  replace(expression, evaluator) {
    const [text, from, to] = scalars(expression, evaluator, 3);
    const [pattern, value] = [written(from), written(to)];
    if (!text || pattern === undefined || value === undefined) return undefined;
    // Terraform's own test; what stands between is in RE2's syntax.
    const regular = pattern.length > 1 && pattern.startsWith('/') && pattern.endsWith('/') ? pattern.slice(1, -1) : undefined;
    const issuer = schemePatterns.has(pattern) && value === '' ? issuerOfUrl(expression.args[0]!, evaluator) : undefined;
    if (issuer?.kind === 'scalar') return borrowedScalar(issuer, expression.span);
    if (providerPatterns.has(pattern) && value === '' && text.holes.length > 0) return afterProvider(text, expression);
    if (text.holes.length > 0) return schemePatterns.has(pattern) && value === '' ? withoutScheme(text, expression) : undefined;
    if (regular === undefined) return result(text.value.replaceAll(pattern, value), expression);
    const replaced = value.includes('$') ? undefined : replaceRegular(text.value, regular, value, evaluator.module.regularSteps);
    return replaced === undefined ? undefined : result(replaced, expression);
  },
  trimprefix(expression, evaluator) {
    const [text, prefix] = scalars(expression, evaluator, 2);
    const start = literal(prefix);
    if (!text || start === undefined) return undefined;
    const issuer = start === 'https://' ? issuerOfUrl(expression.args[0]!, evaluator) : undefined;
    if (issuer?.kind === 'scalar') return borrowedScalar(issuer, expression.span);
    const inHole = text.holes.some((hole) => hole.start < start.length);
    if (inHole) return undefined;
    return borrowedScalar(slice(text, text.value.startsWith(start) ? start.length : 0), expression.span);
  },
  trimsuffix(expression, evaluator) {
    const [text, suffix] = scalars(expression, evaluator, 2);
    const end = literal(suffix);
    if (!text || end === undefined || text.holes.some((hole) => hole.end > text.value.length - end.length)) return undefined;
    return borrowedScalar(slice(text, 0, text.value.length - (text.value.endsWith(end) ? end.length : 0)), expression.span);
  },
  trimspace: (expression, evaluator) => onLiteral(expression, evaluator, (text) => text.trim()),
  lower: (expression, evaluator) => onLiteral(expression, evaluator, (text) => text.toLowerCase()),
  upper: (expression, evaluator) => onLiteral(expression, evaluator, (text) => text.toUpperCase()),
  tostring: first,
  sensitive: first,
  nonsensitive: first,
  tolist: first,
  toset: first,
  tomap: first,
  try: firstKnown,
  coalesce(expression, evaluator) {
    const [value] = scalars(expression, evaluator, 1);
    return value && literal(value) ? borrowedScalar(value, expression.span, true, value.type) : undefined;
  },
  format(expression, evaluator) {
    const [pattern, ...args] = expression.args.map((arg) => evaluator.evaluate(arg));
    return pattern?.kind === 'scalar' ? format(pattern, args, expression) : undefined;
  },
  join(expression, evaluator) {
    const [separator, list] = expression.args.map((arg) => evaluator.evaluate(arg));
    if (separator?.kind !== 'scalar' || list?.kind !== 'list' || list.open || separator.holes.length > 0) return undefined;
    const builder = new TextBuilder();
    for (const [i, item] of list.items.entries()) {
      if (item.kind !== 'scalar') return undefined;
      if (i > 0) builder.own(separator.value, 0);
      builder.borrow(item, expression.span);
    }
    return borrowedScalar(builder.text({ span: expression.span, outer: expression.span, encodings: [] }, false), expression.span);
  },
  split(expression, evaluator) {
    const [separator, text] = scalars(expression, evaluator, 2);
    const between = literal(separator);
    if (!text || !between) return undefined;
    const parts = splitOutsideHoles(text, between);
    return parts && { kind: 'list', span: expression.span, open: false, items: parts.map((part) => borrowedScalar(part, expression.span)) };
  },
  element(expression, evaluator) {
    const [list, index] = expression.args.map((arg) => evaluator.evaluate(arg));
    if (list?.kind !== 'list' || list.open || list.items.length === 0 || index?.kind !== 'scalar') return undefined;
    const number = Number(literal(index));
    return Number.isInteger(number) && number >= 0 ? list.items[number % list.items.length] : undefined;
  },
  one(expression, evaluator) {
    const [list] = expression.args.map((arg) => evaluator.evaluate(arg));
    return list?.kind === 'list' && !list.open && list.items.length === 1 ? list.items[0] : undefined;
  },
  lookup(expression, evaluator) {
    const [map, key] = expression.args.map((arg) => evaluator.evaluate(arg));
    const name = key?.kind === 'scalar' ? literal(key) : undefined;
    return map?.kind === 'map' && name !== undefined ? map.entries.findLast((entry) => literal(entry.key) === name)?.value : undefined;
  },
  concat: (expression, evaluator) =>
    concat(
      expression,
      expression.args.map((arg) => evaluator.evaluate(arg)),
    ),
  flatten(expression, evaluator) {
    const [list] = expression.args.map((arg) => evaluator.evaluate(arg));
    return list?.kind === 'list'
      ? {
          ...concat(
            expression,
            list.items.map((item) => (item.kind === 'list' ? item : { ...list, items: [item], open: false })),
          ),
          open: list.open || list.items.some(isOpaqueItem),
        }
      : undefined;
  },
  distinct: first,
  compact: first,
  merge(expression, evaluator) {
    const maps = expression.args.map((arg) => evaluator.evaluate(arg));
    const entries = new Map<string, Entry>();
    let open = false;
    for (const map of maps) {
      if (map.kind !== 'map') open = true;
      else {
        open ||= map.open;
        for (const entry of map.entries) entries.set(entry.key.value, entry);
      }
    }
    return { kind: 'map', span: expression.span, entries: [...entries.values()], open } satisfies MapNode;
  },
  jsondecode: (expression, evaluator) => decoded(expression, evaluator, 'json'),
  yamldecode: (expression, evaluator) => decoded(expression, evaluator, 'yaml'),
};

/** A text that is wholly written out: a pattern's `[a-z]` is no placeholder. */
function written(text: ScalarNode | undefined): string | undefined {
  return text && !text.borrowed ? text.value : literal(text);
}

function first(expression: Call, evaluator: Evaluator): Node | undefined {
  const [arg] = expression.args;
  return arg && evaluator.evaluate(arg);
}

/** `try`: the first argument, where it is known; it may fail where it is not. */
function firstKnown(expression: Call, evaluator: Evaluator): Node | undefined {
  const value = first(expression, evaluator);
  if (!value || value.kind === 'unknown' || isOpaque(value)) return undefined;
  return value.kind === 'scalar' && value.holes.length > 0 && !value.value.startsWith('https://') ? undefined : value;
}

function decoded(expression: Call, evaluator: Evaluator, language: 'json' | 'yaml'): Node | undefined {
  const [text] = scalars(expression, evaluator, 1);
  return text && parseEmbedded(text, language)?.root;
}

/** The arguments where all of them are single values. */
function scalars(expression: Call, evaluator: Evaluator, count: number): ScalarNode[] {
  const nodes = expression.args.map((arg) => evaluator.evaluate(arg));
  return nodes.length >= count && nodes.every((node) => node.kind === 'scalar') ? nodes : [];
}

function onLiteral(expression: Call, evaluator: Evaluator, change: (text: string) => string): Node | undefined {
  const [text] = scalars(expression, evaluator, 1);
  const value = literal(text);
  return value === undefined ? undefined : result(change(value), expression);
}

function result(value: string, { span }: Call): ScalarNode {
  return borrowedScalar({ value, holes: [] }, span);
}

/** Patterns that take all of a provider's ARN away but the issuer. */
const providerPatterns = new Set([
  '/^(.*provider/)/',
  '/^.*provider\\//',
  '/^.*provider//',
  '/^(.*provider\\/)/',
  '/.*oidc-provider//',
  '/^.*oidc-provider//',
  '/^.*oidc-provider\\//',
  '/^arn:.*:oidc-provider\\//',
]);

/** The issuer in a provider's ARN; undefined where the ARN is not known to be one. */
function afterProvider(text: Text, { span }: Call): Node | undefined {
  const head = ':oidc-provider/';
  const at = text.value.indexOf(head);
  return text.value.startsWith('arn:') && at > 0 && !text.holes.some((hole) => hole.start < at && hole.end > at)
    ? borrowedScalar(slice(text, at + head.length), span)
    : undefined;
}

/** A URL that is known to be one, without its scheme. */
function withoutScheme(text: Text, { span }: Call): Node | undefined {
  const head = 'https://';
  const [hole] = text.holes;
  return text.value.startsWith(head) && hole && hole.start >= head.length ? borrowedScalar(slice(text, head.length), span) : undefined;
}

/** Items of several lists; lists that are not known leave the whole open. */
function concat({ span }: Call, nodes: readonly Node[]): ListNode {
  const items: Node[] = [];
  let open = false;
  for (const node of nodes) {
    if (node.kind === 'list') {
      items.push(...node.items);
      open ||= node.open;
    } else {
      open = true;
    }
  }
  return { kind: 'list', span, items, open };
}

function isOpaqueItem(node: Node): boolean {
  return node.kind === 'unknown' || (node.kind === 'scalar' && node.holes.length > 0 && node.value === node.holes[0]!.source);
}

/** `%s`, `%v`, `%d` filled in; each argument stands where its verb does. Undefined for other verbs and missing arguments. */
function format(pattern: ScalarNode, args: readonly Node[], expression: Call): Node | undefined {
  const builder = new TextBuilder();
  const owns = pattern.map === undefined && pattern.borrowed === undefined;
  let at = 0;
  let next = 0;
  for (const match of pattern.value.matchAll(/%(%|[svd]|.?)/g)) {
    const from = match.index;
    const span = owns ? { start: pattern.span.start + from, end: pattern.span.start + from + match[0].length } : expression.span;
    add(builder, pattern.value.slice(at, from), pattern.span.start + at, owns, expression);
    at = from + match[0].length;
    if (match[1] === '%') {
      builder.borrow({ value: '%', holes: [] }, span);
      continue;
    }
    const expressionSpan = expression.args[next + 1]?.span;
    const arg = args[next++];
    if (!/^[svd]$/.test(match[1] ?? '') || arg?.kind !== 'scalar') return undefined;
    builder.borrow(arg, span, expressionSpan);
  }
  if (pattern.holes.some((hole) => !/^%/.test(hole.source))) return undefined;
  add(builder, pattern.value.slice(at), pattern.span.start + at, owns, expression);
  const place = owns
    ? { span: pattern.span, outer: pattern.outer, encodings: pattern.encodings }
    : { span: expression.span, outer: expression.span, encodings: [] };
  return { kind: 'scalar', type: 'string', ...builder.text(place, owns) };
}

function add(builder: TextBuilder, value: string, at: number, owns: boolean, { span }: Call): void {
  if (owns) builder.own(value, at);
  else if (value !== '') builder.borrow({ value, holes: [] }, span);
}

function splitOutsideHoles(text: Text, separator: string): Text[] | undefined {
  const parts: Text[] = [];
  let from = 0;
  for (let at = text.value.indexOf(separator); at >= 0; at = text.value.indexOf(separator, at)) {
    const inHole = text.holes.find((hole) => hole.start < at + separator.length && hole.end > at);
    if (inHole) {
      at = inHole.end;
      continue;
    }
    parts.push(slice(text, from, at));
    from = at = at + separator.length;
  }
  parts.push(slice(text, from));
  // A hole may hold the separator; only what surely stands apart is told.
  return text.holes.length === 0 ||
    (text.value.startsWith('https://') && /^(https:)?\/\/$/.test(separator)) ||
    (text.value.startsWith('arn:') && /^:?(oidc-)?provider\/$/.test(separator))
    ? parts
    : undefined;
}
