import type { Fact } from '../../../model/facts';
import { attributeOf, blocksOf, type HclBlock, type HclBody } from '../../../syntax/hcl/body';
import type { Entry, MapNode, Node, Tree } from '../../../syntax/tree';
import { parseEmbedded } from '../../../syntax/embedded';
import { manifestReader } from '../../kubernetes/manifests';
import { Evaluator } from '../evaluate/evaluator';
import type { Member, Placed, TerraformModule } from '../modules/definition';
import { standIn } from '../texts';

/** Service accounts, workloads and manifests that Terraform applies, read as the manifests that they make. */
export function readKubernetes(module: TerraformModule): Fact[] {
  const facts: Fact[] = [];
  for (const placed of module.resources.values()) {
    for (const node of manifestsOf(placed, new Evaluator(module, placed.member))) facts.push(...readManifest(node, placed.member));
  }
  return facts;
}

/** The manifests that a resource makes. */
export function* manifestsOf(placed: Placed, evaluator: Evaluator): Generator<Node> {
  const type = placed.block.labels[0]?.text ?? '';
  const kind = Object.hasOwn(kinds, type.replace(/_v\d\w*$/, '')) ? kinds[type.replace(/_v\d\w*$/, '')] : undefined;
  if (kind) yield manifestOf(kind, placed, evaluator);
  yield* manifests(type, placed, evaluator);
}

/** Resources of the Kubernetes provider that concern accounts. */
const kinds: Readonly<Record<string, readonly [apiVersion: string, kind: string]>> = {
  kubernetes_service_account: ['v1', 'ServiceAccount'],
  kubernetes_default_service_account: ['v1', 'ServiceAccount'],
  kubernetes_pod: ['v1', 'Pod'],
  kubernetes_deployment: ['apps/v1', 'Deployment'],
  kubernetes_stateful_set: ['apps/v1', 'StatefulSet'],
  kubernetes_daemonset: ['apps/v1', 'DaemonSet'],
  kubernetes_daemon_set: ['apps/v1', 'DaemonSet'],
  kubernetes_job: ['batch/v1', 'Job'],
  kubernetes_cron_job: ['batch/v1', 'CronJob'],
};

function readManifest(root: Node, { input }: Member): readonly Fact[] {
  const tree: Tree = { root, problems: [], comments: [], templated: false, language: 'hcl' };
  return manifestReader.read({ doc: input.doc, text: input.text, tree });
}

function manifestOf([apiVersion, kind]: readonly [string, string], { block }: Placed, evaluator: Evaluator): MapNode {
  const head = block.labels[0]?.span ?? block.type.span;
  const inner = mapOf(block.body, block, evaluator, 0);
  const own = (key: string, value: string): Entry => ({ key: standIn(key, head), value: standIn(value, head), span: head, merged: false });
  return { ...inner, entries: [own('apiVersion', apiVersion), own('kind', kind), ...inner.entries] };
}

/** Blocks that a manifest writes as lists. */
const lists: Readonly<Record<string, string>> = {
  container: 'containers',
  init_container: 'initContainers',
  env: 'env',
  volume: 'volumes',
  sources: 'sources',
};
const deepest = 30;

/** A block as the map that it makes: snake_case names as the API has them, blocks as maps or lists. */
function mapOf(body: HclBody, block: HclBlock, evaluator: Evaluator, depth: number): MapNode {
  const entries: Entry[] = [];
  let open = false;
  for (const { name, value, span } of body.attributes) {
    const key = standIn(camel(name.text), name.span);
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
    const list = lists[type];
    const maps = blocks.map((each) => mapOf(each.body, each, evaluator, depth + 1));
    const span = { start: first.span.start, end: blocks[blocks.length - 1]!.span.end };
    const value: Node = list
      ? { kind: 'list', span, items: maps, open: body.blocks.some((each) => each.type.text === 'dynamic' && each.labels[0]?.text === type) }
      : maps[0]!;
    entries.push({ key: standIn(list ?? camel(type), first.type.span), value, span, merged: false });
  }
  return { kind: 'map', span: block.span, entries, open };
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Whole manifests: `kubernetes_manifest` as an object, `kubectl_manifest` as YAML. */
function* manifests(type: string, { block }: Placed, evaluator: Evaluator): Generator<Node> {
  if (type === 'kubernetes_manifest') {
    const value = attributeOf(block.body, 'manifest')?.value;
    if (value) yield evaluator.evaluate(value);
  } else if (type === 'kubectl_manifest') {
    const value = attributeOf(block.body, 'yaml_body')?.value;
    if (!value) return;
    const encoded = value.kind === 'call' && value.name === 'yamlencode' && value.args[0];
    const node = evaluator.evaluate(encoded || value);
    const root = node.kind === 'scalar' ? parseEmbedded(node, 'yaml')?.root : node;
    if (root) yield root;
  }
}
