import { annotationKeys, annotationPrefix } from '../../model/annotations';

/** The spellings of the role's key that tools before the webhook and hasty hands use. Bare forms count in annotation maps alone. */
const roleNames = new Set(['rolearn', 'role', 'iamrole', 'iamrolearn', 'rolearns', 'rolename']);
const names = annotationKeys.map((key) => squeeze(key.short));
/** Hosts that are meant as the prefix: `eks.amazon.com`, `amazonaws.com`, `eks.aws.com`, kube2iam's `iam.amazonaws.com`. */
const hosts = /^((eks|iam|irsa|sts)\.)?((aws|amazon|amazonaws)\.)?(aws|amazon|amazonaws)\.(com|io|org)$/i;
const host = annotationPrefix.slice(0, -1);
/** Longer keys are no misspelling of ours, and not compared. */
const longestKey = 80;

/**
 * Whether a key of a free map is, or seems to be, one of the webhook's: right prefix and a name at most
 * two letters off, or a near prefix and such a name. Never the other keys under the same prefix.
 */
export function isWebhookKey(key: string): boolean {
  if (key.length > longestKey) return false;
  const border = /[/\\:]/.exec(key)?.index ?? key.search(/[.-](?=role[-_.]?arn$)/i);
  return border > 0 && isNearHost(key.slice(0, border)) && isNearName(key.slice(border + 1));
}

/** The same for a key of an annotation or label map: also all under the prefix, and a role's key without any. */
export function isAnnotationOfConcern(key: string): boolean {
  if (key.startsWith(annotationPrefix)) return true;
  return squeeze(key) === 'rolearn' || isWebhookKey(key);
}

function isNearHost(text: string): boolean {
  return hosts.test(text) || distance(text.toLowerCase(), host, 3) <= 3;
}

function isNearName(text: string): boolean {
  const name = squeeze(text);
  return roleNames.has(name) || names.some((known) => distance(name, known, 2) <= 2);
}

function squeeze(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Letters to add, drop or change, to make one text of the other; above `limit` any number above it. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
