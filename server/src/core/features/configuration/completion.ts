import { isRulesMap, keysAt, levels, type ConfigKey } from '../../config/keys';
import { filePath, relativePath } from '../../config/paths';
import { parseEksIssuer } from '../../model/issuer';
import { isNamespaceName } from '../../model/subject';
import { allRules } from '../../rules/registry';
import { literal } from '../../text/texts';
import { completionContext, type CompletionContext } from '../completion/context';
import { asKey, asValue, type Completion, type Item } from '../completion/item';
import { knownNamespaces, knownProviders } from '../completion/known';
import { escape } from '../markdown';
import type { WorkspaceView } from '../workspaceView';

/** So many files or folders are proposed at most. */
const mostPaths = 200;

/**
 * Proposals in pod-roles.yaml: keys, rules and their levels, roles with the files that may hold their trust policies, and
 * what is known of clusters.
 * @param offset UTF-16, from the file's start.
 * @returns undefined where there is nothing to propose
 */
export function configCompletion(view: WorkspaceView, uri: string, offset: number): Completion | undefined {
  const at = view.documentAt(uri, offset);
  const context = at && completionContext(at.document, at.offset);
  if (!context) return undefined;
  const items = itemsAt(view, uri, context);
  return items.length > 0 ? { doc: at.document.ref, span: context.span, items } : undefined;
}

function itemsAt(view: WorkspaceView, uri: string, context: CompletionContext): readonly Item[] {
  const { path } = context;
  const [last, above] = [path[path.length - 1], path.slice(0, -1)];
  if (context.at === 'key') return keyItems(view, context, above);
  // A word alone in an item of a list, or below a key: a key in the making.
  const keys = keyItems(view, context, path);
  if (keys.length > 0) return keys;
  if (isRulesMap(above))
    return values(
      context,
      levels.map(({ level, doc }) => [level, doc]),
    );
  if (above.length === 1 && above[0] === 'roles') return values(context, policyFiles(view, uri));
  if (above.length === 2 && above[0] === 'clusters') return values(context, clusterValues(view, uri, String(last)));
  if (path[0] === 'ignore' || path[2] === 'paths') return values(context, folders(view, uri));
  if (above.length === 0 && last === 'documents')
    return values(context, [
      ['true', 'everywhere'],
      ['false', 'nowhere'],
    ]);
  if (above.length === 0 && last === 'snapshot') return values(context, [['pod-roles.snapshot.json', 'the default']]);
  return [];
}

function keyItems(view: WorkspaceView, context: CompletionContext, path: readonly (string | number)[]): readonly Item[] {
  const own = context.at === 'key' ? context.maps[context.maps.length - 1] : undefined;
  const present = new Set(own?.entries.map(({ key }) => key.value));
  const item = (label: string, rank: number, value: string, rest: Partial<Item>): Item[] =>
    present.has(label) ? [] : [{ label, kind: 'key', rank, ...rest, ...withoutTrailingSpace(asKey(context, label, value)) }];
  if (isRulesMap(path))
    return allRules.flatMap((rule, rank) =>
      item(rule.id, rank, `\${1|${levels.map(({ level }) => level).join(',')}|}`, {
        detail: `default: ${rule.level}`,
        documentation: `${escape(rule.title)}.`,
      }),
    );
  if (path.length === 1 && path[0] === 'roles')
    return roleNames(view).flatMap(([label, detail], rank) => item(label, rank, '$0', { kind: 'role', detail, then: 'suggest' }));
  return keysAt(path).flatMap(({ key, doc, form }, rank) => item(key, rank, valueOf(form, path.length), { documentation: doc }));
}

function withoutTrailingSpace<I extends { readonly insert: string }>(item: I): I {
  return { ...item, insert: item.insert.replace(': \n', ':\n') };
}

/** The beginning of a key's value, as a snippet; `depth`: how far in the key's map is. */
function valueOf(form: ConfigKey['form'], depth: number): string {
  const indent = '\n' + ' '.repeat(depth === 0 ? 2 : 6);
  switch (form) {
    case 'maps':
    case 'texts':
      return `${indent}- $0`;
    case 'map':
      return `${indent}$0`;
    case 'boolean':
      return '${1|true,false|}';
    case 'number':
    case 'text':
      return '$0';
  }
}

function values(context: CompletionContext, texts: readonly (readonly [string, string?])[]): Item[] {
  const taken = new Set(context.siblings);
  return texts
    .filter(([text]) => !taken.has(text))
    .map(([text, detail], rank) => ({
      label: text,
      kind: 'value',
      rank,
      insert: /^(true|false|off)$/.test(text) ? text : asValue(context, text),
      ...(detail === undefined ? {} : { detail }),
    }));
}

/** ARNs and names of the roles that manifests name, the most used first. */
function roleNames(view: WorkspaceView): readonly (readonly [string, string])[] {
  return [...view.wiring.roleArns()]
    .sort((a, b) => b.uses - a.uses)
    .flatMap(({ arn, text }) => {
      const whole = literal(arn.text);
      const name = literal(arn.name);
      const label = whole !== undefined ? text : name;
      return label === undefined ? [] : [[label, 'used by a service account'] as const];
    })
    .filter(([label], index, all) => all.findIndex(([other]) => other === label) === index);
}

/** Files with a trust policy, by their paths from the configuration's folder. */
function policyFiles(view: WorkspaceView, uri: string): readonly (readonly [string])[] {
  const found = new Set<string>();
  for (const { doc } of view.wiring.policies()) {
    const path = relativePath(doc.uri, folderOf(uri));
    if (path !== undefined) found.add(path);
    if (found.size >= mostPaths) break;
  }
  return [...found].sort().map((path) => [path] as const);
}

/** Folders with files that concern pod roles, as globs. */
function folders(view: WorkspaceView, uri: string): readonly (readonly [string])[] {
  const found = new Set<string>();
  for (const file of view.wiring.files()) {
    const path = relativePath(file, folderOf(uri));
    const parts = path === undefined ? [] : filePath(`file:///${path}`).folders;
    for (let length = 1; length <= parts.length && found.size < mostPaths; length++) found.add(`${parts.slice(0, length).join('/')}/**`);
  }
  return [...found].sort().map((glob) => [glob] as const);
}

function clusterValues(view: WorkspaceView, uri: string, key: string): readonly (readonly [string, string?])[] {
  const clusters = [...(view.wiring.aws?.clusters() ?? [])];
  const issuers = knownProviders(view).map(({ arn }) => ({ account: arn.split(':')[4]!, issuer: arn.slice(arn.indexOf('/') + 1) }));
  switch (key) {
    case 'name':
      return distinct(clusters.map(({ name }) => name));
    case 'account':
      return distinct([...issuers.map(({ account }) => account), ...accountsOfRoles(view)].filter((id) => /^\d{12}$/.test(id)));
    case 'issuer':
      return distinct(issuers.map(({ issuer }) => issuer));
    case 'region':
      return distinct(issuers.map(({ issuer }) => parseEksIssuer(issuer)?.region));
    case 'namespace':
      return distinct(knownNamespaces(view, uri).filter(isNamespaceName));
    default:
      return [];
  }
}

function accountsOfRoles(view: WorkspaceView): string[] {
  return view.wiring.roleArns().flatMap(({ arn }) => literal(arn.account) ?? []);
}

function distinct(texts: readonly (string | undefined)[]): readonly (readonly [string])[] {
  return [...new Set(texts.filter((text) => text !== undefined))].slice(0, mostPaths).map((text) => [text] as const);
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/'));
}
