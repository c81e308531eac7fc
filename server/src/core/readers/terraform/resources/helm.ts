import type { Fact } from '../../../model/facts';
import { attributeOf, blocksOf, type HclExpression } from '../../../syntax/hcl/body';
import { parseEmbedded } from '../../../syntax/embedded';
import type { Entry, MapNode, Node, Tree } from '../../../syntax/tree';
import { valuesReader } from '../../values';
import { Evaluator } from '../evaluate/evaluator';
import type { TerraformModule } from '../modules/definition';
import { standIn } from '../texts';

/** `helm_release`: its values (YAML, or encoded objects) and its `set` blocks or list. */
export function readHelm(module: TerraformModule): Fact[] {
  const facts: Fact[] = [];
  for (const { member, block } of module.resourcesOf('helm_release')) {
    const evaluator = new Evaluator(module, member);
    const roots: Node[] = [];
    const values = attributeOf(block.body, 'values')?.value;
    for (const each of values?.kind === 'tuple' ? values.items : []) {
      const root = valuesOf(each, evaluator);
      if (root) roots.push(root);
    }
    for (const name of ['set', 'set_sensitive', 'set_string']) {
      for (const each of blocksOf(block.body, name)) {
        const entries = each.body.attributes.map(({ name: key, value, span }): Entry => ({
          key: standIn(key.text, key.span),
          value: value && evaluator.evaluate(value),
          span,
          merged: false,
        }));
        roots.push({ kind: 'map', span: each.span, entries, open: false } satisfies MapNode);
      }
      const list = attributeOf(block.body, name)?.value;
      const node = list && evaluator.evaluate(list);
      if (node?.kind === 'list') roots.push(...node.items);
    }
    for (const root of roots) {
      const tree: Tree = { root, problems: [], comments: [], templated: false, language: 'hcl' };
      facts.push(...valuesReader.read({ doc: member.input.doc, text: member.input.text, tree }));
    }
  }
  return facts;
}

function valuesOf(expression: HclExpression, evaluator: Evaluator): Node | undefined {
  const encoded = expression.kind === 'call' && /^(yaml|json)encode$/.test(expression.name) ? expression.args[0] : undefined;
  const node = evaluator.evaluate(encoded ?? expression);
  return node.kind === 'scalar' ? parseEmbedded(node, 'yaml')?.root : node;
}
