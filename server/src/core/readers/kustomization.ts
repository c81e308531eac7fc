import { kustomizeCharts } from './helmDeliveries';
import { walkValues } from './kubernetes/accountValues';
import { readPatches, valuesWalk } from './kubernetes/manifests';
import { Sink } from './kubernetes/sink';
import { targetOf } from './kubernetes/kustomizePatches';
import { asList, asMap, asScalar, literalAt, textAt, toText } from './nodes';
import { valueAt } from '../syntax/nodes';
import type { Reader, ReaderInput } from './reader';
import type { KustomizationFact } from '../model/facts';
import type { Text } from '../text/text';
import type { MapNode, Node } from '../syntax/tree';

/** The fields that take other files or folders. Source: kustomize api/types/kustomization.go. */
const resourceFields = ['resources', 'bases', 'components'];

/** Reads kustomize's own file (not Flux's object of the same kind) for what it writes over, and the patches in it. */
export const kustomizationReader: Reader = {
  id: 'kustomization',
  syntaxes: ['yaml', 'json'],
  words: [String.raw`kustomize\.config\.k8s\.io`],
  // It writes names over, whatever it holds.
  files: { names: ['kustomization', 'kustomization.yaml', 'kustomization.yml'], matter: true, whole: true },
  read(input) {
    const root = asMap(input.tree.root);
    if (!root || !isKustomization(root, input)) return [];
    const fact: KustomizationFact = {
      kind: 'kustomization',
      doc: input.doc,
      span: root.span,
      ...optional('namespace', textAt(root, 'namespace')),
      ...optional('namePrefix', textAt(root, 'namePrefix')),
      ...optional('nameSuffix', textAt(root, 'nameSuffix')),
      resources: resourceFields.flatMap((field) => texts(root, field)),
      ...optional('components', nonEmpty(texts(root, 'components'))),
      ...(literalAt(root, 'kind') === 'Component' ? { isComponent: true } : {}),
      ...optional('patches', patchFiles(root)),
      ...rewritesOf(root),
    };
    const sink = new Sink(input);
    sink.add(fact);
    readPatches(root, sink);
    for (const { fact: chart, values } of kustomizeCharts(root, input)) {
      sink.add(chart);
      walkValues(values, valuesWalk(sink), sink);
    }
    return sink.facts;
  },
};

/** By its kind and group; both may be left out where the file has kustomize's name. */
export function isKustomization(root: MapNode, input: ReaderInput): boolean {
  const kind = literalAt(root, 'kind');
  const apiVersion = literalAt(root, 'apiVersion');
  if (apiVersion !== undefined && !apiVersion.startsWith('kustomize.config.k8s.io/')) return false;
  if (kind === 'Kustomization' || kind === 'Component') return apiVersion !== undefined || isNamed(input);
  return kind === undefined && isNamed(input);
}

function isNamed(input: ReaderInput): boolean {
  return /(^|\/)kustomization(\.ya?ml)?$/i.test(input.doc.uri);
}

function texts(root: MapNode, field: string): Text[] {
  return textsOf(valueAt(root, field));
}

function textsOf(node: Node | undefined): Text[] {
  const items = asList(node)?.items ?? [];
  return items.flatMap((item) => (item.kind === 'scalar' && item.value !== '' ? [toText(item)] : []));
}

/**
 * Patches that stand in files of their own: `patches[].path`, `patchesJson6902[].path`, and the one-line items of the
 * older `patchesStrategicMerge`.
 */
function patchFiles(root: MapNode): KustomizationFact['patches'] {
  const found: NonNullable<KustomizationFact['patches']>[number][] = texts(root, 'patchesStrategicMerge')
    .filter((text) => !text.value.includes('\n'))
    .map((path) => ({ path, targeted: false }));
  for (const item of ['patches', 'patchesJson6902'].flatMap((field) => asList(valueAt(root, field))?.items ?? [])) {
    const path = textAt(item, 'path');
    const target = targetOf(valueAt(item, 'target'));
    if (path) found.push({ path, targeted: target !== undefined, ...(target ? { target } : {}) });
  }
  return nonEmpty(found);
}

/**
 * What may write names or accounts' annotations in a way not read here: plugins, replacements, annotations for all.
 * Generators and charts only add objects. Source: kustomize api/types/kustomization.go, replacement.go.
 */
function rewritesOf(root: MapNode): Pick<KustomizationFact, 'rewritesNames' | 'rewritesAnnotations'> {
  let [names, annotations] = [isFilled(root, 'transformers'), isFilled(root, 'transformers')];
  for (const item of asList(valueAt(root, 'replacements'))?.items ?? []) {
    const targets = asList(valueAt(item, 'targets'));
    if (!targets) names = annotations = true;
    for (const target of targets?.items ?? []) {
      const kind = literalAt(target, 'select', 'kind');
      if (kind !== undefined && kind !== 'ServiceAccount') continue;
      for (const path of textsOf(valueAt(target, 'fieldPaths'))) {
        if (/^metadata\.(name|namespace)$/.test(path.value)) names = true;
        if (/^metadata\.annotations/.test(path.value)) annotations = true;
      }
    }
  }
  const common = asMap(valueAt(root, 'commonAnnotations'));
  if (common?.entries.some(({ key }) => /^eks\.amazonaws\.com\//.test(key.value))) annotations = true;
  return { ...(names ? { rewritesNames: true } : {}), ...(annotations ? { rewritesAnnotations: true } : {}) };
}

function isFilled(root: MapNode, field: string): boolean {
  const value = valueAt(root, field);
  return value !== undefined && !(asScalar(value)?.type === 'null' || asList(value)?.items.length === 0);
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
