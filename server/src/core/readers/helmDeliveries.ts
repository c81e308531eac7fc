import type { Delivery, HelmDelivery, KustomizationFact } from '../model/facts';
import { valueAt } from '../syntax/nodes';
import type { Node } from '../syntax/tree';
import type { Span } from '../text/span';
import type { Text } from '../text/text';
import type { ManifestObject } from './kubernetes/object';
import { asList, asMap, asScalar, literalAt, textAt, toText } from './nodes';
import type { ReaderInput } from './reader';

/** So many releases of one object are told apart: more elements of an ApplicationSet are as unknown as another generator's. */
const mostReleases = 300;
/** So many values files of a release are read; no chart has more. */
const mostFiles = 50;

/** What a template's variables stand for, by their names. */
type Parameters = ReadonlyMap<string, string>;

/** One release of a chart, as a fact. */
export function releaseFact(
  tool: Delivery['tool'],
  name: Text | undefined,
  release: HelmDelivery,
  span: Span,
  { doc }: Pick<ReaderInput, 'doc'>,
): KustomizationFact {
  return { kind: 'kustomization', doc, span, resources: [], delivery: { tool, ...(name ? { name } : {}), recursive: false, release } };
}

/**
 * The releases of an Argo CD Application: one for each source that is a chart of the repository, or a chart of another
 * whose values files are in this one (`$values/…`). Source: Argo CD, user guide, Helm and Multiple Sources.
 * @param spec the Application's, with what `parameters` fill in
 */
export function argoReleases(
  object: ManifestObject,
  spec: Node | undefined,
  parameters: Parameters | undefined,
  input: ReaderInput,
): KustomizationFact[] {
  const fill = (text: Text | undefined): Text | undefined => text && filled(text, parameters);
  const sources = sourcesOf(spec).slice(0, mostReleases);
  const refs = new Set(sources.map((source) => literalAt(source, 'ref')).filter((ref) => ref !== undefined));
  const namespace = fill(textAt(spec, 'destination', 'namespace'));
  const name = fill(object.kind === 'ApplicationSet' ? textAt(object.map, 'spec', 'template', 'metadata', 'name') : object.names.name);
  return sources.flatMap((source) => {
    const helm = valueAt(source, 'helm');
    const isRemote = valueAt(source, 'chart') !== undefined;
    const chart = isRemote ? undefined : fill(textAt(source, 'path'));
    const listed = asList(valueAt(helm, 'valueFiles'))?.items ?? [];
    const texts = listed.slice(0, mostFiles).map((item) => (item.kind === 'scalar' ? fill(toText(item)) : undefined));
    const files = texts.flatMap((text) => (text ? (argoFile(text, refs, chart !== undefined) ?? []) : []));
    if ((!chart && files.length === 0) || (chart && !helm && !mayBeChart(source))) return [];
    const releaseName = fill(textAt(helm, 'releaseName')) ?? name;
    const open = files.length < listed.length || valueAt(object.map, 'spec', 'templatePatch') !== undefined;
    const release: HelmDelivery = {
      from: 'repository',
      ...(chart ? { chart } : {}),
      files,
      ...(releaseName ? { name: releaseName } : {}),
      ...(namespace ? { namespace } : {}),
      ...(open ? { open: true } : {}),
    };
    return [releaseFact('Argo CD Application', name, release, object.map.span, input)];
  });
}

function sourcesOf(spec: Node | undefined): readonly Node[] {
  return [valueAt(spec, 'source'), ...(asList(valueAt(spec, 'sources'))?.items ?? [])].filter((source) => source !== undefined);
}

/** A folder may be a chart where nothing says that it is something else. */
function mayBeChart(source: Node): boolean {
  return ['kustomize', 'directory', 'plugin'].every((key) => valueAt(source, key) === undefined);
}

/** A values file: relative to the chart, from the repository's root, or in the repository of another source. */
function argoFile(path: Text, refs: ReadonlySet<string>, hasChart: boolean): HelmDelivery['files'][number] | undefined {
  const [, ref] = /^\$([\w.-]+)\//.exec(path.value) ?? [];
  if (ref !== undefined) return refs.has(ref) ? { path: without(path, ref.length + 2), from: 'base' } : undefined;
  if (path.holes.length > 0 || /^[a-z][\w+.-]*:\/\//i.test(path.value) || !hasChart) return undefined;
  return path.value.startsWith('/') ? { path: without(path, 1), from: 'base' } : { path, from: 'chart' };
}

/** A text without its first characters, in the same place. */
function without(text: Text, count: number): Text {
  const holes = text.holes.map((hole) => ({ ...hole, start: hole.start - count, end: hole.end - count })).filter(({ start }) => start >= 0);
  return standing(text, text.value.slice(count), holes);
}

/** Another value in the place of a text: no edit reaches into it. */
function standing({ span, outer, quoted }: Text, value: string, holes: Text['holes'] = []): Text {
  return {
    value,
    holes,
    span,
    outer,
    quoted,
    encodings: [],
    map: [[0, span.start]],
    borrowed: [{ start: 0, end: value.length, span: outer }],
  };
}

/** The releases of an ApplicationSet: of a list generator one for each element; of others what their template tells without variables. */
export function applicationSet(object: ManifestObject, input: ReaderInput): KustomizationFact[] {
  const spec = valueAt(object.map, 'spec', 'template', 'spec');
  const all = elementsOf(valueAt(object.map, 'spec', 'generators'), mostReleases / Math.max(1, sourcesOf(spec).length));
  const sets: readonly (Parameters | undefined)[] = all ?? [undefined];
  return sets.flatMap((parameters) => argoReleases(object, spec, parameters, input));
}

/** The elements of list generators; undefined where another generator, or a template, makes more. */
function elementsOf(generators: Node | undefined, most: number): readonly Parameters[] | undefined {
  const list = asList(generators);
  if (!list || list.open) return undefined;
  const found: Parameters[] = [];
  for (const generator of list.items) {
    const elements = asList(valueAt(generator, 'list', 'elements'));
    if (!elements || elements.open || found.length + elements.items.length > most) return undefined;
    for (const element of elements.items) {
      const parameters = new Map<string, string>();
      collect(element, '', parameters, 0);
      found.push(parameters);
    }
  }
  return found;
}

function collect(node: Node, path: string, parameters: Map<string, string>, depth: number): void {
  if (node.kind === 'scalar' && node.holes.length === 0 && node.type !== 'null') parameters.set(path, node.value);
  if (node.kind !== 'map' || depth > 10 || parameters.size > 1000) return;
  for (const { key, value } of node.entries)
    if (value) collect(value, path === '' ? key.value : `${path}.${key.value}`, parameters, depth + 1);
}

/** `{{cluster}}` and `{{ .cluster.name }}` replaced, where all of a text's variables are known; `$values` of a source stays. */
function filled(text: Text, parameters: Parameters | undefined): Text {
  if (!parameters || text.holes.length === 0) return text;
  const kept: Text['holes'][number][] = [];
  let value = '';
  let at = 0;
  for (const hole of text.holes) {
    const written = text.value.slice(hole.start, hole.end);
    const [, name] = /^\{\{\s*\.?([\w.-]+)\s*\}\}$/.exec(written) ?? [];
    const known = /^\$[\w.-]+$/.test(written) ? written : name === undefined ? undefined : parameters.get(name);
    if (known === undefined) return text;
    value += text.value.slice(at, hole.start);
    if (name === undefined) kept.push({ ...hole, start: value.length, end: value.length + known.length });
    value += known;
    at = hole.end;
  }
  return standing(text, value + text.value.slice(at), kept);
}

/** A Flux HelmRelease whose chart is a folder of a Git repository. Source: helm-controller, HelmRelease API v2 (chart, values, targetNamespace). */
export function fluxRelease(object: ManifestObject, input: ReaderInput): KustomizationFact[] {
  const spec = valueAt(object.map, 'spec');
  const template = valueAt(spec, 'chart', 'spec');
  const chart = textAt(template, 'chart');
  const source = literalAt(template, 'sourceRef', 'kind');
  if (!chart || !(source === 'GitRepository' || (source === undefined && chart.value.startsWith('./')))) return [];
  const listed = [...(asList(valueAt(template, 'valuesFiles'))?.items ?? []), ...(scalarAt(template, 'valuesFile') ?? [])];
  const files = listed
    .slice(0, mostFiles)
    .flatMap((item) => (item.kind === 'scalar' ? [{ path: toText(item), from: 'base' as const }] : []));
  const target = textAt(spec, 'targetNamespace');
  const namespace = target ?? object.names.namespace;
  const name = textAt(spec, 'releaseName') ?? object.names.name;
  const release: HelmDelivery = {
    from: 'repository',
    chart,
    files,
    ...(files.length > 0 ? { withoutChartValues: true } : {}),
    ...(name ? { name } : {}),
    ...(namespace ? { namespace } : {}),
    ...(target ? {} : { movable: true }),
    ...(asList(valueAt(spec, 'valuesFrom')) || files.length < listed.length ? { open: true } : {}),
  };
  return [releaseFact('Flux HelmRelease', object.names.name, release, object.map.span, input)];
}

function scalarAt(node: Node | undefined, key: string): readonly Node[] | undefined {
  const scalar = asScalar(valueAt(node, key));
  return scalar && [scalar];
}

/**
 * The charts of a kustomization, each a release. Source: kustomize api/types/helmchartargs.go (HelmChart, HelmGlobals).
 * @param root the kustomization
 */
export function kustomizeCharts(root: Node, input: ReaderInput): { readonly fact: KustomizationFact; readonly values: Node | undefined }[] {
  const home = textAt(root, 'helmGlobals', 'chartHome');
  return (asList(valueAt(root, 'helmCharts'))?.items ?? []).flatMap((item) => {
    const map = asMap(item);
    const name = textAt(item, 'name');
    if (!map || !name) return [];
    const texts = [valueAt(item, 'valuesFile'), ...(asList(valueAt(item, 'additionalValuesFiles'))?.items ?? [])];
    const files = texts
      .slice(0, mostFiles)
      .flatMap((text) => (text?.kind === 'scalar' && text.value !== '' ? [{ path: toText(text), from: 'base' as const }] : []));
    const folder = home?.value.replace(/\/+$/, '') ?? 'charts';
    const isHere = valueAt(item, 'repo') === undefined && (home?.holes.length ?? 0) === 0;
    const releaseName = textAt(item, 'releaseName');
    const namespace = textAt(item, 'namespace');
    const release: HelmDelivery = {
      from: 'file',
      ...(isHere ? { chart: standing(name, `${folder}/${name.value}`, shifted(name.holes, folder.length + 1)) } : {}),
      files,
      ...(releaseName ? { name: releaseName } : {}),
      ...(namespace ? { namespace } : {}),
      movable: true,
    };
    return [{ fact: releaseFact('Kustomize chart', releaseName ?? name, release, map.span, input), values: valueAt(item, 'valuesInline') }];
  });
}

function shifted(holes: Text['holes'], by: number): Text['holes'] {
  return holes.map((hole) => ({ ...hole, start: hole.start + by, end: hole.end + by }));
}

/** How many of helmfile's environments are told apart. */
const mostEnvironments = 20;

/**
 * A release of helmfile: one for each environment where its paths are made of the environment's name. Source: helmfile,
 * documentation of helmfile.yaml (releases, environments).
 */
export function helmfileRelease(item: Node, environments: readonly string[], input: ReaderInput): KustomizationFact[] {
  const map = asMap(item);
  if (!map) return [];
  const chart = textAt(item, 'chart');
  const texts = ['values', 'secrets']
    .flatMap((key) => asList(valueAt(item, key))?.items ?? [])
    .flatMap((each) => (each.kind === 'scalar' ? [toText(each)] : []));
  const namespace = textAt(item, 'namespace');
  const own = [chart, namespace, ...texts].some((text) => text?.holes.some(({ source }) => environmentName.test(source)));
  const names = own && environments.length > 0 ? environments.slice(0, mostEnvironments) : [undefined];
  return names.flatMap((environment) => {
    const fill = (text: Text): Text => (environment === undefined ? text : inEnvironment(text, environment));
    const isLocal = chart !== undefined && /^\.{0,2}\//.test(chart.value);
    const files = texts.slice(0, mostFiles).map((path) => ({ path: fill(path), from: 'base' as const }));
    if (!isLocal && files.length === 0) return [];
    const name = textAt(item, 'name');
    const release: HelmDelivery = {
      from: 'file',
      ...(isLocal ? { chart: fill(chart) } : {}),
      files,
      ...(name ? { name } : {}),
      ...(namespace ? { namespace: fill(namespace) } : {}),
      ...(map.open || files.length < texts.length ? { open: true } : {}),
    };
    return [releaseFact('helmfile release', name, release, map.span, input)];
  });
}

const environmentName = /^\{\{-?\s*\.Environment\.Name\s*-?\}\}$/;

function inEnvironment(text: Text, environment: string): Text {
  if (text.holes.length === 0 || !text.holes.every(({ source }) => environmentName.test(source))) return text;
  let value = '';
  let at = 0;
  for (const hole of text.holes) {
    value += text.value.slice(at, hole.start) + environment;
    at = hole.end;
  }
  return standing(text, value + text.value.slice(at));
}
