import { beforeAll, describe, expect, test } from 'vitest';
import type { HclBody, HclExpression } from '../../server/src/core/syntax/hcl/body';
import type { HclParser } from '../../server/src/core/syntax/hcl/parser';
import { loadHcl } from '../../server/src/hcl/load';

let parse: HclParser;
beforeAll(async () => {
  parse = await loadHcl();
});

/** The expression of `x = …`. */
function expression(source: string): HclExpression {
  return parse(`x = ${source}\n`).hcl!.attributes[0]!.value!;
}

describe('blocks', () => {
  test('have their types, labels and attributes with their places', () => {
    const text = '# é\nresource "aws_iam_role" "demo" {\n  name = "x"\n  tags { a = 1 }\n}\n';
    const [block] = parse(text).hcl!.blocks;
    expect(block!.type.text).toBe('resource');
    expect(block!.labels.map((label) => text.slice(label.span.start, label.span.end))).toEqual(['aws_iam_role', 'demo']);
    expect(block!.body.attributes.map((attribute) => text.slice(attribute.span.start, attribute.span.end))).toEqual(['name = "x"']);
    expect(block!.body.blocks.map((inner) => inner.type.text)).toEqual(['tags']);
  });

  test('comments are kept for suppressions', () => {
    expect(parse('# one\nx = 1 // two\n/* three */\n').comments.map((comment) => comment.text)).toEqual([' one', ' two', ' three ']);
  });

  test('are read around what is torn', () => {
    const { hcl, problems } = parse('resource "a" "b" {\n  x = \n}\nresource "c" "d" {\n  y = 1\n}\n');
    expect(problems.length + hcl!.blocks.length).toBeGreaterThan(0);
    const all = (body: HclBody): string[] => body.blocks.flatMap((block) => [block.labels[0]!.text, ...all(block.body)]);
    expect(all(hcl!)).toEqual(['a', 'c']);
  });
});

describe('expressions', () => {
  test.each([
    ['a.b[0].c', ['attribute', 'index', 'attribute']],
    ['a.b.0.c', ['attribute', 'index', 'attribute']],
    ['a.b["k"]', ['attribute', 'index']],
    ['a[*].c', ['splat', 'attribute']],
    ['a.*.c', ['splat', 'attribute']],
    ['split("/", a)[1]', ['index']],
  ])('%s', (source, kinds) => {
    const read = expression(source);
    expect(read.kind).toBe('reference');
    expect(read.kind === 'reference' && read.steps.map((step) => step.kind)).toEqual(kinds);
  });

  test('heredocs have their text without the markers', () => {
    const text = 'x = <<-EOT\n  a ${b}\n  c\n  EOT\n';
    const read = parse(text).hcl!.attributes[0]!.value!;
    expect(read.kind === 'template' && [text.slice(read.content.start, read.content.end), read.parts.length, read.heredoc]).toEqual([
      '  a ${b}\n  c\n',
      1,
      'indented',
    ]);
  });

  test('deep nesting ends, and nothing is thrown', () => {
    expect(() => parse(`x = ${'['.repeat(3000)}${']'.repeat(3000)}`)).not.toThrow();
  });
});
