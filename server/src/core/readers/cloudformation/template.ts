import { entryOf, valueAt } from '../../syntax/nodes';
import type { Entry, MapNode, Node } from '../../syntax/tree';
import { asMap, asScalar } from '../nodes';
import type { DocumentRef } from '../../syntax/sourceFile';

/** One resource of a template. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly entry: Entry;
  readonly map: MapNode;
}

/** A CloudFormation template, SAM's included: its resources by logical id. */
export interface Template {
  /** The file, and the document in it: what is deployed as one stack. */
  readonly root: string;
  readonly resources: ReadonlyMap<string, Resource>;
  /** Names that `Ref` and `${…}` may use: parameters and resources. */
  readonly names: ReadonlySet<string>;
  /** Parameters whose value is one text, and no list. */
  readonly texts: ReadonlySet<string>;
  /** True where a transform or macro of somebody's own may change what is written. */
  readonly transformed: boolean;
}

/** Whether a document is a CloudFormation template: it says so, or holds resources of AWS's types. */
export function isTemplate(root: Node | undefined): boolean {
  const resources = asMap(valueAt(root, 'Resources'));
  if (!resources) return false;
  return (
    entryOf(root, 'AWSTemplateFormatVersion') !== undefined ||
    resources.entries.some(({ value }) => /^(AWS|Custom)::/.test(typeOf(value) ?? ''))
  );
}

/** The template's parts; undefined where the document is none. */
export function readTemplate(root: Node | undefined, { uri, index }: DocumentRef): Template | undefined {
  if (!isTemplate(root)) return undefined;
  const resources = new Map<string, Resource>();
  for (const entry of asMap(valueAt(root, 'Resources'))!.entries) {
    const map = asMap(entry.value);
    const type = typeOf(map);
    if (map && type !== undefined && entry.key.holes.length === 0)
      resources.set(entry.key.value, { id: entry.key.value, type, entry, map });
  }
  const parameters = asMap(valueAt(root, 'Parameters'))?.entries ?? [];
  return {
    root: index === 0 ? uri : `${uri}#${index}`,
    resources,
    names: new Set([...resources.keys(), ...parameters.map(({ key }) => key.value)]),
    texts: new Set(parameters.flatMap(({ key, value }) => (/^(String|Number)$/.test(typeOf(value) ?? '') ? [key.value] : []))),
    transformed: entryOf(root, 'Transform') !== undefined && !onlyKnownTransforms(valueAt(root, 'Transform')),
  };
}

/** Types are names, whatever words in capitals they hold. */
function typeOf(node: Node | undefined): string | undefined {
  return asScalar(valueAt(node, 'Type'))?.value;
}

/** SAM changes nothing but its own resources. */
function onlyKnownTransforms(node: Node | undefined): boolean {
  const names = node?.kind === 'list' ? node.items : node ? [node] : [];
  return names.every(
    (name) => name.kind === 'scalar' && /^AWS::(Serverless-2016-10-31|CodeDeployBlueGreen|SecretsManager-.*)$/.test(name.value),
  );
}
