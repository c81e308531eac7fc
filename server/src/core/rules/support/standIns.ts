/** Words of examples and templates: a value made of them waits to be replaced. */
const words =
  /^(x+|y+|z+|foo|bar|baz|qux|arn|value|test|tests?-?arn|demo|dummy|string|none|null|nil|default|tbd|todo|fixme|n\/?a|some.*|my-?(role|arn|role-?arn|iam-?role(-?arn)?)|(iam|irsa|aws|eks)?-?role-?(arn|name)?|role-?(arn|name)-?\w{0,3})$|your|change|replac|placehold|example|dummy|fill|insert|todo|fixme|xxx|_here|-here|\bset-?me\b|\.\.\.|…/i;

/** True for a text that plainly stands for one that is still to come: `ROLE_ARN`, `changeme`, `your-role-here`, `foo`. */
export function isStandIn(value: string): boolean {
  const text = value.trim();
  return /^[A-Z][A-Z0-9]*([_-][A-Z0-9]+)*$/.test(text) || words.test(text);
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
