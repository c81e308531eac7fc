import type { Fact } from '../../../model/facts';
import { attributeOf, blocksOf, type HclBlock, type HclBody, type HclExpression } from '../../../syntax/hcl/body';
import { entryOf } from '../../../syntax/nodes';
import type { Entry, MapNode, Node, Tree } from '../../../syntax/tree';
import { parsedText } from './embedded';
import { manifestReader } from '../../kubernetes/manifests';
import type { ReaderInput } from '../../reader';
import type { Evaluator } from '../evaluate/evaluator';
import { camelCase, kubernetesKinds, kubernetesLists } from '../kubernetesKinds';
import { oneOf } from '../evaluate/repeated';
import type { Placed } from '../modules/definition';
import type { ModuleInstance } from '../modules/instance';
import { standIn, type Known } from '../texts';

/** A manifest and the document in which it stands. */
interface Manifest {
  readonly node: Node;
  readonly input: ReaderInput;
  readonly language: Tree['language'];
}

/** Service accounts, workloads and manifests that Terraform applies, read as the manifests that they make. */
export function readKubernetes(module: ModuleInstance): Fact[] {
  const facts: Fact[] = [];
  for (const type of module.definition.resourceTypes('kube')) {
    if (!makesManifests(type)) continue;
    for (const placed of module.definition.resourcesOf(type))
      for (const { evaluator } of module.instances(placed))
        for (const manifest of manifestsOf(placed, evaluator)) facts.push(...readManifest(manifest));
  }
  return facts;
}

function makesManifests(type: string): boolean {
  return /^(kubernetes_manifest|kubectl_manifest|kubernetes_annotations)$/.test(type) || Object.hasOwn(kubernetesKinds, unversioned(type));
}

function unversioned(type: string): string {
  return type.replace(/_v\d\w*$/, '');
}

/** The manifests that a resource makes. */
export function* manifestsOf(placed: Placed, evaluator: Evaluator): Generator<Manifest> {
  const type = placed.block.labels[0]?.text ?? '';
  const kind = Object.hasOwn(kubernetesKinds, unversioned(type)) ? kubernetesKinds[unversioned(type)] : undefined;
  const own = (node: Node): Manifest => ({ node, input: placed.member.input, language: 'hcl' });
  if (kind) yield own(manifestOf(kind, placed, evaluator));
  if (type === 'kubernetes_annotations') yield own(annotated(placed, evaluator));
  if (type === 'kubernetes_manifest') yield* written(attributeOf(placed.block.body, 'manifest')?.value, evaluator);
  if (type === 'kubectl_manifest') yield* written(attributeOf(placed.block.body, 'yaml_body')?.value, evaluator);
}

function readManifest({ node: root, input, language }: Manifest): readonly Fact[] {
  const tree: Tree = { root, problems: [], comments: [], templated: false, language };
  return manifestReader.read({ ...input, tree });
}

function manifestOf([apiVersion, kind]: readonly [string, string], { block }: Placed, evaluator: Evaluator): MapNode {
  const head = block.labels[0]?.span ?? block.type.span;
  const inner = mapOf(block.body, block, evaluator, 0);
  const isDefault = unversioned(block.labels[0]?.text ?? '') === 'kubernetes_default_service_account';
  const entries = inner.entries.map((each) => (each.key.value === 'metadata' ? inDefault(each, isDefault) : each));
  return { ...inner, entries: [own('apiVersion', apiVersion, head), own('kind', kind, head), ...entries] };
}

function own(key: string, value: string, head: Entry['span']): Entry {
  return { key: standIn(key, head), value: standIn(value, head), span: head, merged: false };
}

/** Metadata without a namespace: the provider's default is `default`. Source: Kubernetes provider, metadata. */
function inDefault(metadata: Entry, isDefault: boolean): Entry {
  const { value, key } = metadata;
  if (value?.kind !== 'map') return metadata;
  const namespace = entryOf(value, 'namespace')?.value;
  const isThere = namespace && !(namespace.kind === 'scalar' && (namespace.type === 'null' || namespace.value === ''));
  const more = [
    ...(isThere ? [] : [own('namespace', 'default', key.span)]),
    ...(isDefault && !entryOf(value, 'name') ? [own('name', 'default', key.span)] : []),
  ];
  const kept = isThere ? value.entries : value.entries.filter((each) => each.key.value !== 'namespace');
  return more.length === 0 ? metadata : { ...metadata, value: { ...value, entries: [...kept, ...more] } };
}

/** `kubernetes_annotations` of a service account, as the piece of a manifest that it is. Source: Kubernetes provider. */
function annotated({ block }: Placed, evaluator: Evaluator): MapNode {
  const inner = mapOf(block.body, block, evaluator, 0);
  const [metadata, annotations] = [entryOf(inner, 'metadata'), entryOf(inner, 'annotations')];
  if (!metadata) return inner;
  const placed = inDefault(metadata, false);
  const value =
    placed.value?.kind === 'map' && annotations ? { ...placed.value, entries: [...placed.value.entries, annotations] } : placed.value;
  const entries = inner.entries.filter(({ key }) => key.value !== 'annotations' && key.value !== 'metadata');
  return { ...inner, entries: [...entries, { ...placed, value }] };
}

const deepest = 30;

/** Arguments of every resource, which are none of the object. Source: Terraform, meta-arguments. */
const meta = new Set(['for_each', 'count', 'depends_on', 'provider', 'lifecycle']);

/** A block as the map that it makes: snake_case names as the API has them, blocks as maps or lists. */
function mapOf(body: HclBody, block: HclBlock, evaluator: Evaluator, depth: number): MapNode {
  const entries: Entry[] = [];
  let open = false;
  for (const { name, value, span } of body.attributes) {
    if (depth === 0 && meta.has(name.text)) continue;
    const key = standIn(camelCase(name.text), name.span);
    entries.push({ key, value: value && evaluator.evaluate(value), span, merged: false });
  }
  for (const type of new Set(body.blocks.map((each) => each.type.text))) {
    const blocks = blocksOf(body, type);
    const [first] = blocks;
    if (!first || depth > deepest) continue;
    if (type === 'dynamic') {
      open = true;
      continue;
    }
    const list = kubernetesLists[type];
    const maps = blocks.map((each) => mapOf(each.body, each, evaluator, depth + 1));
    const span = { start: first.span.start, end: blocks[blocks.length - 1]!.span.end };
    const value: Node = list
      ? { kind: 'list', span, items: maps, open: body.blocks.some((each) => each.type.text === 'dynamic' && each.labels[0]?.text === type) }
      : maps[0]!;
    entries.push({ key: standIn(list ?? camelCase(type), first.type.span), value, span, merged: false });
  }
  return { kind: 'map', span: block.span, entries, open };
}

/** A whole manifest: an object, YAML, a text that encodes an object, or a file of the workspace. */
function* written(expression: HclExpression | undefined, evaluator: Evaluator): Generator<Manifest> {
  if (!expression) return;
  const decodes = expression.kind === 'call' && /^(yaml|json)decode$/.test(expression.name) ? expression.args[0] : undefined;
  const value = evaluator.evaluate(decodes ?? expression);
  const { input } = evaluator.member;
  if (value.kind === 'map') yield { node: value, input, language: 'hcl' };
  for (const node of value.kind === 'scalar' ? oneOf(value) : []) {
    if (node.kind !== 'scalar') continue;
    const { encodes }: Partial<Known> = node;
    if (encodes)
      yield { node: encodes.node, input: encodes.input, language: encodes.as === 'expression' ? 'hcl' : encodes.input.tree.language };
    else {
      const root = parsedText(node, 'yaml');
      if (root) yield { node: root, input, language: 'hcl' };
    }
  }
}
