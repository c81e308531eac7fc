import { readPatches } from './kubernetes/manifests';
import { Sink } from './kubernetes/sink';
import { asList, asMap, literalAt, textAt, toText } from './nodes';
import { valueAt } from '../syntax/nodes';
import type { Reader, ReaderInput } from './reader';
import type { KustomizationFact } from '../model/facts';
import type { Text } from '../text/text';
import type { MapNode } from '../syntax/tree';

/** The fields that take other files or folders. Source: kustomize api/types/kustomization.go. */
const resourceFields = ['resources', 'bases', 'components'];

/** Reads kustomize's own file (not Flux's object of the same kind) for what it writes over, and the patches in it. */
export const kustomizationReader: Reader = {
  id: 'kustomization',
  syntaxes: ['yaml', 'json'],
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
      ...optional('patches', patchFiles(root)),
    };
    const sink = new Sink(input);
    sink.add(fact);
    readPatches(root, sink);
    return sink.facts;
  },
};

/** By its kind and group; both may be left out where the file has kustomize's name. */
function isKustomization(root: MapNode, input: ReaderInput): boolean {
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
  const items = asList(valueAt(root, field))?.items ?? [];
  return items.flatMap((item) => (item.kind === 'scalar' && item.value !== '' ? [toText(item)] : []));
}

/** Patches that stand in files of their own: `patches[].path`, and the one-line items of the older `patchesStrategicMerge`. */
function patchFiles(root: MapNode): KustomizationFact['patches'] {
  const found = texts(root, 'patchesStrategicMerge').filter((text) => !text.value.includes('\n')).map((path) => ({ path, targeted: false }));
  for (const item of asList(valueAt(root, 'patches'))?.items ?? []) {
    const path = textAt(item, 'path');
    if (path) found.push({ path, targeted: valueAt(item, 'target') !== undefined });
  }
  return found.length > 0 ? found : undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
