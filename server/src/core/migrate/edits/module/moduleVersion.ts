import { moduleOfSource } from '../../../readers/terraform/modules/moduleSources';
import { isSurelyAtLeast, mayBeAtLeast } from '../../../readers/terraform/modules/replacement/versions';
import { attributeOf, blocksOf } from '../../../syntax/hcl/body';
import type { Made } from '../../types';
import { literalArgument } from '../hclSearch';
import type { FolderBlock } from './folder';

/**
 * The version of terraform-aws-modules/eks-pod-identity for a folder: the one that it has already, else the newest line that its AWS
 * provider surely takes. Sources: the module's versions.tf (v1.12.1: aws >= 5.30, v2.8.1: aws >= 6.28).
 */
export function moduleVersion(blocks: readonly FolderBlock[]): Made<string> {
  for (const { block, text } of blocks) {
    if (block.type.text !== 'module') continue;
    const source = literalArgument(block, 'source', text);
    const version = source !== undefined && moduleOfSource(source) === 'pod-identity' ? literalArgument(block, 'version', text) : undefined;
    if (version !== undefined && /^(?:~>|=|>=)?\s*v?[12]\.[\d.]+$/.test(version)) return { made: version };
  }
  const constraints = blocks.flatMap(({ block, text }) =>
    block.type.text === 'terraform'
      ? blocksOf(block.body, 'required_providers').flatMap(({ body }) => {
          const value = attributeOf(body, 'aws')?.value;
          return value ? (/\bversion\s*=\s*"([^"]*)"/.exec(text.slice(value.span.start, value.span.end))?.[1] ?? []) : [];
        })
      : [],
  );
  if (constraints.some((each) => !mayBeAtLeast('', each, [5, 30, 0])))
    return {
      refused: `The module eks-pod-identity needs version 5.30 or newer of the AWS provider, which required_providers excludes (${constraints.join(', ')}).`,
    };
  return { made: constraints.some((each) => isSurelyAtLeast(each, [6, 28, 0])) ? '~> 2.8' : '~> 1.12' };
}
