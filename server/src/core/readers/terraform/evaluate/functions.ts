import type { Node } from '../../../syntax/tree';
import type { Call, Functions } from './arguments';
import { choiceFunctions } from './choiceFunctions';
import { collectionFunctions } from './collectionFunctions';
import { encodingFunctions } from './encodingFunctions';
import type { Evaluator } from './evaluator';
import { textFunctions } from './textFunctions';

const functions: Functions = { ...textFunctions, ...choiceFunctions, ...collectionFunctions, ...encodingFunctions };
/** Those that take a list's items as arguments (`merge(list...)`). */
const expanding = new Set(['merge', 'concat', 'coalesce', 'setunion']);

/** The value of a function's call; a hole where the function or its arguments are not known. */
export function call(expression: Call, evaluator: Evaluator): Node {
  const { name, expands } = expression;
  const known = Object.hasOwn(functions, name) && (!expands || expanding.has(name)) ? functions[name] : undefined;
  return known?.(expression, evaluator) ?? evaluator.hole(expression, strings.has(name));
}

/** Functions that give one string, whatever they are given. */
const strings = new Set([
  'replace',
  'trimprefix',
  'trimsuffix',
  'trimspace',
  'format',
  'join',
  'lower',
  'upper',
  'title',
  'file',
  'templatefile',
  'jsonencode',
  'yamlencode',
  'tostring',
  'substr',
  'basename',
  'dirname',
  'base64encode',
]);
