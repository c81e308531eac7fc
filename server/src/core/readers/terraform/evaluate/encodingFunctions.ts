import { parsedText } from '../resources/embedded';
import type { Node } from '../../../syntax/tree';
import { documentsOf, filled } from '../resources/files';
import { known, type Known } from '../texts';
import { first, scalars, type Call, type Functions } from './arguments';
import type { Evaluator } from './evaluator';

/** Functions by which texts become values, and values texts. Source: Terraform's documentation, encoding and filesystem functions. */
export const encodingFunctions: Functions = {
  jsondecode: (expression, evaluator) => decoded(expression, evaluator, 'json'),
  yamldecode: (expression, evaluator) => decoded(expression, evaluator, 'yaml'),
  jsonencode: encoded,
  yamlencode: encoded,
  file(expression, evaluator) {
    return textOf(expression, evaluator, undefined);
  },
  templatefile(expression, evaluator) {
    const variables = expression.args[1] && evaluator.evaluate(expression.args[1]);
    return textOf(expression, evaluator, variables);
  },
};

function decoded(expression: Call, evaluator: Evaluator, language: 'json' | 'yaml'): Node | undefined {
  const [text] = scalars(expression, evaluator, 1);
  const { encodes }: Partial<Known> = text ?? {};
  if (encodes?.input === evaluator.member.input) return encodes.node;
  // A file's own values stand elsewhere: what is decoded of them stands where this is written.
  return text && (encodes ? undefined : parsedText(text, language));
}

/** A text whose tree is known: a hole for who wants the characters. */
function encoded(expression: Call, evaluator: Evaluator): Node | undefined {
  const node = first(expression, evaluator);
  if (node?.kind !== 'map' && node?.kind !== 'list') return undefined;
  return known({ ...evaluator.hole(expression, true), encodes: { as: 'expression', input: evaluator.member.input, node, span: expression.span } }); // prettier-ignore
}

/** A file's text: a hole for who wants the characters, with its tree where the workspace has the file. */
function textOf(expression: Call, evaluator: Evaluator, variables: Node | undefined): Node | undefined {
  const [path] = expression.args;
  const found = path && documentsOf(evaluator.evaluate(path), evaluator);
  if (!found) return undefined;
  const { input, uri } = found;
  const hole = evaluator.hole(expression, true, { kind: 'file', what: found.path, uri });
  if (!input?.tree.root) return hole;
  const node = variables === undefined ? input.tree.root : filled(input.tree.root, variables, evaluator);
  return known({ ...hole, encodes: { as: 'document', input, node, span: { start: 0, end: input.text.length } } });
}
