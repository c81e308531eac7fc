import type { Entry, Node, ScalarNode } from '../../../syntax/tree';
import { isHole, literal } from '../../../text/texts';
import type { Text } from '../../../text/text';
import type { ReaderInput } from '../../reader';
import { substitute, type Variable } from '../../substitute';
import type { Evaluator } from '../evaluate/evaluator';
import { resolveUri } from '../modules/folders';

/** A file that a module reads, by the path that it gives. */
export interface FoundFile {
  readonly path: string;
  readonly uri: string;
  /** Its one document; absent where the workspace has no such file, or it holds nothing for us. */
  readonly input?: ReaderInput;
}

/** The file of `file(path)` and `templatefile(path, …)`; undefined where the path is not known or leads out. */
export function documentsOf(path: Node, { module }: Evaluator): FoundFile | undefined {
  if (path.kind !== 'scalar') return undefined;
  const [hole, more] = path.holes;
  const folder =
    hole === undefined ? module.run.root : hole.start === 0 && !more && /^path\./.test(hole.why?.what ?? '') ? hole.why?.uri : undefined;
  if (folder === undefined) return undefined;
  const relative = hole ? path.value.slice(hole.end) : path.value;
  if (hole && !relative.startsWith('/')) return undefined;
  const below = hole ? relative.replace(/^\/+/, '') : relative;
  const uri = resolveUri(folder, below);
  const inputs = uri === undefined ? undefined : module.run.surroundings.file(uri);
  return uri === undefined ? undefined : { path: below, uri, ...(inputs?.[0] ? { input: inputs[0] } : {}) };
}

/**
 * A template's tree with what a call gives its variables. Everything stands where the template has it; a value that is one
 * variable whole leads to the call's argument. Source: Terraform, templatefile.
 */
export function filled(root: Node, variables: Node, evaluator: Evaluator): Node {
  const values = new Map<string, ScalarNode>();
  if (variables.kind === 'map') for (const { key, value } of variables.entries) if (value?.kind === 'scalar') values.set(key.value, value);
  const { run } = evaluator.module;
  const { uri } = evaluator.member.input.doc;
  const fill = (node: ScalarNode): ScalarNode => {
    if (node.holes.length === 0) return node;
    const text = substitute(node, (name) => values.get(name), (value) => variablesIn(value, node)); // prettier-ignore
    const whole = isHole(node) ? values.get(nameIn(node.holes[0]!.source) ?? '') : undefined;
    if (!whole) return text;
    const { refers, filledBy = { uri, span: whole.outer } } = whole;
    return { ...text, filledBy, ...(refers ? { refers } : {}), ...(literal(whole) === undefined ? {} : { quoted: true }) };
  };
  const walk = (node: Node): Node => {
    if (!run.take()) return node;
    switch (node.kind) {
      case 'scalar':
        return fill(node);
      case 'list':
        return { ...node, items: node.items.map(walk) };
      case 'map':
        return {
          ...node,
          entries: node.entries.map((entry): Entry => ({ ...entry, key: fill(entry.key), value: entry.value && walk(entry.value) })),
        };
      case 'unknown':
        return node;
    }
  };
  return walk(root);
}

/** The variables that stand alone in a text's holes; what else is computed in them stays a hole. */
function* variablesIn(value: string, { holes }: Text): Generator<Variable> {
  for (const { start, end } of holes) {
    const name = nameIn(value.slice(start, end));
    if (name !== undefined) yield { start, end, name };
  }
}

function nameIn(source: string): string | undefined {
  return /^\$\{~?\s*([A-Za-z_][\w-]*)\s*~?\}$/.exec(source)?.[1];
}
