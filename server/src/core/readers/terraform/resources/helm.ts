import type { Fact, ServiceAccountFact } from '../../../model/facts';
import { attributeOf, type HclBody, type HclExpression } from '../../../syntax/hcl/body';
import { parsedText } from './embedded';
import { valueAt } from '../../../syntax/nodes';
import type { Node, ScalarNode, Tree } from '../../../syntax/tree';
import type { Span } from '../../../text/span';
import type { Text } from '../../../text/text';
import { toText } from '../../nodes';
import type { ReaderInput } from '../../reader';
import { readHelmValues } from '../../shared/helmRelease';
import { mergeHelmValues } from '../../shared/helmValues';
import { madeBlocks } from '../evaluate/blocks';
import type { Evaluator } from '../evaluate/evaluator';
import { oneOf } from '../evaluate/repeated';
import type { Placed } from '../modules/definition';
import type { ModuleInstance } from '../modules/instance';
import { borrowedScalar, relocated, standIn, type Known } from '../texts';
import { textOf } from './arguments';

/** `helm_release`: all that sets the chart's values, put together as Helm does and read as one tree. */
export function readHelm(module: ModuleInstance): Fact[] {
  return module.definition.resourcesOf('helm_release').flatMap((placed) => {
    return [...module.instances(placed)].flatMap(({ evaluator }) => readRelease(placed, evaluator));
  });
}

/** A document of values; without a node where it is not known. */
interface Layer {
  readonly input: ReaderInput;
  readonly place: Span;
  readonly node?: Node;
  readonly language: Tree['language'];
}

/** A value by a path of Helm's. */
export interface Setting {
  readonly path: ScalarNode;
  readonly value: Node;
  readonly span: Span;
}

/** The facts of one release: each account in the document that gives it its role. `more`: settings that a module adds by itself. */
export function readRelease({ member, block }: Placed, evaluator: Evaluator, more: readonly Setting[] = []): Fact[] {
  const layers = documents(attributeOf(block.body, 'values')?.value, evaluator);
  const settings = [...parameters(block.body, evaluator), ...more];
  if (layers.every(({ node }) => !node) && settings.length === 0) return [];
  const inputs = new Set([member.input, ...layers.flatMap(({ input, node }) => (node ? [input] : []))]);
  const head = block.labels[1]?.span ?? block.labels[0]?.span ?? block.type.span;
  const namespace = textOf(block, 'namespace', evaluator) ?? toText(standIn('default', head));
  return [...inputs].flatMap((input) => factsIn(input, { layers, settings, namespace, own: member.input, span: block.span }));
}

/** `values`: YAML texts, or encoded objects, in order. */
function documents(expression: HclExpression | undefined, evaluator: Evaluator): Layer[] {
  const node = expression && evaluator.evaluate(expression);
  if (!node || (node.kind === 'scalar' && node.type === 'null')) return [];
  const unknown: Layer = { input: evaluator.member.input, place: node.span, language: 'hcl' };
  if (node.kind !== 'list') return [unknown];
  return [
    ...node.items.map((item): Layer => layerOf(item, evaluator.member.input)),
    ...(node.open && node.items.length === 0 ? [unknown] : []),
  ];
}

function layerOf(item: Node, own: ReaderInput): Layer {
  const unknown: Layer = { input: own, place: item.span, language: 'hcl' };
  const known = oneOf(item).filter((each): each is Known => each.kind === 'scalar' && each.value !== '' && each.type !== 'null');
  const [only] = known;
  if (known.length !== 1 || !only) return unknown;
  const { encodes } = only;
  if (encodes) {
    const { input, node } = encodes;
    return { input, place: only.span, node, language: encodes.as === 'expression' ? 'hcl' : input.tree.language };
  }
  const root = parsedText(only, 'yaml');
  return root ? { input: own, place: only.span, node: root, language: 'yaml' } : unknown;
}

/** `set`, `set_list` and `set_sensitive`, in that order as the provider merges them; blocks, `dynamic` ones included, or a list. */
function parameters(body: HclBody, evaluator: Evaluator): Setting[] {
  const settings: Setting[] = [];
  for (const type of ['set', 'set_string', 'set_list', 'set_sensitive']) {
    const sensitive = type === 'set_sensitive';
    for (const { block, body: inner, evaluator: within } of madeBlocks(body, type, evaluator).blocks) {
      const [name, value] = ['name', 'value'].map((each) => {
        const attribute = attributeOf(inner, each);
        return attribute?.value && within.evaluate(attribute.value);
      });
      settings.push(...setting(name, value, block.span, sensitive));
    }
    const attribute = attributeOf(body, type);
    const list = attribute?.value && evaluator.evaluate(attribute.value);
    if (list?.kind !== 'list') continue;
    for (const item of list.items) settings.push(...setting(valueAt(item, 'name'), valueAt(item, 'value'), item.span, sensitive));
  }
  return settings;
}

/** One setting; none by a name that is not known: nearly always it sets something else than what is looked at here. */
export function setting(name: Node | undefined, value: Node | undefined, span: Span, sensitive = false): Setting[] {
  if (name?.kind !== 'scalar' || name.holes.length > 0 || !value || name.value.length > 1000) return [];
  return [{ path: name, value: sensitive ? hidden(value) : value, span }];
}

/** What a sensitive value shows of itself: nothing but the object that it refers to. */
function hidden(value: Node): Node {
  const source = 'sensitive value';
  const hole = { start: 0, end: source.length, source, named: false, words: 'sensitive value' };
  const text = borrowedScalar({ value: source, holes: [hole] }, value.span);
  return value.kind === 'scalar' && value.refers ? { ...text, refers: value.refers } : text;
}

/** Marks what stands in another document than the one that is read. */
class Elsewhere {
  private readonly spans = new Set<Span>();

  constructor(private readonly input: ReaderInput) {}

  /** A node of another document: it stands at a place of this one, and leads to where it is written. */
  node(node: Node, from: ReaderInput, place: Span): Node {
    if (from === this.input) return node;
    this.spans.add(place);
    return withOrigin(relocated(node, place), node, from.doc.uri);
  }

  has(span: Span): boolean {
    return this.spans.has(span);
  }
}

function withOrigin(moved: Node, node: Node, uri: string): Node {
  if (moved.kind === 'scalar' && node.kind === 'scalar') return moved.filledBy ? moved : { ...moved, filledBy: { uri, span: node.outer } };
  if (moved.kind !== 'map' || node.kind !== 'map') return moved;
  return {
    ...moved,
    entries: moved.entries.map((entry, i) => {
      const value = node.entries[i]!.value;
      return { ...entry, value: entry.value && value && withOrigin(entry.value, value, uri) };
    }),
  };
}

interface Release {
  readonly layers: readonly Layer[];
  readonly settings: readonly Setting[];
  readonly namespace: Text;
  /** The document of the release itself. */
  readonly own: ReaderInput;
  readonly span: Span;
}

/** The accounts and annotations of the values, as far as they stand in one document. */
function factsIn(input: ReaderInput, { layers, settings, namespace, own, span }: Release): Fact[] {
  const elsewhere = new Elsewhere(input);
  const start: Span = { start: 0, end: 0 };
  // In the release's document a layer of another one stands where it is named; in that other one nothing names it.
  const placeOf = (from: ReaderInput, place: Span): Span => (input === own && from !== own ? { ...place } : start);
  const nodes = layers.map(({ input: from, place, node }): Node =>
    node ? elsewhere.node(node, from, placeOf(from, place)) : { kind: 'unknown', span: start, source: '' },
  );
  const moved = settings.map((each) => ({
    path: elsewhere.node(each.path, own, start) as ScalarNode,
    value: elsewhere.node(each.value, own, start),
    span: input === own ? each.span : start,
  }));
  const [only, ...others] = layers;
  // A document that is all the release has is read as it stands, so that something can be added to it.
  const alone = only?.node?.kind === 'map' && only.input === input && others.length === 0 && settings.length === 0 ? only.node : undefined;
  const language = alone && input !== own ? only!.language : 'hcl';
  const values = alone ?? mergeHelmValues(nodes, moved, input === own ? span : start);
  const tree: Tree = { root: undefined, problems: [], comments: [], templated: false, language };
  const placed =
    input === own ? namespace : toText({ ...borrowedScalar(namespace, start), filledBy: { uri: own.doc.uri, span: namespace.outer } });
  return readHelmValues(values, { namespace: placed }, { ...input, tree }).flatMap((fact): Fact[] => {
    if (fact.kind === 'serviceAccount' && fact.origin === 'values') {
      const account = here(fact, elsewhere);
      return account ? [account] : [];
    }
    return elsewhere.has(fact.span) ? [] : [fact];
  });
}

/** The account as it stands here: by its role where it has one; undefined where that stands elsewhere. */
function here(fact: ServiceAccountFact, elsewhere: Elsewhere): ServiceAccountFact | undefined {
  const { roleArn } = fact;
  if (roleArn ? elsewhere.has(roleArn.span) : elsewhere.has(fact.head)) return undefined;
  return roleArn && (elsewhere.has(fact.span) || elsewhere.has(fact.head)) ? { ...fact, span: roleArn.span, head: roleArn.span } : fact;
}
