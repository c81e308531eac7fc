import { compilePattern, STAR, UNKNOWN, WITHIN_PART, WITHIN_SEGMENT, type PatternSymbol, type Symbols } from '../text/wildcards/compile';
import { matchSymbols, mayMeet } from '../text/wildcards/match';
import { plain } from '../text/texts';
import type { ResourceKind } from './catalogue';
import type { Tri } from '../text/tri';

/** So many patterns are kept compiled, of those that are not longer than a policy of AWS's may be: each is compared with many. */
const mostKept = 2_000;
const longestKept = 10_240;
const compiled = new Map<string, Symbols>();

/** A resource pattern of a policy: `*` and `?` are wildcards, a policy variable is a text that no file tells. */
function symbolsOf(resource: string): Symbols {
  let symbols = compiled.get(resource);
  if (!symbols) {
    symbols = compilePattern(plain(resource), { like: true, ignoreCase: false, variables: 'named' })!;
    if (compiled.size >= mostKept) compiled.clear();
    if (resource.length <= longestKept) compiled.set(resource, symbols);
  }
  return symbols;
}

/** Whether a pattern covers all that another stands for: `true` all of it, `false` nothing of it, `null` a part, or it cannot be told. */
export function covers(outer: string, inner: string): Tri {
  if (outer === '*' || outer === inner) return true;
  return matchSymbols(symbolsOf(outer), symbolsOf(inner));
}

/** Whether some resource of a kind may match a pattern. */
export function reaches(pattern: string, kind: ResourceKind): boolean {
  if (pattern === '*') return true;
  return kind.arns.some((arn) => sameService(pattern, arn) && mayMeet(symbolsOf(pattern), symbolsOfKind(arn, kind.deep)));
}

/**
 * Whether a pattern bounds a kind of resource by nothing but account and region: `arn:aws:sqs:*:*:*` reaches any queue.
 */
export function isUnbounded(pattern: string, kind: ResourceKind): boolean {
  if (pattern === '*') return true;
  return kind.arns.some(
    (arn) => sameService(pattern, arn) && matchSymbols(symbolsOf(resourcePart(pattern)), anyOfKind(resourcePart(arn))) === true,
  );
}

/** What follows an ARN's fifth colon; for a pattern whose star stands before it, that star. */
function resourcePart(arn: string): string {
  const parts = arn.split(':');
  if (parts.length > 5) return parts.slice(5).join(':');
  return parts[parts.length - 1]!.endsWith('*') ? '*' : arn;
}

/** A cheap no: both name a service, and not the same. */
function sameService(pattern: string, arn: string): boolean {
  const [a, b] = [pattern.split(':', 3)[2], arn.split(':', 3)[2]];
  return a === undefined || b === undefined || a === b || /[*?$]/.test(a) || /\$/.test(b);
}

/** What a resource fills into the ARN of its kind stands as `${}` there. */
const filledIn = '${}';

/** The part of an ARN that names a resource, whatever it is called. */
function anyOfKind(part: string): Symbols {
  return part.split(filledIn).flatMap((each, i): PatternSymbol[] => (i === 0 ? characters(each) : [UNKNOWN, ...characters(each)]));
}

const kinds = new Map<string, Symbols>();

/**
 * Partition, region and account hold neither colon nor slash. Of the rest, what a resource fills in holds no slash where
 * a slash follows, nor at the end of a kind that is not deep.
 */
function symbolsOfKind(arn: string, deep: boolean): Symbols {
  const key = `${deep ? '+' : '-'}${arn}`;
  const made = kinds.get(key);
  if (made) return made;
  const parts = arn.split(filledIn);
  let colons = 0;
  const symbols = parts.flatMap((part, i): PatternSymbol[] => {
    colons += part.split(':').length - 1;
    if (i === parts.length - 1) return characters(part);
    const next = parts[i + 1]!;
    const flat = next.startsWith('/') || (i === parts.length - 2 && next === '' && !deep);
    return [...characters(part), colons < 5 ? WITHIN_PART : flat ? WITHIN_SEGMENT : STAR];
  });
  kinds.set(key, symbols);
  return symbols;
}

function characters(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0)!);
}
