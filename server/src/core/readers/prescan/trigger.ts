import type { AccountMentions } from '../../syntax/sourceFile';
import { formats } from '../registry';
import { accountsMentioned } from './mentions';

/** The comment that turns rules off: a text that holds it matters whatever else it holds. */
const suppression = 'pod-roles-disable';

function joined(words: readonly (readonly string[] | undefined)[], flags: string): RegExp {
  // eslint-disable-next-line no-restricted-syntax -- the words are constants of the registry's formats
  return new RegExp([...new Set(words.flatMap((each) => each ?? []))].join('|'), flags);
}

/** Words that make a document matter whatever else it holds. */
const certain = joined([...formats.map(({ words }) => words), [suppression]], 'i');
/** Without this and the words above a document holds nothing for us: it is never parsed, and such a file never looked at again. */
const mention = joined(
  formats.map(({ accountWords }) => accountWords),
  'i',
);
/** Words that make a document matter beyond the accounts that it names. */
const besideAccounts = joined(
  formats.map(({ wordsBesideAccounts }) => wordsBesideAccounts),
  'im',
);

/** Whether a text may hold anything that matters here, by its words alone. Linear. */
export function mayMatter(text: string): boolean {
  return !isSnapshot(text) && (mention.test(text) || certain.test(text));
}

/** What a YAML document that may matter does so for, see readers/prescan/mentions.ts. */
export function mattersFor(text: string): AccountMentions | undefined {
  return accountsMentioned(text, certain, besideAccounts);
}

/** A snapshot of AWS tells of AWS: its roles and policies are not those of a file. It names its schema at its head. */
function isSnapshot(text: string): boolean {
  return /^[^{]{0,8}\{\s*"\$schema":\s*"[^"]*\/snapshot\.schema\.json"/.test(text);
}
