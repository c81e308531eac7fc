import type { Text } from '../../text/text';
import { slice, split } from '../../text/texts';
import { wildcardOffsets } from '../../text/wildcards/compile';
import { subjectPrefix } from '../../model/subject';
import { admitsSome, subjectPattern } from './subjectAutomaton';

/** How a pattern of subjects lets in more than one would think. */
export type Width =
  /** Every account of every namespace. */
  | { readonly kind: 'all' }
  /** An account of that name in any namespace. */
  | { readonly kind: 'any-namespace'; readonly name: string }
  /** Namespaces that only share some letters: `demo*` admits `demo-evil`. */
  | { readonly kind: 'namespaces'; readonly pattern: string; readonly example: string }
  /** One star spans namespace and name: `system:serviceaccount:demo*`. */
  | { readonly kind: 'spans'; readonly pattern: string; readonly example: string };

/** Two namespaces that no pattern names: one that matches both pins no namespace. */
const probes = ['q7x', 'zv-5k-w'];

/**
 * Whether a pattern (under a Like operator) reaches over namespaces in a way that is hardly meant. A star after or
 * before a separator (`pr-*`, `*-prod`) is taken as meant, and `demo:*` is the usual form of a whole namespace.
 */
export function isTooWide(pattern: Text): Width | undefined {
  const wild = wildcardOffsets(pattern);
  if (wild.length === 0) return undefined;
  const symbols = subjectPattern(pattern);
  const anywhere = !startsWithHole(pattern) && probes.every((namespace) => admitsSome(symbols, namespace));
  const parts = split(pattern, ':');
  const regular = parts[0]!.value === 'system' && parts[1]?.value === 'serviceaccount';
  if (!regular || parts.length > 4) return anywhere && pattern.holes.length === 0 ? { kind: 'all' } : undefined;
  const namespace = parts[2];
  if (!namespace) return undefined;
  if (parts.length === 4) {
    const name = parts[3]!;
    if (/^[*?]+$/.test(namespace.value) && namespace.value.includes('*')) {
      return name.value === '*' ? { kind: 'all' } : { kind: 'any-namespace', name: name.value };
    }
    const loose = wildcardOffsets(namespace).find((at) => !isBounded(namespace, at));
    if (loose === undefined) return undefined;
    return { kind: 'namespaces', pattern: namespace.value, example: exampleOf(namespace, loose) };
  }
  // Three parts: a star has to span the colon, or nothing matches at all.
  if (anywhere && namespace.value === '*') return { kind: 'all' };
  if (!admitsSome(symbols) || namespace.holes.length > 0) return undefined;
  const at = wildcardOffsets(namespace)[0];
  if (at === undefined || !namespace.value.includes('*')) return undefined;
  const head = namespace.value.slice(0, at);
  return {
    kind: 'spans',
    pattern: namespace.value,
    example: `${subjectPrefix}${head}${/[-.]$/.test(head) || head === '' ? '' : '-'}evil:any`,
  };
}

function startsWithHole(text: Text): boolean {
  return text.holes.some((hole) => hole.start === 0);
}

/** A wildcard beside a separator, or beside a hole that may end with one. */
function isBounded(part: Text, at: number): boolean {
  const edge = (offset: number) => part.value[offset] === '-' || part.value[offset] === '.';
  const hole = (offset: number) => part.holes.some((h) => h.start <= offset && offset < h.end) || part.value[offset] === '}';
  if (at > 0 && (edge(at - 1) || hole(at - 1))) return true;
  return (edge(at + 1) || hole(at + 1) || part.value[at + 1] === '$') && at + 1 < part.value.length;
}

/** A namespace that the pattern lets in: the letters around the wildcard, and some that nobody meant. */
function exampleOf(namespace: Text, at: number): string {
  const one = namespace.value[at] === '?';
  const head = slice(namespace, 0, at).value.replace(/[*?]/g, '');
  const tail = slice(namespace, at + 1).value.replace(/[*?]/g, '');
  if (one) return `${head}x${tail}`;
  return head === '' ? `evil${tail}` : `${head}-evil${tail === '' ? '' : `-${tail}`}`;
}
