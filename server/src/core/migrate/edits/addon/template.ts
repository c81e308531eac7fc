import type { ServiceAccountFact } from '../../../model/facts';
import { readTemplate } from '../../../readers/cloudformation/template';
import type { Edit } from '../../../rules/rule';
import { entryOf, outerSpan, valueAt } from '../../../syntax/nodes';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { MapNode } from '../../../syntax/tree';
import type { Made } from '../../types';
import { isFlow, yamlStyleOf } from '../maps';
import { whyGenerated } from '../policy/guards';
import { before, checked, indentOf } from '../source';
import { moved } from '../write/yaml';
import { manually } from './manually';

/**
 * `PodIdentityAssociations` of an AWS::EKS::Addon in the place of `ServiceAccountRoleArn`, with the role as it is written there.
 * Source: CloudFormation user guide, AWS::EKS::Addon.
 * @param name of the add-on's service account
 */
export function inTemplate({ span }: ServiceAccountFact, name: string, document: SourceDocument): Made<readonly Edit[]> {
  const { text } = document;
  const { root } = document.tree();
  const generated = whyGenerated(document);
  if (generated !== undefined) return { refused: generated };
  const addon = [...(readTemplate(root, document.ref)?.resources.values() ?? [])].find(({ entry }) => entry.span.start === span.start);
  const properties = addon && valueAt(addon.map, 'Properties');
  const entry = entryOf(properties, 'ServiceAccountRoleArn');
  if (properties?.kind !== 'map' || properties.open || !entry?.value || entry.merged || root?.kind !== 'map') return { refused: manually };
  const list = entryOf(properties, 'PodIdentityAssociations');
  if (list) return { refused: 'The add-on has associations already: remove its role manually.' };
  const newText =
    isFlow(text, properties) || document.syntax === 'json'
      ? inBrackets(text, properties, entry, name)
      : inBlock(document, root, entry, name);
  if (newText === undefined) return { refused: manually };
  return checked(document, [{ span: { start: entry.key.outer.start, end: outerSpan(entry.value).end }, newText }]);
}

type Entry = MapNode['entries'][number];

function inBlock(document: SourceDocument, root: MapNode, entry: Entry, name: string): string | undefined {
  const { text } = document;
  const lead = before(text, entry.key.outer.start);
  const value = /^ *$/.test(lead) ? copiedSource(document, entry) : undefined;
  if (value === undefined) return undefined;
  const pad = ' '.repeat(lead.length + yamlStyleOf(text, root).dash);
  return `PodIdentityAssociations:\n${pad}- ServiceAccount: ${name}\n${pad}  RoleArn:${moved(value, pad.length + 2 - lead.length)}`;
}

/** What stands behind the key, up to the end of the value: a comment behind it stays where it is. */
function copiedSource({ text }: SourceDocument, { key, value }: Entry): string | undefined {
  const source = text.slice(key.outer.end, outerSpan(value!).end).replaceAll('\r\n', '\n');
  // An anchor or an alias would mean something else elsewhere.
  return /^:\s/.test(source) && !/(?:^|[\s[{,])[&*][\w-]/.test(source) ? source.slice(1) : undefined;
}

function inBrackets(text: string, properties: MapNode, { key, value }: Entry, name: string): string {
  const quote = text[key.outer.start] === '"' ? '"' : '';
  const colon = text.slice(key.outer.end, outerSpan(value!).start);
  const role = text.slice(outerSpan(value!).start, outerSpan(value!).end).replaceAll('\r\n', '\n');
  const written = (key: string): string => `${quote}${key}${quote}${colon}`;
  const own = indentOf(text, key.outer.start);
  if (!/^[ \t]*$/.test(before(text, key.outer.start)))
    return `${written('PodIdentityAssociations')}[{ ${written('ServiceAccount')}"${name}", ${written('RoleArn')}${role} }]`;
  const outer = indentOf(text, properties.span.end - 1);
  const step = own.startsWith(outer) && own.length > outer.length ? own.slice(outer.length) : '  ';
  const deep = own + step + step;
  const lines = role.split('\n').map((line, i) => (i === 0 || line === '' ? line : step + step + line));
  return [
    `${written('PodIdentityAssociations')}[`,
    `${own}${step}{`,
    `${deep}${written('ServiceAccount')}"${name}",`,
    `${deep}${written('RoleArn')}${lines.join('\n')}`,
    `${own}${step}}`,
    `${own}]`,
  ].join('\n');
}
