import type { PolicyDocument } from '../../model/policy';
import type { TrustPolicyFact } from '../../model/facts';
import type { Text } from '../../text/text';
import type { Template } from './template';

/** Names of CloudFormation's own. Source: CloudFormation user guide, pseudo parameters. */
const pseudo = /^AWS::(AccountId|Region|Partition|URLSuffix|StackName|StackId)$/;

/**
 * Where a trust policy of a template leaves what CloudFormation does not put in: a function as a condition key, which
 * it refuses, and `${Name}` of the template's own in a text that no `Fn::Sub` wraps, which stays as it is.
 * @param source the document.
 * @param substituted whether a text stands in what `Fn::Sub` works on.
 */
export function unsubstituted(
  policy: PolicyDocument,
  template: Template,
  source: string,
  substituted: (text: Text) => boolean,
): NonNullable<TrustPolicyFact['unsubstituted']> {
  const found: { readonly text: Text; readonly kind: 'function-key' | 'key' | 'value'; readonly name: string }[] = [];
  const check = (text: Text, kind: 'key' | 'value'): void => {
    if (kind === 'key') {
      const tag = /!(Sub|Ref|GetAtt|Join|Select|ImportValue|FindInMap)\s+$/.exec(
        source.slice(Math.max(0, text.outer.start - 24), text.outer.start),
      );
      if (tag) {
        found.push({ text, kind: 'function-key', name: tag[1] === 'Ref' ? 'Ref' : `Fn::${tag[1]!}` });
        return;
      }
    }
    // A text in a text: whatever wraps it may put the values in.
    if (text.encodings.length > 1 || text.borrowed || substituted(text) || template.transformed) return;
    for (const match of text.value.matchAll(/(?<!\$)\$\{([A-Za-z0-9:.]+)\}/g)) {
      const name = match[1]!;
      if (!pseudo.test(name) && !template.names.has(name.replace(/\..*$/, ''))) continue;
      found.push({ text, kind, name });
      return;
    }
  };
  for (const statement of policy.statements) {
    for (const list of statement.principal?.kinds ?? []) for (const value of list.values) check(value, 'value');
    for (const operator of statement.condition?.operators ?? []) {
      for (const { key, values } of operator.keys) {
        check(key, 'key');
        for (const value of values.values) check(value, 'value');
      }
    }
  }
  return found;
}
