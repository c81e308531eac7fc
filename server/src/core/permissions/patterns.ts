import type { Hole, Text } from '../text/text';
import { mayMatch } from '../text/glob';
import { plain } from '../text/texts';
import type { Tri } from '../text/tri';
import type { ResourceKind } from './catalogue';

/** IAM's policy variables (`${aws:PrincipalTag/team}`) and its escapes (`${*}`). */
const variable = /\$\{([^}]*)\}/g;

/** A resource pattern of a policy: `*` and `?` are wildcards, a policy variable is a text that no file tells. */
export function patternOf(resource: string): Text {
  const holes: Hole[] = [];
  for (const match of resource.matchAll(variable)) {
    holes.push({ start: match.index, end: match.index + match[0].length, source: match[0], named: true });
  }
  return { ...plain(resource), holes };
}

/** Everything that a pattern stands for, as a text whose stars are unknown parts. */
function anythingLike(pattern: Text): Text {
  const holes: Hole[] = [...pattern.holes];
  for (let at = pattern.value.indexOf('*'); at >= 0; at = pattern.value.indexOf('*', at + 1)) {
    if (!pattern.holes.some((hole) => at >= hole.start && at < hole.end)) holes.push({ start: at, end: at + 1, source: '*', named: false });
  }
  return { ...pattern, holes: holes.sort((a, b) => a.start - b.start) };
}

/** Whether a pattern covers all that another stands for: `true` all of it, `false` nothing of it, `null` a part, or it cannot be told. */
export function covers(outer: string, inner: string): Tri {
  if (outer === '*' || outer === inner) return true;
  if (mayMatch(patternOf(outer), anythingLike(patternOf(inner))) === true) return true;
  return overlaps(stepsOfPattern(outer), stepsOfPattern(inner)) ? null : false;
}

/** A kind's ARN as a text: its `${}` are unknown parts. */
function anyOfKind(arn: string): Text {
  const holes: Hole[] = [];
  for (let at = arn.indexOf('${}'); at >= 0; at = arn.indexOf('${}', at + 3))
    holes.push({ start: at, end: at + 3, source: '${}', named: false });
  return { ...plain(arn), holes };
}

/** Whether some resource of a kind may match a pattern. */
export function reaches(pattern: string, kind: ResourceKind): boolean {
  if (pattern === '*') return true;
  return kind.arns.some((arn) => sameService(pattern, arn) && overlaps(stepsOf(pattern), stepsOfKind(arn, kind.deep)));
}

/**
 * Whether a pattern bounds a kind of resource by nothing but account and region: `arn:aws:sqs:*:*:*` reaches any queue.
 */
export function isUnbounded(pattern: string, kind: ResourceKind): boolean {
  if (pattern === '*') return true;
  return kind.arns.some(
    (arn) => sameService(pattern, arn) && mayMatch(patternOf(resourcePart(pattern)), anyOfKind(resourcePart(arn))) === true,
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

/** One step of either side: a character, any one (`?`), or a run of any characters but some. */
type Step = string | 1 | Run;

interface Run {
  /** Characters that do not stand in it. */
  readonly but: string;
}

const anyRun: Run = { but: '' };
const withoutSlash: Run = { but: '/' };
const withinPart: Run = { but: ':/' };

/** A pattern's steps, worked out once for many kinds. */
let last: { readonly pattern: string; readonly steps: readonly Step[] } | undefined;

function stepsOf(pattern: string): readonly Step[] {
  if (last?.pattern !== pattern) last = { pattern, steps: stepsOfPattern(pattern) };
  return last.steps;
}

function stepsOfPattern(pattern: string): Step[] {
  const steps: Step[] = [];
  const { holes } = patternOf(pattern);
  let hole = 0;
  for (let at = 0; at < pattern.length; at++) {
    const here = holes[hole];
    if (here?.start === at) {
      steps.push(/^\$\{[*?$]\}$/.test(here.source) ? here.source[2]! : anyRun);
      at = here.end - 1;
      hole++;
    } else {
      const character = pattern[at]!;
      steps.push(character === '*' ? anyRun : character === '?' ? 1 : character);
    }
  }
  return steps;
}

const kinds = new Map<string, readonly Step[]>();

/**
 * Partition, region and account hold neither colon nor slash. Of the rest, what a resource fills in holds no slash where
 * a slash follows, nor at the end of a kind that is not deep.
 */
function stepsOfKind(arn: string, deep: boolean): readonly Step[] {
  const key = `${deep ? '+' : '-'}${arn}`;
  const known = kinds.get(key);
  if (known) return known;
  const parts = arn.split('${}');
  let colons = 0;
  const steps = parts.flatMap((part, i): Step[] => {
    colons += part.split(':').length - 1;
    if (i === parts.length - 1) return [...part];
    const next = parts[i + 1]!;
    const flat = next.startsWith('/') || (i === parts.length - 2 && next === '' && !deep);
    return [...part, colons < 5 ? withinPart : flat ? withoutSlash : anyRun];
  });
  kinds.set(key, steps);
  return steps;
}

/** Whether two sides have a text in common. By rows, one × the other. */
function overlaps(a: readonly Step[], b: readonly Step[]): boolean {
  const width = b.length + 1;
  // here[j]: the first steps of a and the first j of b can stand for the same text.
  let here = new Uint8Array(width);
  let next = new Uint8Array(width);
  here[0] = 1;
  for (let i = 0; i <= a.length; i++) {
    const x = a[i];
    let any = false;
    for (let j = 0; j < width; j++) {
      if (here[j] === 0) continue;
      const y = b[j];
      if (typeof y === 'object') here[j + 1] = 1; // its run ends, or is empty
      if (x === undefined) continue;
      if (typeof x === 'object') {
        next[j] = 1; // the run ends, or is empty
        if (typeof y === 'string' || y === 1) here[j + 1] = 1; // the run takes a character
      } else if (y === undefined) continue;
      else if (typeof y === 'object') {
        if (x !== 1 && y.but.includes(x)) continue;
        next[j] = 1; // the other side's run takes one
      } else if (x === 1 || y === 1 || x === y) next[j + 1] = 1;
      else continue;
      any = true;
    }
    if (x === undefined) return here[b.length] === 1;
    if (!any) return false;
    [here, next] = [next, here];
    next.fill(0);
  }
  return false;
}
