import { isNamespaceName, isServiceAccountName, subjectPrefix } from '../../model/subject';
import type { Text } from '../../text/text';
import { literal } from '../../text/texts';
import { shown } from '../../text/shown';

/** Why a text is no service account's subject, and what was meant where that is certain. */
export interface SubjectFault {
  /** A clause to go on from: "The subject has a slash for a colon". */
  readonly says: string;
  readonly mended?: string;
}

/** Looks at a text that no subject matches. Holes are kept as they are written. */
export function subjectFault(value: Text): SubjectFault {
  const text = value.value;
  const bare = text.trim();
  if (bare !== text && isForm(bare)) return { says: 'White space stands at the ends of the subject', mended: bare };
  const colons = bare.replaceAll('/', ':');
  if (colons !== bare && isForm(colons)) return { says: 'The subject has a slash where a colon belongs', mended: colons };
  const plural = bare.replace(/^system:service_?accounts:/i, subjectPrefix);
  if (plural !== bare && /^system:serviceaccounts:/i.test(bare)) {
    return isForm(plural)
      ? { says: 'The subject begins with system:serviceaccounts:, which is a group', mended: plural }
      : { says: 'system:serviceaccounts is a group, not a subject' };
  }
  const cased = bare.replace(/^system:service[_-]?account:/i, subjectPrefix);
  if (cased !== bare && isForm(cased))
    return {
      says: `The subject begins with ${shown(bare.slice(0, bare.length - cased.length + subjectPrefix.length))}, not system:serviceaccount:`,
      mended: cased,
    };
  const prefixed = bare.replace(/^(serviceaccounts?|sa|system):/i, subjectPrefix);
  if (prefixed !== bare && isForm(prefixed)) return { says: 'The subject does not begin with system:serviceaccount:', mended: prefixed };
  if (/^[^:/]+[:/][^:/]+$/.test(bare) && isForm(subjectPrefix + colons))
    return { says: 'The subject does not begin with system:serviceaccount:', mended: subjectPrefix + colons };
  return ofParts(value, bare);
}

function ofParts(value: Text, bare: string): SubjectFault {
  if (!bare.startsWith('system:serviceaccount'))
    return { says: `${bare === '' ? 'An empty text' : shown(bare)} is no service account's subject` };
  const parts = bare.split(':');
  if (value.holes.length === 0 && parts.length < 4) return { says: 'The subject has no name after its namespace' };
  if (value.holes.length === 0 && parts.length > 4) return { says: 'The subject has a colon too many' };
  const [, , namespace = '', name = ''] = parts;
  if (namespace === '' || name === '') return { says: `The subject has no ${namespace === '' ? 'namespace' : 'name'}` };
  if (literal(value) === undefined) return { says: 'The subject is none that Kubernetes can issue' };
  const [what, word] = fits(namespace, isNamespaceName) ? ['account', name] : ['namespace', namespace];
  const lower = bare.toLowerCase();
  const caps = /[A-Z]/.test(word);
  return {
    says: `Kubernetes takes no ${what} named ${shown(word)}${caps ? ' (capitals)' : word.includes('_') ? ' (an underscore)' : word.length > 63 && what === 'namespace' ? ' (longer than 63)' : ''}`,
    ...(caps && isForm(lower) ? { mended: lower } : {}),
  };
}

/** `system:serviceaccount:` and two names, in which wildcards, holes and variables may stand. */
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
