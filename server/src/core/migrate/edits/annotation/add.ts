import type { Change } from '../../../fixes/edits';
import { flowAnnotation } from '../../../generate/flowAnnotation';
import { yamlText } from '../../../generate/text/yaml';
import type { AnnotationFact, ServiceAccountFact } from '../../../model/facts';
import type { Edit } from '../../../rules/rule';
import type { HclBlock } from '../../../syntax/hcl/body';
import type { SourceDocument } from '../../../syntax/sourceFile';
import { literal, replacement } from '../../../text/texts';
import type { Made, Spelling } from '../../types';
import { addToObjectArgument } from '../arguments';
import { blockAt } from '../blocks';
import { checked, insert } from '../source';
import { hclTongue } from '../write/tongues';

/**
 * Writes annotations on an account where a manifest, chart values or a resource of Terraform holds it. One that is there with the same
 * value stays; one with another value is refused.
 * @param values by full key: `eks.amazonaws.com/role-arn`
 */
export function addAnnotation(
  account: ServiceAccountFact,
  document: SourceDocument,
  values: Readonly<Record<string, Spelling>>,
): Made<readonly Edit[]> {
  if (account.address !== undefined) return { refused: "The account is in Terraform's plan or state: change the configuration." };
  const added: (readonly [string, Spelling])[] = [];
  const changes: Change[] = [];
  for (const [key, value] of Object.entries(values)) {
    if (!/^eks\.amazonaws\.com\/[a-z-]+$/.test(key)) return { refused: `${JSON.stringify(key)} is not an annotation of the webhook.` };
    if ('text' in value && !/^[\w+=,.@:/-]{1,2048}$/.test(value.text))
      return { refused: `${JSON.stringify(value.text)} is not a valid value of ${key}.` };
    const present = presentOf(account, key);
    if (!present) added.push([key, value]);
    else if (!('text' in value) || literal(present.value) !== value.text) {
      const made =
        present.value && 'text' in value && present.value.value.trim() === ''
          ? replacement(present.value, 0, present.value.value.length, value.text)
          : undefined;
      if (!made) return { refused: `The service account has the annotation ${key} already, with another value.` };
      changes.push(made);
    }
  }
  if (added.length === 0 && changes.length === 0) return { refused: 'The service account has these annotations already.' };
  const more =
    added.length === 0 ? [] : document.syntax === 'hcl' ? inTerraform(account, document, added) : inManifest(account, document, added);
  if (!more) return { refused: 'There is no place for an annotation of this service account: add it manually.' };
  return checked(document, [...changes, ...more]);
}

function presentOf(
  { roleArn, audience, tokenExpiration, stsRegionalEndpoints }: ServiceAccountFact,
  key: string,
): AnnotationFact | undefined {
  return [roleArn, audience, tokenExpiration, stsRegionalEndpoints].find((each) => each?.key.value === key);
}

function inManifest(
  account: ServiceAccountFact,
  document: SourceDocument,
  added: readonly (readonly [string, Spelling])[],
): Change[] | undefined {
  const texts = added.map(([key, value]) => [key, 'text' in value ? value.text : undefined] as const);
  if (!texts.every((each): each is readonly [string, string] => each[1] !== undefined)) return undefined;
  const flow = flowAnnotation(document.text, 0, document.tree().root, account.span, texts);
  if (flow) return [{ span: { start: flow.start, end: flow.end }, newText: flow.newText }];
  const point = account.insertAnnotation;
  if (!point) return undefined;
  const pad = ' '.repeat(point.indent);
  const inner = point.needsKey ? `${pad}  ` : pad;
  const lines = [
    ...(point.needsKey ? [`${pad}annotations:`] : []),
    ...texts.map(([key, value]) => `${inner}${yamlText(key)}: ${yamlText(value)}`),
  ];
  return [insert(point.offset, lines.map((line) => `\n${line}`).join(''))];
}

/** In the `metadata` of a resource of Terraform's Kubernetes provider. */
function inTerraform(
  account: ServiceAccountFact,
  document: SourceDocument,
  added: readonly (readonly [string, Spelling])[],
): Change[] | undefined {
  const block = blockAt(document.tree().hcl, account.span);
  if (!block || !/^kubernetes_(?:default_)?service_account/.test(block.labels[0]?.text ?? '')) return undefined;
  const metadata: readonly HclBlock[] = block.body.blocks.filter(({ type }) => type.text === 'metadata');
  const [only] = metadata;
  if (!only || metadata.length > 1 || added.some(([, value]) => hclTongue(false).leaf([value]) === undefined)) return undefined;
  return addToObjectArgument(document.text, only, 'annotations', () => added.map(([key, value]) => [key, { phrase: [value] }]), false);
}
