import { entryOf, valueAt } from '../../syntax/nodes';
import type { Entry, MapNode, Node } from '../../syntax/tree';
import { asMap, asScalar } from '../nodes';
import type { DocumentRef } from '../../syntax/sourceFile';

/** One resource of a program. */
export interface Resource {
  readonly id: string;
  /** Without the path in its module: `aws:iam:Role` for `aws:iam/role:Role`. */
  readonly type: string;
  readonly entry: Entry;
  readonly map: MapNode;
}

/** A Pulumi program in YAML: its resources and variables by name. Source: Pulumi YAML language reference. */
export interface Program {
  /** The file: what is deployed as one stack. */
  readonly root: string;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly variables: ReadonlyMap<string, Node>;
}

/** A type of a package: `aws:iam:Role`, `aws:iam/role:Role`, `kubernetes:core/v1:ServiceAccount`, `eks:Cluster`. */
const typeToken = /^[a-z][\w-]*:(?:[A-Za-z][\w./-]*:)?[A-Z]\w*$/;

/** Whether a document is a Pulumi program: resources with types of Pulumi's form. */
export function isProgram(root: Node | undefined): boolean {
  return asMap(valueAt(root, 'resources'))?.entries.some(({ value }) => typeOf(value) !== undefined) ?? false;
}

/** The program's parts; undefined where the document is none. */
export function readProgram(root: Node | undefined, { uri, index }: DocumentRef): Program | undefined {
  if (!isProgram(root)) return undefined;
  const resources = new Map<string, Resource>();
  for (const entry of asMap(valueAt(root, 'resources'))!.entries) {
    const [map, type] = [asMap(entry.value), typeOf(entry.value)];
    if (map && type !== undefined) resources.set(entry.key.value, { id: entry.key.value, type, entry, map });
  }
  const variables = asMap(valueAt(root, 'variables'))?.entries ?? [];
  return {
    root: index === 0 ? uri : `${uri}#${index}`,
    resources,
    variables: new Map(variables.flatMap(({ key, value }) => (value ? [[key.value, value]] : []))),
  };
}

function typeOf(node: Node | undefined): string | undefined {
  const type = asScalar(entryOf(node, 'type')?.value)?.value;
  if (type === undefined || !typeToken.test(type)) return undefined;
  return type.startsWith('kubernetes:') ? type : type.replace(/^([^:]+:[^:/]+)\/[^:]*:/, '$1:');
}
