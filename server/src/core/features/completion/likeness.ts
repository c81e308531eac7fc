/** Words that say what a thing is, not whose. */
const plainWords = new Set(['sa', 'service', 'account', 'serviceaccount', 'role', 'irsa', 'eks', 'iam', 'pod', 'default', 'the', 'for']);

/**
 * How alike a role's name is to an account's: 0 not at all, more for each word of the account's name (2) and its
 * namespace (1) that the role's name has, and for the whole name (3).
 */
export function likeness(account: string | undefined, namespace: string | undefined): (roleName: string) => number {
  const own = words(account ?? '');
  const around = words(namespace ?? '').filter((word) => !own.includes(word));
  const whole = own.join('-');
  return (roleName) => {
    const name = roleName.toLowerCase();
    if (![...own, ...around].some((word) => name.includes(word))) return 0;
    const there = new Set(words(roleName));
    const of = (list: readonly string[], weight: number): number => list.filter((word) => there.has(word)).length * weight;
    return of(own, 2) + of(around, 1) + (whole !== '' && name.includes(whole) ? 3 : 0);
  };
}

function words(text: string): string[] {
  const parts = text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const telling = parts.filter((word) => !plainWords.has(word));
  return telling.length > 0 ? telling : parts;
}
