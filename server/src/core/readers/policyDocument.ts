import { headline } from '../text/message';
import type { Span } from '../text/span';
import type { Text } from '../text/text';
import { isHole } from '../text/texts';
import type {
  ConditionElement,
  ConditionKey,
  ConditionOperator,
  ListValue,
  PolicyDocument,
  PolicyProblem,
  PolicyValue,
  PrincipalElement,
  Statement,
  ValueList,
} from '../model/policy';
import { parseEmbedded } from '../syntax/embedded';
import { parseJson } from '../syntax/json/parse';
import type { Entry, MapNode, Node, ScalarNode, Tree } from '../syntax/tree';
import { isOpaque, outerSpan } from '../syntax/nodes';
import { jsonProblems } from './policyJson';
import { measurePolicy } from './policySize';
import { toText } from './nodes';
import { withoutWordHoles } from './policyTexts';

/** Elements of a statement, in IAM's own case. Source: IAM guide, grammar of the policy language. */
export const statementElements = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
] as const;
export const documentElements = ['Version', 'Id', 'Statement'] as const;

export interface PolicyOptions {
  /** Bare words in capitals (`NAMESPACE`) are what they are, and no placeholders: for a policy that is asked about as it stands. */
  readonly literalWords?: boolean;
  /** Another form than the tree's language says. */
  readonly form?: PolicyDocument['form'];
}

type Found<K extends string> = Partial<Record<K, Entry>>;

/**
 * Reads a policy document from a map of any language; nothing is normalised. What the grammar does not
 * allow becomes a problem and is read as well as it can be.
 * @param source the document's text, where the node is all of it: trailing commas are found by it.
 */
export function readPolicyDocument(node: Node | undefined, tree: Tree, source?: string, options: PolicyOptions = {}): PolicyDocument {
  const problems: PolicyProblem[] = [];
  const form = options.form ?? tree.language;
  const span = node ? outerSpan(node) : { start: 0, end: source?.length ?? 0 };
  if (tree.language === 'json' && !tree.templated) problems.push(...jsonProblems(node, tree, source));
  if (node?.kind !== 'map') {
    if (!isOpaque(node) && !problems.some((p) => p.code === 'json'))
      problems.push({ code: 'json', span, message: "The policy isn't a JSON object." });
    return { span, statements: [], statementMissing: true, problems, open: isOpaque(node), form };
  }
  const reader = new PolicyReader(problems, form, options);
  const { found, open } = reader.elements(node, documentElements, 'the policy');
  const list = reader.statements(found.Statement);
  const { length, characters } = measurePolicy(node);
  problems.push(...characters);
  return {
    span,
    form,
    problems,
    ...(found.Version ? { version: reader.value(found.Version, 'Version') } : {}),
    ...(found.Id ? { id: reader.value(found.Id, 'Id') } : {}),
    statements: list.statements,
    statementMissing: !found.Statement,
    ...(found.Statement?.value ? { statementSpan: outerSpan(found.Statement.value) } : {}),
    open: open || list.open,
    ...(length === undefined || tree.templated ? {} : { quotaLength: length }),
  };
}

/**
 * Reads a policy from a text of its own: JSON, a JSON string that holds JSON, or URL-encoded JSON (IAM's answers).
 * Bare words in capitals are taken literally. Never throws; what is no policy gives a document with a problem.
 */
export function policyFromText(text: string): PolicyDocument {
  const tree = parseJson(text);
  const options = { literalWords: true };
  if (tree.root?.kind === 'map') return readPolicyDocument(tree.root, tree, text, options);
  const scalar: Text = tree.root?.kind === 'scalar' && tree.root.quoted ? tree.root : wholeText(text);
  const inner = /^\s*(\{|%7B)/i.test(scalar.value) ? parseEmbedded(scalar, 'json') : undefined;
  return inner?.root?.kind === 'map'
    ? readPolicyDocument(inner.root, inner, text, options)
    : readPolicyDocument(tree.root, tree, text, options);
}

function wholeText(value: string): Text {
  const span = { start: 0, end: value.length };
  return { value, holes: [], span, outer: span, encodings: [], quoted: false };
}

class PolicyReader {
  constructor(
    private readonly problems: PolicyProblem[],
    private readonly form: PolicyDocument['form'],
    private readonly options: PolicyOptions,
  ) {}

  private problem(code: PolicyProblem['code'], span: Span, message: string, element?: string): void {
    if (this.problems.length < 200) this.problems.push({ code, span, message, ...(element ? { element } : {}) });
  }

  /** The known elements of a map; names in another case are said and taken. */
  elements<K extends string>(node: MapNode, names: readonly K[], where: string): { found: Found<K>; open: boolean } {
    const found: Found<K> = {};
    let { open } = node;
    for (const entry of node.entries) {
      const { key } = entry;
      if (key.holes.length > 0 || /^(Fn::|<<$|Ref$)/.test(key.value)) {
        open = true;
        continue;
      }
      const exact = names.find((n) => n === key.value);
      const name = exact ?? names.find((n) => n.toLowerCase() === key.value.toLowerCase());
      if (!exact) {
        this.problem(
          'unknown-element',
          key.span,
          name
            ? `Element names are case-sensitive: it is ${name}, not ${key.value}.`
            : headline`IAM has no element "${cut(key.value)}" in ${where}.`,
          name ?? key.value,
        );
      }
      if (!name) continue;
      const before = found[name];
      if (before && !entry.merged && !before.merged) this.duplicate(key, name);
      if (!before || (exact && !entry.merged)) found[name] = entry;
    }
    return { found, open };
  }

  private duplicate(key: Text, element: string): void {
    this.problem('duplicate-key', key.span, headline`The key ${key.value} is used twice, which IAM's grammar forbids.`, element);
  }

  value(entry: Entry, element: string): PolicyValue {
    const { key, value } = entry;
    const span = value ? outerSpan(value) : key.outer;
    if (!value) return { key: toText(key), type: 'null', span };
    if (value.kind !== 'scalar') {
      if (value.kind !== 'unknown') this.problem('wrong-type', span, `${element} must be a string.`, element);
      return { key: toText(key), type: value.kind, span };
    }
    return { key: toText(key), text: toText(value), type: value.type, span };
  }

  statements(entry: Entry | undefined): { statements: Statement[]; open: boolean } {
    const node = entry?.value;
    const statements: Statement[] = [];
    if (!entry || !node) return { statements, open: false };
    if (isOpaque(node)) return { statements, open: true };
    if (node.kind === 'map') return { statements: [this.statement(node, 0)], open: false };
    if (node.kind !== 'list') {
      this.problem('wrong-type', outerSpan(node), 'Statement must be an object or a list of objects.', 'Statement');
      return { statements, open: false };
    }
    let { open } = node;
    for (const item of node.items) {
      if (item.kind === 'map') statements.push(this.statement(item, statements.length));
      else if (isOpaque(item)) open = true;
      else this.problem('wrong-type', outerSpan(item), 'A statement must be an object.', 'Statement');
    }
    return { statements, open };
  }

  private statement(node: MapNode, index: number): Statement {
    const { found, open } = this.elements(node, statementElements, 'a statement');
    const list = (name: 'Action' | 'NotAction' | 'Resource' | 'NotResource') => (found[name] ? this.list(found[name], name) : undefined);
    const parts = {
      sid: found.Sid && this.value(found.Sid, 'Sid'),
      effect: found.Effect && this.value(found.Effect, 'Effect'),
      principal: found.Principal && this.principal(found.Principal),
      notPrincipal: found.NotPrincipal && this.principal(found.NotPrincipal),
      action: list('Action'),
      notAction: list('NotAction'),
      resource: list('Resource'),
      notResource: list('NotResource'),
      condition: found.Condition && this.condition(found.Condition),
    };
    const set = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Partial<Statement>;
    return { index, span: node.span, open, ...set };
  }

  private principal(entry: Entry): PrincipalElement {
    const { key, value } = entry;
    const base = { key: toText(key), span: value ? outerSpan(value) : key.outer };
    if (value?.kind === 'scalar' && value.type !== 'null') return { ...base, wildcard: toText(value), kinds: [], open: false };
    if (value?.kind === 'unknown') return { ...base, kinds: [], open: true };
    if (value?.kind !== 'map') {
      if (value) this.problem('wrong-type', base.span, 'Principal must be an object with kinds such as Federated.', 'Principal');
      return { ...base, kinds: [], open: false };
    }
    let { open } = value;
    const kinds: ValueList[] = [];
    const seen = new Set<string>();
    for (const kind of value.entries) {
      if (kind.key.holes.length > 0 || kind.key.value.startsWith('Fn::')) open = true;
      if (seen.has(kind.key.value) && !kind.merged) this.duplicate(kind.key, 'Principal');
      seen.add(kind.key.value);
      kinds.push(this.list(kind, 'Principal'));
    }
    return { ...base, kinds, open };
  }

  private condition(entry: Entry): ConditionElement {
    const { key, value } = entry;
    const base = { key: toText(key), span: value ? outerSpan(value) : key.outer };
    if (value?.kind !== 'map') {
      const open = isOpaque(value);
      if (value && !open && !(value.kind === 'scalar' && value.type === 'null'))
        this.problem('wrong-type', base.span, 'Condition must be an object of operators.', 'Condition');
      return { ...base, operators: [], open };
    }
    let { open } = value;
    const operators: ConditionOperator[] = [];
    const seen = new Set<string>();
    for (const operator of value.entries) {
      if (operator.key.value.startsWith('Fn::') || (isHole(operator.key) && !operator.value)) {
        open = true;
        continue;
      }
      if (seen.has(operator.key.value) && !operator.merged && operator.key.holes.length === 0) this.duplicate(operator.key, 'Condition');
      seen.add(operator.key.value);
      operators.push(this.operator(operator));
    }
    return { ...base, operators, open };
  }

  private operator(entry: Entry): ConditionOperator {
    const { key, value } = entry;
    const base = { key: toText(key), span: entry.span };
    if (value?.kind !== 'map') {
      const open = isOpaque(value) || !value;
      if (!open) this.problem('wrong-type', outerSpan(value), headline`${key.value} must be an object of condition keys.`, 'Condition');
      return { ...base, keys: [], open };
    }
    let { open } = value;
    const keys: ConditionKey[] = [];
    const seen = new Set<string>();
    for (const condition of value.entries) {
      if (condition.key.value.startsWith('Fn::') || (isHole(condition.key) && !condition.value)) {
        open = true;
        continue;
      }
      if (seen.has(condition.key.value) && !condition.merged && condition.key.holes.length === 0)
        this.duplicate(condition.key, 'Condition');
      seen.add(condition.key.value);
      keys.push({ key: toText(condition.key), span: condition.span, values: this.list(condition, 'Condition') });
    }
    return { ...base, keys, open };
  }

  private list(entry: Entry, element: string): ValueList {
    const { key, value } = entry;
    const base = { key: toText(key), span: value ? outerSpan(value) : key.outer };
    if (!value) return { ...base, values: [], list: false, open: false };
    if (value.kind === 'scalar')
      return { ...base, values: this.values([value], element), list: false, open: this.form !== 'yaml' && isOpaque(value) };
    if (value.kind === 'unknown') return { ...base, values: [], list: false, open: true };
    if (value.kind === 'map') {
      // CloudFormation's functions and the like; else a map where texts belong.
      const rendered = value.open || value.entries.some((e) => /^(Fn::|Ref$)/.test(e.key.value));
      if (!rendered) this.problem('wrong-type', base.span, headline`${key.value} must be a string or a list of strings.`, element);
      return { ...base, values: [], list: false, open: rendered };
    }
    const scalars: ScalarNode[] = [];
    let { open } = value;
    for (const item of value.items) {
      if (item.kind === 'scalar') scalars.push(item);
      else if (item.kind === 'unknown' || (item.kind === 'map' && item.entries.some((e) => /^(Fn::|Ref$)/.test(e.key.value)))) open = true;
      else this.problem('wrong-type', outerSpan(item), headline`A value of ${key.value} must be a string.`, element);
    }
    return { ...base, values: this.values(scalars, element), list: true, open };
  }

  private values(scalars: readonly ScalarNode[], element: string): ListValue[] {
    return scalars.map((scalar) => {
      const odd = scalar.type === 'null' || (scalar.type !== 'string' && element !== 'Condition');
      if (odd && scalar.holes.length === 0) this.problem('wrong-type', scalar.outer, `This ${scalar.type} must be a string.`, element);
      return { ...withoutWordHoles(toText(scalar), this.options.literalWords === true), type: scalar.type };
    });
  }
}

function cut(value: string): string {
  return value.length > 60 ? `${value.slice(0, 59)}…` : value;
}
