import type { Change } from '../../../fixes/edits';
import type { AnnotationFact, ServiceAccountFact } from '../../../model/facts';
import type { Edit } from '../../../rules/rule';
import type { HclBody } from '../../../syntax/hcl/body';
import { outerSpan } from '../../../syntax/nodes';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { ListNode, MapNode, Node } from '../../../syntax/tree';
import type { Span } from '../../../text/span';
import type { Made } from '../../types';
import { isClusterConfig } from '../association/eksctl';
import { cutBlock } from '../blocks';
import { cutEntries } from '../cuts';
import { entryAt, type FoundEntry } from '../hclSearch';
import { cutPath, cutStep, isFlow, pathTo, type Step } from '../maps';
import { checked, isSameSpan } from '../source';
import { cutAnnotationLines } from './lines';
import { cutInScalar, cutOperations, emptyPatch, operationsOf } from './patches';

const inTemplate = 'A template decides whether the annotation is there: change the template manually.';
const manually = 'The annotation is not written by itself here: remove it manually.';

/**
 * Takes the annotations for IRSA off an account: the role's ARN, and those that mean nothing without it. The `annotations` key leaves
 * with the last of them; where a map would be empty, it becomes `annotations: {}`. An account of eksctl's `iam.serviceAccounts` leaves
 * as a whole. Comments on the lines directly above an annotation, in its column, belong to it.
 */
export function removeAnnotation(account: ServiceAccountFact, document: SourceDocument): Made<readonly Edit[]> {
  if (account.address !== undefined) return { refused: "The account is in Terraform's plan or state: change the configuration." };
  const { root } = document.tree();
  if (document.syntax !== 'hcl' && isClusterConfig(root)) return removeEntry(account, document);
  const facts = [account.roleArn, account.audience, account.stsRegionalEndpoints, account.tokenExpiration].filter(
    (each): each is AnnotationFact => each !== undefined,
  );
  if (!account.roleArn) return { refused: 'The service account has no role-arn annotation.' };
  if (facts.some((each) => each.doc.uri !== document.ref.uri || each.doc.index !== document.ref.index))
    return { refused: 'The annotation is written in another file: remove it there.' };
  const spans = facts.map(({ entrySpan }) => entrySpan);
  const operations = document.syntax === 'hcl' || !root ? undefined : operationsOf(root);
  const changes = operations
    ? cutOperations(document.text, operations, spans, cutInTree)
    : document.syntax === 'hcl'
      ? fromTerraform(document, spans)
      : fromTree(document.text, root, spans);
  if (changes === 'all') return { refused: emptyPatch };
  if (!changes) return { refused: document.tree().templated ? inTemplate : manually };
  return checked(document, changes);
}

/** Takes an entry of eksctl's `iam.serviceAccounts` out, and the key with its last entry. */
export function removeEntry({ span }: { readonly span: Span }, document: SourceDocument): Made<readonly Edit[]> {
  const path = pathTo(document.tree().root, span);
  const keys = path?.flatMap(({ parent, index }) => (parent.kind === 'map' ? [parent.entries[index]!.key.value] : []));
  if (keys?.join('/') !== 'iam/serviceAccounts')
    return { refused: 'The account is an add-on of eksctl: its own association takes the place of its role.' };
  return cutPath(document, path!, ['serviceAccounts']) ?? { refused: manually };
}

/** Entries of annotations in YAML or JSON, items of a list of Helm's parameters; also in a text that the document holds. */
function fromTree(text: string, root: Node | undefined, spans: readonly Span[]): Change[] | undefined {
  return spans.every((span) => pathTo(root, span) === undefined)
    ? (cutInScalar(text, root, spans, cutInTree) ?? cutAnnotationLines(text, spans))
    : cutInTree(text, root, spans);
}

function cutInTree(text: string, root: Node | undefined, spans: readonly Span[]): Change[] | undefined {
  const paths = spans.map((span) => pathTo(root, span));
  const changes: Change[] = [];
  const groups = new Map<MapNode | ListNode, { readonly path: readonly Step[]; readonly indices: Set<number> }>();
  for (const path of paths) {
    const step = path?.at(-1);
    if (!path || !step) return undefined;
    const own = groups.get(step.parent);
    if (own) own.indices.add(step.index);
    else groups.set(step.parent, { path, indices: new Set([step.index]) });
  }
  for (const { path, indices } of groups.values()) {
    const made = cutOf(text, path, indices);
    if (!made) return undefined;
    changes.push(...made);
  }
  return changes;
}

/** Keys of lists that may be missing: Helm's parameters in Argo CD. */
const optionalLists: ReadonlySet<string> = new Set(['parameters', 'set', 'setString', 'fileParameters']);

function cutOf(text: string, path: readonly Step[], indices: ReadonlySet<number>): Change[] | undefined {
  const { parent } = path[path.length - 1]!;
  const [index, ...also] = indices as unknown as Iterable<number>;
  const children = parent.kind === 'map' ? parent.entries.length : parent.items.length;
  if (indices.size < children) return cutStep(text, { parent, index: index! }, also);
  const above = path[path.length - 2];
  const holder = above?.parent.kind === 'map' ? above.parent.entries[above.index] : undefined;
  if (!above || !holder || holder.conditional || holder.merged) return undefined;
  const name = holder.key.value;
  if (parent.kind === 'list') return optionalLists.has(name) ? cutStep(text, above) : undefined;
  if (!/annotations$/i.test(name) || parent.entries.some(({ conditional }) => conditional)) return undefined;
  if (parent.open)
    return isFlow(text, parent)
      ? undefined
      : cutEntries(
          text,
          parent.entries.map(({ span }) => span),
          indices,
          'lines',
        );
  return (
    cutStep(text, above) ?? [
      { span: { start: holder.key.outer.end, end: outerSpan(parent).end }, newText: isFlow(text, parent) ? ': {}' : ': {}' },
    ]
  );
}

function fromTerraform(document: SourceDocument, spans: readonly Span[]): Change[] | undefined {
  const { hcl } = document.tree();
  const { text } = document;
  const changes: Change[] = [];
  const groups = new Map<number, { readonly found: FoundEntry; readonly body: HclBody; readonly indices: Set<number> }>();
  const lines: Span[] = [];
  for (const span of spans) {
    const place = innermost(hcl, span);
    if (!place) return undefined;
    if (isSameSpan(place.span, span)) {
      if (!/^set(?:_string|_sensitive)?$/.test(place.type)) return undefined;
      changes.push(cutBlock(text, place, place.holder));
      continue;
    }
    const found = entryAt(place.body, span);
    if (!found) {
      lines.push(span);
      continue;
    }
    const own = groups.get(found.holder.start);
    if (own) own.indices.add(found.index);
    else groups.set(found.holder.start, { found, body: place.body, indices: new Set([found.index]) });
  }
  for (const { found, body, indices } of groups.values()) {
    const resource = hcl?.blocks.find((each) => each.body === body && each.labels[0]?.text === 'kubernetes_annotations');
    if (resource && indices.size === found.entries.length) {
      // The resource is there for its annotations alone, and can't be without any.
      if (text.includes(`kubernetes_annotations.${resource.labels[1]?.text ?? ''}`)) return undefined;
      changes.push(cutBlock(text, resource, undefined));
      continue;
    }
    const made =
      indices.size < found.entries.length ? cutEntries(text, found.entries, indices, 'commas') : emptied(text, body, found.holder);
    if (!made) return undefined;
    changes.push(...made);
  }
  if (lines.length === 0) return changes;
  // What is in no object is YAML in a text, unless it is an argument by itself.
  if (lines.some((span) => isArgument(hcl, span))) return undefined;
  const made = cutAnnotationLines(text, lines);
  return made && [...changes, ...made];
}

/** An object that would be empty: its argument or its entry leaves where it is the `annotations`, else it stays as `{}`. */
function emptied(text: string, body: HclBody, object: Span): Change[] | undefined {
  const argument = body.attributes.find(({ value }) => value && isSameSpan(value.span, object));
  if (argument && /^(?:annotations|set_irsa_names)$/.test(argument.name.text) && body.attributes.length > 1)
    return cutEntries(text, [argument.span], new Set([0]), 'lines') ?? undefined;
  const entry = entryHolding(body, object);
  if (entry && entry.entries.length > 1) return cutEntries(text, entry.entries, new Set([entry.index]), 'commas');
  return [{ span: object, newText: text[object.start] === '[' ? '[]' : '{}' }];
}

/** The entry of an object named `annotations` whose value stands at a span. */
function entryHolding(body: HclBody, value: Span): FoundEntry | undefined {
  const stack = body.attributes.flatMap((each) => each.value ?? []);
  for (let each = stack.pop(); each; each = stack.pop()) {
    if (each.span.start > value.start || each.span.end < value.end) continue;
    if (each.kind === 'object') {
      const index = each.entries.findIndex((entry) => entry.value && isSameSpan(entry.value.span, value));
      const key = each.entries[index]?.key;
      if (index >= 0)
        return key?.kind === 'name' && /annotations$/i.test(key.text)
          ? { entries: each.entries.map(({ span }) => span), index, holder: each.span }
          : undefined;
      stack.push(...each.entries.flatMap((entry) => entry.value ?? []));
    } else if (each.kind === 'tuple') stack.push(...each.items);
    else if (each.kind === 'call') stack.push(...each.args);
  }
  return undefined;
}

interface Place {
  readonly type: string;
  readonly body: HclBody;
  readonly span: Span;
  readonly holder: { readonly span: Span } | undefined;
}

/** The innermost block around a span. */
function innermost(body: HclBody | undefined, span: Span): Place | undefined {
  let found: Place | undefined;
  let blocks = body?.blocks ?? [];
  for (;;) {
    const around = blocks.find((each) => each.span.start <= span.start && each.span.end >= span.end);
    if (!around) return found;
    found = { type: around.type.text, body: around.body, span: around.span, holder: found };
    blocks = around.body.blocks;
  }
}

function isArgument(body: HclBody | undefined, span: Span): boolean {
  return innermost(body, span)?.body.attributes.some((each) => isSameSpan(each.span, span)) ?? true;
}
