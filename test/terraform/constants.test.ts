import { describe, expect, test } from 'vitest';
import { attributeOf, type HclExpression } from '../../server/src/core/syntax/hcl/body';
import { Evaluator } from '../../server/src/core/readers/terraform/evaluate/evaluator';
import { isConstant } from '../../server/src/core/readers/terraform/evaluate/constants';
import { TerraformModule } from '../../server/src/core/readers/terraform/modules/definition';
import { ModuleInstance } from '../../server/src/core/readers/terraform/modules/instance';
import { nowhere } from '../../server/src/core/readers/terraform/modules/run';
import { parse } from './load';

/** The expression of `local.x`, and what gives its value in another instance of its module each time. */
function read(expression: string) {
  const text = `locals {\n  x = ${expression}\n}\n`;
  const input = { doc: { uri: 'file:///m/own.tf', index: 0, start: 0 }, text, tree: parse(text) };
  const found: HclExpression = attributeOf(input.tree.hcl!.blocks[0]!.body, 'x')!.value!;
  const definition = new TerraformModule([input]);
  return { expression: found, evaluator: () => new Evaluator(ModuleInstance.root(definition, nowhere), { input }) };
}

describe('what is all written out', () => {
  test.each([['"a"'], ['1'], ['["a", { b = [true] }]'], ['{ "a b" = <<-EOT\n  x\n  EOT\n}']])(
    '%s is made once for all instances',
    (text) => {
      const { expression, evaluator } = read(text);
      expect(isConstant(expression)).toBe(true);
      expect(evaluator().evaluate(expression)).toBe(evaluator().evaluate(expression));
    },
  );

  test.each([['var.a'], ['"${var.a}"'], ['["a", [var.a]]'], ['{ a = upper("b") }'], ['{ (var.a) = 1 }'], ['{ "${var.a}" = 1 }']])(
    '%s is not',
    (text) => {
      const { expression, evaluator } = read(text);
      expect(isConstant(expression)).toBe(false);
      expect(evaluator().evaluate(expression)).not.toBe(evaluator().evaluate(expression));
    },
  );

  test('it is never kept in part: where nothing may be spent any more it is unknown there, and whole elsewhere', () => {
    const { expression, evaluator } = read('{ a = ["b", "c"] }');
    const poor = evaluator();
    poor.module.run.steps.left = 0;
    expect(poor.evaluate(expression).kind).toBe('scalar');
    const short = evaluator();
    short.module.run.steps.left = 1;
    expect(short.evaluate(expression)).toBe(evaluator().evaluate(expression));
    expect(short.evaluate(expression)).toMatchObject({ kind: 'scalar', holes: [{ why: { kind: 'limit' } }] });
  });
});
