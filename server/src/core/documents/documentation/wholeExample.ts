import { hasKind } from '../../readers/kubernetes/manifests';
import { isClaimed } from '../../readers/registry';
import { looksLikePolicy } from '../../readers/trustPolicyShapes';
import { entryOf } from '../../syntax/nodes';
import type { SourceDocument } from '../../syntax/sourceFile';
import type { MapNode, Node } from '../../syntax/tree';
import { isElided, warns } from './wrongOnPurpose';

/**
 * Whether an embedded document is plainly a whole one, meant to be followed: only then is anything said of it. Documentation
 * is full of pieces, of dots that stand for more, and of mistakes shown on purpose.
 */
export function isWhole(document: SourceDocument): boolean {
  const wrapping = document.embedded?.wrapping;
  // Where tabs fall off, a fix could not tell how far a line of YAML stands in.
  if (wrapping?.kind === 'heredoc' && wrapping.tabs && document.syntax === 'yaml') return false;
  if (document.embedded?.quiet || isElided(document.text)) return false;
  const tree = document.tree();
  if (tree.problems.length > 0 || tree.comments.some(({ text }) => warns(text))) return false;
  if (tree.hcl) return true;
  return tree.root?.kind === 'list' ? tree.root.items.length > 0 && tree.root.items.every(isWholeShape) : isWholeShape(tree.root);
}

/** An object with its version and kind, a template, a policy with its version, or IAM's own answer about a role. */
function isWholeShape(node: Node | undefined): boolean {
  if (node?.kind !== 'map' || node.open) return false;
  if (hasKind(node)) return ['apiVersion', 'kind'].every((key) => entryOf(node, key)?.value !== undefined);
  return (
    isClaimed(node) || (looksLikePolicy(node) && isWholePolicy(node)) || ['Role', 'Roles'].some((key) => entryOf(node, key) !== undefined)
  );
}

const elements = new Set(['sid', 'effect', 'principal', 'notprincipal', 'action', 'notaction', 'resource', 'notresource', 'condition']);
const operator = /^(?:for(?:any|all)values?:)?(?:string|arn|numeric|date|bool|binary|ip|notip|null)/i;

/** A policy and not a sketch of one: with its version, each statement with what it needs and without what no policy has (`_comment`). */
function isWholePolicy(node: MapNode): boolean {
  const statement = valueOf(node, 'statement');
  if (!statement || !valueOf(node, 'version')) return false;
  return (statement.kind === 'list' ? statement.items : [statement]).every((each) => {
    if (each.kind !== 'map' || each.entries.some(({ key }) => !elements.has(key.value.toLowerCase()))) return false;
    const has = (...names: string[]): boolean => names.some((name) => valueOf(each, name) !== undefined);
    const condition = valueOf(each, 'condition');
    const isSketch = condition?.kind === 'map' && condition.entries.some(({ key }) => key.holes.length === 0 && !operator.test(key.value));
    return has('effect') && has('action', 'notaction') && has('principal', 'notprincipal') && !isSketch;
  });
}

function valueOf(node: MapNode, name: string): Node | undefined {
  return node.entries.find(({ key }) => key.value.toLowerCase() === name)?.value;
}
