import { isNamespaceName, isServiceAccountName, subjectPrefix } from '../../model/subject';
import type { Text } from '../../text/text';
import { literal } from '../../text/texts';
import { clause } from '../../text/message';

/** Why a text isn't a service account subject, and the subject that was meant if that is certain. */
export interface SubjectFault {
  /** A clause to go on from: "The subject has a slash instead of a colon". */
  readonly says: string;
  readonly corrected?: string;
}

/** Looks at a text that no subject matches. Holes are kept as they are written. */
export function subjectFault(value: Text): SubjectFault {
  const text = value.value;
  const bare = text.trim();
  if (bare !== text && isForm(bare)) return { says: 'The subject has white space around it', corrected: bare };
  const colons = bare.replaceAll('/', ':');
  if (colons !== bare && isForm(colons)) return { says: 'The subject has a slash instead of a colon', corrected: colons };
  const plural = bare.replace(/^system:service_?accounts:/i, subjectPrefix);
  if (plural !== bare && /^system:serviceaccounts:/i.test(bare)) {
    return isForm(plural)
      ? { says: 'The subject starts with system:serviceaccounts:, which is a group', corrected: plural }
      : { says: 'system:serviceaccounts is a group, not a subject' };
  }
  const cased = bare.replace(/^system:service[_-]?account:/i, subjectPrefix);
  if (cased !== bare && isForm(cased))
    return {
      says: clause`The subject starts with ${bare.slice(0, bare.length - cased.length + subjectPrefix.length)}, not system:serviceaccount:`,
      corrected: cased,
    };
  const prefixed = bare.replace(/^(serviceaccounts?|sa|system):/i, subjectPrefix);
  if (prefixed !== bare && isForm(prefixed)) return { says: "The subject doesn't start with system:serviceaccount:", corrected: prefixed };
  if (/^[^:/]+[:/][^:/]+$/.test(bare) && isForm(subjectPrefix + colons))
    return { says: "The subject doesn't start with system:serviceaccount:", corrected: subjectPrefix + colons };
  return ofParts(value, bare);
}

function ofParts(value: Text, bare: string): SubjectFault {
  if (!bare.startsWith('system:serviceaccount'))
    return { says: bare === '' ? 'The subject is empty' : clause`${bare} isn't a service account subject` };
  const parts = bare.split(':');
  if (value.holes.length === 0 && parts.length < 4) return { says: 'The subject has no service account name after the namespace' };
  if (value.holes.length === 0 && parts.length > 4) return { says: 'The subject has too many colons' };
  const [, , namespace = '', name = ''] = parts;
  if (namespace === '' || name === '') return { says: `The subject has no ${namespace === '' ? 'namespace' : 'service account name'}` };
  if (literal(value) === undefined) return { says: "Kubernetes can't issue this subject" };
  const [kind, word] = fits(namespace, isNamespaceName) ? ['service account', name] : ['namespace', namespace];
  const lower = bare.toLowerCase();
  const caps = /[A-Z]/.test(word);
  return {
    says: clause`${word} isn't a valid ${kind} name${caps ? ' (uppercase letters)' : word.includes('_') ? ' (underscore)' : word.length > 63 && kind === 'namespace' ? ' (over 63 characters)' : ''}`,
    ...(caps && isForm(lower) ? { corrected: lower } : {}),
  };
}

/** `system:serviceaccount:` and two names, which may contain wildcards, holes and variables. */
function isForm(text: string): boolean {
  if (!text.startsWith(subjectPrefix)) return false;
  const rest = text.slice(subjectPrefix.length).replace(/\$\{[^}]*\}|\{\{.*?\}\}|<[^>]*>|\[[^\]]*\]/g, 'x');
  const parts = rest.split(':');
  return parts.length === 2 && fits(parts[0]!, isNamespaceName) && fits(parts[1]!, isServiceAccountName);
}

function fits(part: string, rule: (name: string) => boolean): boolean {
  // A wildcard stands for letters; `*` alone is fine.
  return rule(part.replace(/[*?]+/g, 'x'));
}
