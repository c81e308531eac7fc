import type { HclBody, HclExpression } from '../syntax/hcl/body';
import type { Node, Tree } from '../syntax/tree';

/** A node and all nodes under it: keys, what stands behind a tag and what came through aliases included. */
export function* everyNode(root: Node | undefined): Generator<Node> {
  const stack: Node[] = root ? [root] : [];
  for (let node = stack.pop(); node; node = stack.pop()) {
    yield node;
    if (node.kind === 'list') for (const item of node.items) stack.push(item);
    else if (node.kind === 'map') for (const { key, value } of node.entries) stack.push(key, ...(value ? [value] : []));
    else if (node.kind === 'unknown' && node.tagged) stack.push(node.tagged.node);
    // The first item of `!Sub`'s list is the text itself.
    else if (node.kind === 'scalar' && node.substitutes && node.substitutes !== true) stack.push(...node.substitutes.items.slice(1));
  }
}

/** What is wrong with a document's syntax: mistakes that no template explains, and keys that stand twice in one map. */
export interface SyntaxFaults {
  readonly problems: number;
  readonly doubles: number;
}

const known = new WeakMap<Tree, SyntaxFaults>();

/** Counts the faults of a tree. */
export function syntaxFaults(tree: Tree): SyntaxFaults {
  let found = known.get(tree);
  if (!found) {
    let doubles = tree.hcl ? doublesInBody(tree.hcl) : 0;
    for (const node of everyNode(tree.root)) {
      if (node.kind === 'map') doubles += doublesAmong(node.entries.filter(({ merged }) => !merged).map(({ key }) => key.value));
    }
    known.set(tree, (found = { problems: tree.problems.filter(({ inTemplate }) => !inTemplate).length, doubles }));
  }
  return found;
}

function doublesAmong(keys: readonly string[]): number {
  return keys.length - new Set(keys).size;
}

function doublesInBody(body: HclBody): number {
  let doubles = 0;
  const bodies = [body];
  const expressions: HclExpression[] = [];
  for (let next = bodies.pop(); next; next = bodies.pop()) {
    doubles += doublesAmong(next.attributes.map(({ name }) => name.text));
    for (const { value } of next.attributes) if (value) expressions.push(value);
    for (const block of next.blocks) bodies.push(block.body);
  }
  for (let next = expressions.pop(); next; next = expressions.pop()) {
    if (next.kind === 'tuple') for (const item of next.items) expressions.push(item);
    else if (next.kind === 'call') for (const argument of next.args) expressions.push(argument);
    else if (next.kind === 'object') {
      doubles += doublesAmong(next.entries.flatMap(({ key }) => (key.kind === 'name' ? [key.text] : [])));
      for (const { value } of next.entries) if (value) expressions.push(value);
    }
  }
  return doubles;
}
