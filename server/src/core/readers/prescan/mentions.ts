import { lineStart } from '../../text/lineIndex';
import { ownText } from '../../text/ownText';
import { nameOfManifest, namespaceOfManifest, nameOfValues, plainName } from './accountDefinitions';

import type { AccountMentions } from '../../syntax/sourceFile';
import { plainDataKinds } from '../kubernetes/dataKinds';

const bindings = new Set(['RoleBinding', 'ClusterRoleBinding']);
const body = /^(?:spec|status|data|stringData|binaryData)[ \t]*:[^\n]*\n(?:(?:[ \t][^\n]*)?\n)*/gm;
/** Longer lines are for the parser. */
const longestLine = 2000;
const none: readonly string[] = [];
const nobody: AccountMentions = { used: none, defined: none };

/** True where, by its text, a document speaks of no account and is for nothing else here. */
export function isNobody(mentions: AccountMentions | undefined): boolean {
  return mentions?.used.length === 0 && mentions.defined.length === 0;
}

/**
 * The service accounts for whose sake alone a YAML document can matter, by their names as they are written; none where
 * nothing in it is for us. Undefined where only a parser can tell. To be asked of documents that hold a trigger word.
 *
 * Most workloads of a repository name an account that asks for no role, most accounts have none, and definitions and
 * bindings speak of accounts by the thousand: what they hold is told by their text, at a hundredth of what parsing costs.
 * @param certain words that make any document matter, whatever accounts it names
 * @param more words that make a document matter beyond the accounts that it names
 */
export function accountsMentioned(text: string, certain: RegExp, more: RegExp): AccountMentions | undefined {
  const kind = onlyKind(text);
  if (kind !== undefined && plainDataKinds.has(kind)) {
    if (text.includes('pod-roles-disable') || (kind !== 'ConfigMap' && kind !== 'Secret' && /statement["']?[ \t]*:/i.test(text)))
      return undefined;
    const head = text.replace(body, '');
    return certain.test(head) || more.test(head) ? undefined : nobody;
  }
  if (certain.test(text) || more.test(text)) return undefined;
  const used = new Set<string>();
  const defined = new Set<string>();
  if (kind === 'ServiceAccount') {
    const name = nameOfManifest(text);
    if (name === undefined) return undefined;
    defined.add(name);
  }
  const areValues = kind === undefined && !/^["']?kind["']?[ \t]*:/m.test(text);
  // Where the kind itself is the word: of the account, or of a binding's subject.
  const kindLine = kind === 'ServiceAccount' ? ownKind : kind !== undefined && bindings.has(kind) ? subjectKind : undefined;
  const mention = /service[-_]?account([\w-]*)/gi;
  let fields = 0;
  for (let match = mention.exec(text); match; match = mention.exec(text)) {
    const start = lineStart(text, match.index);
    const feed = text.indexOf('\n', match.index);
    const line = text.slice(start, feed < 0 ? text.length : feed).trimEnd();
    if (line.length > longestLine) return undefined;
    if (/^[ \t]*#/.test(line)) {
      mention.lastIndex = start + line.length;
      continue;
    }
    const named = field.exec(line);
    if (named) {
      const name = plainName(named[1]!);
      if (name === undefined) return undefined;
      used.add(name);
      fields++;
      mention.lastIndex = start + line.length;
    } else if (kindLine?.test(line)) {
      mention.lastIndex = start + line.length;
    } else if (areValues && accountOfValues.test(line)) {
      const made = nameOfValues(text, start);
      if (made === undefined) return undefined;
      defined.add(made.name);
      mention.lastIndex = Math.max(made.end, start + line.length);
    } else if (!isHarmless(match, line.slice(match.index - start + match[0].length), line.slice(0, match.index - start))) return undefined;
  }
  // Pods that name no account run as `default`.
  const pods = text.includes('containers') ? (text.match(/\bcontainers["']?[ \t]*:/g)?.length ?? 0) : 0;
  if (pods > fields) used.add('default');
  const namespace = used.size > 0 && kind !== undefined ? namespaceOfManifest(text) : undefined;
  return { used: listOf(used), defined: listOf(defined), ...(namespace === undefined ? {} : { namespace: ownText(namespace) }) };
}

function listOf(names: ReadonlySet<string>): readonly string[] {
  return names.size === 0 ? none : Array.from(names, ownText);
}

/** The kind that the document's one object has, by its only line of that key at the margin. */
function onlyKind(text: string): string | undefined {
  if (!atMargin(text, 'metadata:', 0)) return undefined;
  const at = atMargin(text, 'kind:', 0);
  if (!at || atMargin(text, 'kind:', at.end)) return undefined;
  const feed = text.indexOf('\n', at.end);
  return /^[ \t]+["']?([A-Za-z]+)["']?[ \t]*(?:#.*)?\r?$/.exec(text.slice(at.end, feed < 0 ? text.length : feed))?.[1];
}

/** Where a line begins with a word, at or after an offset; `end`: behind the word. */
function atMargin(text: string, word: string, from: number): { readonly end: number } | undefined {
  if (from === 0 && text.startsWith(word)) return { end: word.length };
  const at = text.indexOf(`\n${word}`, from);
  return at < 0 ? undefined : { end: at + 1 + word.length };
}

/** The fields by which a pod, or what makes one, names its account. */
const field = /^[ \t]*(?:- +)?["']?(?:serviceAccountName|serviceAccount|taskServiceAccountName)["']?:[ \t]+(\S.*)$/;
/** The key by which chart values make an account, with a block below it. */
const accountOfValues = /^ *(?:[A-Za-z]+)?service[-_]?account:(?:[ \t]+#.*)?$/i;
const ownKind = /^kind:/;
const subjectKind = /^[ \t]*(?:- +)?kind:[ \t]+["']?ServiceAccount["']?$/;

/** A word with an account in it by which no account is made or named: a value, or the key of something else. */
function isHarmless([, suffix = '']: RegExpExecArray, after: string, before: string): boolean {
  if (/^["'`]?[ \t]*:/.test(after))
    return /^(?:token|ref|selector|issuer|key)/i.test(suffix) && !/(?:template|annotations?)$/i.test(suffix);
  return !/^[.\\[/]/.test(after) && !/\bkind["']?[ \t]*:[ \t]*["']?$/.test(before);
}
