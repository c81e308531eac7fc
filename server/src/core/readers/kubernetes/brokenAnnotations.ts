import { isRendered, toText } from '../nodes';
import { isWebhookKey } from './webhookKeys';
import { entryOf } from '../../syntax/nodes';
import { slice } from '../../text/texts';
import type { BrokenAnnotations } from '../../model/facts';
import type { Text } from '../../text/text';
import type { Entry, Node } from '../../syntax/tree';

/**
 * What stands under `annotations` where a map of strings belongs: a string, a list, or an entry of ours without
 * a space after its colon. Undefined where nothing is wrong, or a renderer decides.
 */
export function brokenAnnotations(metadata: Node | undefined): BrokenAnnotations | undefined {
  const entry = entryOf(metadata, 'annotations');
  const value = entry?.value;
  if (!entry || !value || isRendered(value)) return undefined;
  const key = toText(entry.key);
  if (value.kind === 'scalar') {
    const rendered = value.type === 'null' || value.holes[0]?.start === 0;
    return rendered ? undefined : { key, text: toText(value), span: value.span };
  }
  if (value.kind === 'list') return value.open || value.items.length === 0 ? undefined : { key, span: value.span };
  if (value.kind !== 'map') return undefined;
  for (const inner of value.entries) {
    const text = gluedText(inner);
    if (text) return { key, text, span: text.span, withinMap: true };
  }
  return undefined;
}

/**
 * The text of an entry that was read as (a part of) a key because no space follows its colon:
 * `eks.amazonaws.com/role-arn:arn:…`, with the next line's key behind it where one follows.
 */
export function gluedText(entry: Entry): Text | undefined {
  const { key } = entry;
  if (key.quoted || entry.merged || !/^[^\s:]+\/[^\s:]+:\S/.test(key.value)) return undefined;
  if (!isWebhookKey(key.value.slice(0, key.value.indexOf(':')))) return undefined;
  const words = [...key.value.matchAll(/\S+/g)];
  // The last word is the key of the value that follows, if one does.
  const last = words[words.length - 1]!;
  const glued = entry.value === undefined ? last : words[words.length - 2];
  return glued && slice(toText(key), 0, glued.index + glued[0].length);
}
