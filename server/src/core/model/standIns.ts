import { isNamespaceName, isServiceAccountName, subjectPrefix } from './subject';

/** A value that is one of these, or begins so, waits to be replaced. */
const whole =
  /^(x+|y+|z+|foo|bar|baz|qux|value|dummy|string|none|null|nil|default|tbd|n\/?a|some.*|((my|aws|iam|eks|irsa|test|fake|mock|sample|pod|role|name)[-_]?)+\w{0,2})$/i;
/** Words that stand in no role's name but in texts about one. */
const within =
  /your|change|replac|placehold|example|insert|todo|fixme|xxx|[-_](here|arn|arns)$|^arn[-_]|[a-z]Arn$|[-_]arn[-_]|\bset[-_]?me\b|\.\.\.|…/i;

/**
 * True for a text that plainly stands for one that is still to come: `ROLE_ARN`, `changeme`, `your-role-here`, `foo`,
 * a sentence.
 */
export function isStandIn(value: string): boolean {
  const text = value.trim();
  return /^[A-Z][A-Z0-9]*([_-][A-Z0-9]+)*$/.test(text) || /\S\s+\S/.test(text) || whole.test(text) || within.test(text);
}

/** True where a word of {@link isStandIn} stands in a longer text. */
export function hasStandInWord(text: string): boolean {
  return within.test(text);
}

/**
 * True for an account id that is no mistyped one: letters, or digits that count up or down, repeat, or are so
 * few that nobody took them from a console.
 */
export function isStandInAccount(account: string): boolean {
  const digits = account.replaceAll('-', '');
  if (!/^\d+$/.test(digits)) return true;
  if (digits.length < 10 || digits.length > 14) return true;
  if (repeats(digits)) return true;
  if (/^(0?12345|0?54321|98765)/.test(digits)) return true;
  return new Set(digits).size <= 3;
}

/** True when a short stretch of digits makes the whole by repetition, its last turn cut or not. */
function repeats(digits: string): boolean {
  for (let length = 1; length <= 4; length++) {
    if ([...digits].every((digit, i) => digit === digits[i % length])) return true;
  }
  return false;
}

/** True for a subject whose names are words of documentation, in capitals or in camel case: `ABC`, `yourNamespace`, `namespaceName:serviceAccountName`. */
export function isStandInSubject(value: string): boolean {
  if (!value.startsWith(subjectPrefix)) return false;
  const parts = value.slice(subjectPrefix.length).split(':');
  return parts.length === 2 && parts.every((part, i) => (i === 0 ? isNamespaceName(part) : isServiceAccountName(part)) || isWords(part));
}

function isWords(part: string): boolean {
  return (
    /^[A-Z][A-Z0-9_-]*$/.test(part) ||
    (/^[A-Za-z_-]+$/.test(part) &&
      part.replace(
        /(your|my|the|k8s|kube|kubernetes|service|account|namespace|name|app|application|eks|iam|pod|target|role|here|[-_])/gi,
        '',
      ) === '')
  );
}
