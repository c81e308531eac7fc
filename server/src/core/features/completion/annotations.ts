import { annotationKeys } from '../../model/annotations';
import type { WorkspaceView } from '../workspaceView';
import { textOf, type CompletionContext } from './context';
import { asKey, asValue, type Item } from './item';

/** Where annotations stand: on a ServiceAccount, or on a Pod or pod template. */
type AnnotationPlace = 'service-account' | 'pod-template';

/** Annotation keys of the webhook where they belong, and the values of those that have a few. */
export function annotationItems(_view: WorkspaceView, context: CompletionContext): readonly Item[] {
  if (context.syntax !== 'yaml' && textOf(context.maps[0], 'kind') === undefined) return [];
  const place = annotationPlace(context);
  if (!place) return [];
  return context.at === 'key' ? keys(context, place) : values(context);
}

/** Which kind of annotations the cursor stands in; undefined elsewhere. */
export function annotationPlace(context: CompletionContext): AnnotationPlace | undefined {
  const { path, maps } = context;
  const at = path.length - 2;
  if (path[at] !== 'annotations') return undefined;
  const above = path.slice(0, at).filter((part): part is string => typeof part === 'string');
  const last = above[above.length - 1];
  if (last === 'serviceAccount' || above.includes('serviceAccounts') || above.includes('serviceAccountTemplate')) return 'service-account';
  if (last !== 'metadata') return undefined;
  const owner = maps.findLast((map) => textOf(map, 'kind') !== undefined);
  const kind = textOf(owner, 'kind');
  if (above.length >= 2 && above[above.length - 2] === 'template') return 'pod-template';
  if (kind === 'ServiceAccount') return 'service-account';
  return kind === 'Pod' ? 'pod-template' : undefined;
}

function keys(context: CompletionContext, place: AnnotationPlace): Item[] {
  const map = context.maps[context.maps.length - 1];
  const present = new Set(map?.entries.map((entry) => entry.key.value));
  return annotationKeys
    .filter((known) => known.on.includes(place) && !present.has(known.key))
    .map((known, rank) => ({
      label: known.key,
      kind: 'key',
      rank,
      documentation: `${known.does}\n\n${known.fallback}`,
      ...(known.short === 'role-arn' ? roleKey(context, known.key) : asKey(context, known.key, snippetValue(known.values))),
    }));
}

/** The role is picked from the list of those that are known: a made-up one would be taken for a role. */
function roleKey(context: CompletionContext, key: string): Pick<Item, 'insert' | 'snippet' | 'then'> {
  const written = asKey(context, key, context.syntax === 'json' ? '"$0"' : '$0');
  return written.snippet ? { ...written, then: 'suggest' } : written;
}

function snippetValue(values: readonly string[]): string {
  if (values.length === 0) return '$0';
  return values.length === 1 ? values[0]! : `\${1|${values.join(',')}|}`;
}

function values(context: CompletionContext): Item[] {
  const known = annotationKeys.find((key) => key.key === context.path[context.path.length - 1]);
  if (!known || known.short === 'role-arn') return [];
  return known.values
    .map((value, rank) => ({
      label: value.replace(/"/g, ''),
      kind: 'value',
      rank,
      detail: rank === 0 ? 'the default' : undefined,
      documentation: known.fallback,
      insert: context.quoted ? value.replace(/"/g, '') : value === 'sts.amazonaws.com' ? asValue(context, value) : value,
    }))
    .map(({ detail, ...item }) => (detail ? { ...item, detail, kind: 'value' as const } : { ...item, kind: 'value' as const }));
}
