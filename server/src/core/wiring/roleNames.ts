import { folderKey, type FilePath } from '../config/paths';
import type { Text } from '../text/text';
import { literal } from '../text/texts';

/** What a trust policy's file is called when its name says no role. */
const generic =
  /(?:^|[-_. ])(?:assume[-_. ]?role[-_. ]?policy(?:[-_. ]?document)?|assume[-_. ]?role|trust[-_. ]?relationships?|trust[-_. ]?policy|trust[-_. ]?document|trust)(?=$|[-_. ])/gi;

/**
 * The names that a trust policy's path gives its role, by contract.md: the file's stem, less `trust`,
 * `trust-policy`, `assume-role-policy` and separators; the folders, nearest first.
 */
export function roleNamesOfPath(path: FilePath): { readonly stem: readonly string[]; readonly folders: readonly string[] } {
  const whole = path.name.replace(/(?:\.(?:ya?ml|jsonc?|tpl|tftpl|tmpl|j2|template|policy))+$/i, '');
  const stripped = whole
    .replace(generic, '-')
    .replace(/[-_. ]{2,}/g, (run) => run[0]!)
    .replace(/^[-_. ]+|[-_. ]+$/g, '');
  const stem = [...new Set([whole, stripped])].filter((name) => name !== '');
  return { stem, folders: [...path.folders].reverse() };
}

/**
 * What a role's name is joined by: the name itself; or, in a Terraform module, the expression that makes it, which is the
 * same for all files of the folder. Undefined where the name is not told.
 */
export function roleKey(name: Text | undefined, uri: string): string | undefined {
  const known = literal(name);
  // A role without a name of its own that a tool makes: the same words in the same file are the same role.
  if (known === undefined && name?.holes[0]?.words !== undefined && name.holes.length === 1 && name.borrowed) return `${uri} ${name.value}`;
  if (known !== undefined || !name || !/\.(tf|tofu)$/i.test(uri)) return known;
  const told = name.holes.every((hole) => hole.named) && name.holes.some((hole) => hole.source.startsWith('${'));
  return told ? `${folderKey(uri)} ${name.value}` : undefined;
}
