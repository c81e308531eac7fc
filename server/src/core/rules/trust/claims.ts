import type { Text } from '../../text/text';
import { literal } from '../../text/texts';
import { defaultAudience } from '../../model/subject';
import { editDistance } from '../../text/nearest';
import type { RuleContext } from '../rule';

/** Whether a value is plainly a service account's subject, well or badly written. Holes may stand in its names. */
export function looksLikeSubject(value: Text): boolean {
  return /^\s*(system:)?serviceaccounts?[:/]/i.test(value.value);
}

/** Whether a value is STS's audience, well or badly written. */
export function looksLikeAudience(value: Text): boolean {
  const text = literal(value);
  return text !== undefined && (text === defaultAudience || nearAudience(text));
}

/** Whether a text was meant to be `sts.amazonaws.com` and is not: other hosts of STS, a scheme, a slash, a slip of the keys. */
export function nearAudience(value: string): boolean {
  if (value === defaultAudience) return false;
  const text = value.trim().toLowerCase();
  if (
    /^([a-z]+:\/\/)?sts([.-][a-z0-9-]+)*\.(amazonaws\.(com|eu)(\.cn)?|amazon\.com(\.cn)?|api\.aws|aws\.amazon\.com|amazonwebservices\.com(\.cn)?)\/?$/.test(
      text,
    )
  )
    return true;
  if (/^(https?:\/\/)?(amazonaws\.com|iam\.amazonaws\.com|eks\.amazonaws\.com|pods\.eks\.amazonaws\.com)\/?$/.test(text)) return true;
  return editDistance(text, defaultAudience, 2) <= 2;
}

/** Whether some account of the workspace asks for this audience by its annotation, or for one that is not known. */
export function isAskedFor(audience: string, context: RuleContext): boolean {
  for (const account of context.wiring.accountsWithAudience()) {
    const value = account.audience?.value;
    if (value && (value.holes.length > 0 || value.value === audience)) return true;
  }
  return false;
}

/** Whether some account of the workspace asks for an audience other than the default. */
export function customAudiences(context: RuleContext): boolean {
  for (const account of context.wiring.accountsWithAudience()) {
    const value = account.audience?.value;
    if (value && value.value !== defaultAudience) return true;
  }
  return false;
}
