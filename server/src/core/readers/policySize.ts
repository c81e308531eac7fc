import { documentSpan } from '../text/texts';
import type { PolicyProblem } from '../model/policy';
import type { Node, ScalarNode } from '../syntax/tree';

/**
 * The number of characters that count for IAM's quota: the policy as JSON without white space. Undefined where holes
 * or templates hide it. With it, the characters that IAM does not take (beyond tab, line ends and U+0020 to U+00FF).
 * Sources: IAM guide, quotas; botocore, policyDocumentType.
 */
export function measurePolicy(root: Node): { readonly length: number | undefined; readonly characters: readonly PolicyProblem[] } {
  const characters: PolicyProblem[] = [];
  let length = 0;
  let known = true;
  const scalar = (node: ScalarNode) => {
    if (node.holes.length > 0) known = false;
    else if (node.type === 'string') length += JSON.stringify(node.value).replace(/\s/g, '').length;
    else length += node.value.length;
    const odd = firstOddCharacter(node);
    if (odd && characters.length < 20) characters.push(odd);
  };
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.kind === 'scalar') scalar(node);
    else if (node.kind === 'unknown' || node.open) known = false;
    if (node.kind === 'list') {
      length += 2 + Math.max(0, node.items.length - 1);
      for (const item of node.items) stack.push(item);
    } else if (node.kind === 'map') {
      length += 2 + Math.max(0, node.entries.length - 1) + node.entries.length;
      for (const entry of node.entries) {
        scalar(entry.key);
        if (entry.value) stack.push(entry.value);
        else length += 4;
      }
    }
  }
  characters.sort((a, b) => a.span.start - b.span.start);
  return { length: known ? length : undefined, characters };
}

function firstOddCharacter(node: ScalarNode): PolicyProblem | undefined {
  const match = /[^\t\n\r\u0020-\u00ff]/u.exec(node.value);
  if (!match || node.holes.some((h) => h.start <= match.index && match.index < h.end)) return undefined;
  const code = match[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return {
    code: 'characters',
    span: documentSpan(node, match.index, match.index + match[0].length),
    message: `The character U+${code} isn't allowed: a policy can contain tabs, line breaks and U+0020 to U+00FF.`,
  };
}
