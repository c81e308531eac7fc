import { isRulesMap, keysAt, levels } from '../../config/keys';
import { docsUrl } from '../../rules/docsUrl';
import { allRules } from '../../rules/registry';
import type { DocumentRef } from '../../syntax/sourceFile';
import type { Span } from '../../text/span';
import { code, escape, urlLink } from '../markdown';
import type { WorkspaceView } from '../workspaceView';
import { keyAt } from './place';

/**
 * What a key of pod-roles.yaml is for, or what a rule finds.
 * @param offset UTF-16, from the file's start.
 * @returns Markdown and the place of the key; undefined where there is nothing to say
 */
export function configHover(
  view: WorkspaceView,
  uri: string,
  offset: number,
): { readonly markdown: string; readonly at: { readonly doc: DocumentRef; readonly span: Span } } | undefined {
  const at = view.documentAt(uri, offset);
  const place = at && keyAt(at.document, at.offset);
  if (!at || !place) return undefined;
  const { path, entry } = place;
  const markdown = isRulesMap(path) ? ofRule(entry.key.value) : keysAt(path).find(({ key }) => key === entry.key.value)?.doc;
  return markdown === undefined ? undefined : { markdown, at: { doc: at.document.ref, span: entry.key.outer } };
}

function ofRule(id: string): string | undefined {
  const rule = allRules.find((each) => each.id === id);
  if (!rule) return undefined;
  const meaning = levels.find(({ level }) => level === rule.level)!.doc;
  const fixable = rule.fixable ? ' Some findings have a fix.' : '';
  return `${escape(rule.title)}.\n\nDefault level: ${code(rule.level)} (${meaning}).${fixable}\n\n${urlLink(`About ${id}`, docsUrl(id))}`;
}
