import { parseRoleArn } from '../model/arn';
import type { ObjectReference } from '../text/objects';
import { isOurs, shownText } from '../text/shown';
import type { Text } from '../text/text';
import { trim } from '../text/texts';

/**
 * A role as people are shown it: its ARN as the file writes it; its name, where no file tells the account; the reference to it,
 * where no file tells the name. Never a
 * notation of ours for what is not known.
 */
export function shownRole(text: Text | undefined): string {
  if (!text) return 'no role';
  const arn = parseRoleArn(trim(text));
  if (text.refers && (arn?.name ?? text).holes.length > 0) return shownReference(text.refers);
  if (!arn) return shownText(text);
  if (arn.account.holes.some((hole) => isOurs(arn.account, hole))) return shownText(arn.name);
  return shownText(text);
}

/** The role's name as people are shown it. */
export function shownRoleName(text: Text | undefined): string {
  if (!text) return 'the role';
  const name = parseRoleArn(trim(text))?.name;
  if (text.refers && (name ?? text).holes.length > 0) return shownReference(text.refers);
  return shownText(name ?? text);
}

/** A reference as people speak of it: a resource of a template by its logical ID alone. */
function shownReference({ written }: ObjectReference): string {
  return written.replace(/^!(?:Ref|GetAtt)\s+([^\s.]+)(?:\.Arn)?$/, '$1');
}
