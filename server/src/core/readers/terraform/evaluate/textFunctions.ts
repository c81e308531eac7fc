import { isNothing } from './alternatives';
import { replaceRegular } from '../../../text/regular/regular';
import { literal, slice } from '../../../text/texts';
import type { Node, ScalarNode } from '../../../syntax/tree';
import type { Text } from '../../../text/text';
import { longest, type Evaluator } from './evaluator';
import { result, scalars, type Call, type Functions } from './arguments';
import { truth } from './operations';
import { issuerOfUrl } from './references';
import { borrowedScalar, TextBuilder, type KnownList } from '../texts';

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

/** Functions on texts. Source: Terraform's documentation, string functions. */
export const textFunctions: Functions = {
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
    // Each match may grow.
    if (text.value.length * (value.length + 1) > 1_000_000 && value.length > pattern.length) return undefined;
    if (regular === undefined) return result(text.value.replaceAll(pattern, value), expression);
    const replaced = value.includes('$') ? undefined : replaceRegular(text.value, regular, value, evaluator.module.run.regularSteps);
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
  title: (expression, evaluator) => onLiteral(expression, evaluator, (text) => text.replace(/(^|\s)\S/g, (letter) => letter.toUpperCase())),
  chomp: (expression, evaluator) => onLiteral(expression, evaluator, (text) => text.replace(/[\r\n]+$/, '')),
  basename: (expression, evaluator) => onLiteral(expression, evaluator, (text) => text.replace(/\/+$/, '').replace(/^.*\//s, '')),
  dirname: (expression, evaluator) => onLiteral(expression, evaluator, (text) => (text.includes('/') ? text.replace(/\/[^/]*$/, '') : '.')),
  substr(expression, evaluator) {
    const [text, from, count] = scalars(expression, evaluator, 3);
    const [start, length] = [Number(literal(from)), Number(literal(count))];
    if (!text || text.holes.length > 0 || !Number.isInteger(start) || !Number.isInteger(length)) return undefined;
    const begin = start < 0 ? Math.max(0, text.value.length + start) : start;
    return result(text.value.slice(begin, length < 0 ? undefined : begin + length), expression);
  },
  startswith: (expression, evaluator) => compares(expression, evaluator, (text, part) => text.startsWith(part)),
  endswith: (expression, evaluator) => compares(expression, evaluator, (text, part) => text.endsWith(part)),
  strcontains: (expression, evaluator) => compares(expression, evaluator, (text, part) => text.includes(part)),
  format(expression, evaluator) {
    const [pattern, ...args] = expression.args.map((arg) => evaluator.evaluate(arg));
    return pattern?.kind === 'scalar' ? format(pattern, args, expression) : undefined;
  },
  join(expression, evaluator) {
    const [separator, list] = expression.args.map((arg) => evaluator.evaluate(arg));
    if (separator?.kind !== 'scalar' || list?.kind !== 'list' || separator.holes.length > 0) return undefined;
    const { orNone, open }: KnownList = list;
    if (open && !orNone) return undefined;
    // `join("", role[*].arn)`: the one that is there.
    const some = list.items.filter((item) => !isNothing(item));
    const [only] = some;
    if (some.length === 1 && only?.kind === 'scalar' && (list.items.length === 1 || separator.value === '')) {
      return { ...borrowedScalar(only, expression.span), ...(open ? { maybe: true } : {}) };
    }
    if (open) return undefined;
    const builder = new TextBuilder();
    let length = 0;
    for (const [i, item] of list.items.entries()) {
      if (item.kind !== 'scalar' || (length += item.value.length + separator.value.length) > longest) return undefined;
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
};

function compares(expression: Call, evaluator: Evaluator, test: (text: string, part: string) => boolean): Node | undefined {
  const [text, part] = scalars(expression, evaluator, 2).map((each) => literal(each));
  return text === undefined || part === undefined ? undefined : truth(test(text, part), expression.span);
}

/** A text that is wholly written out: a pattern's `[a-z]` is no placeholder. */
function written(text: ScalarNode | undefined): string | undefined {
  return text && !text.borrowed ? text.value : literal(text);
}

function onLiteral(expression: Call, evaluator: Evaluator, change: (text: string) => string): Node | undefined {
  const [text] = scalars(expression, evaluator, 1);
  const value = literal(text);
  return value === undefined ? undefined : result(change(value), expression);
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

/** `%s`, `%v`, `%d` filled in; each argument stands where its verb does. Undefined for other verbs and missing arguments. */
function format(pattern: ScalarNode, args: readonly Node[], expression: Call): Node | undefined {
  const builder = new TextBuilder();
  const owns = pattern.map === undefined && pattern.borrowed === undefined;
  let at = 0;
  let next = 0;
  let length = 0;
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
    if (!/^[svd]$/.test(match[1] ?? '') || arg?.kind !== 'scalar' || (length += arg.value.length) > longest) return undefined;
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
