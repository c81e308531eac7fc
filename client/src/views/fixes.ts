/*
 * What decides whether a fix of a page may be applied. Nothing here needs a running editor.
 */

interface Offered {
  readonly title: string;
  readonly edit?: unknown;
  readonly diagnostics?: readonly { readonly code?: unknown }[];
}

/** The code action that is a fix of a rule: same title, same rule, and an edit. */
export function fixAmong<T extends Offered>(
  actions: readonly (T | { readonly title: string; readonly command: string })[] | null,
  rule: string | undefined,
  title: string,
): T | undefined {
  return (actions ?? []).find(
    (each): each is T =>
      each.title === title &&
      'edit' in each &&
      each.edit !== undefined &&
      'diagnostics' in each &&
      each.diagnostics?.some(({ code }) => code === rule) === true,
  );
}

/** True if one of the files is open and no longer the version that it was. */
export function changedBetween(uris: readonly string[], before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): boolean {
  return uris.some((uri) => before.has(uri) && before.get(uri) !== after.get(uri));
}
