import { maskTemplate } from '../template/mask';
import { unmask } from '../template/unmask';
import type { Tree } from '../tree';
import { JsonReader } from './reader';

/**
 * Reads JSON, JSON with comments and trailing commas, or what can be read of a template of either.
 * Never throws; linear in the text's length.
 */
export function parseJson(text: string): Tree {
  const reader = new JsonReader(text, false);
  const root = reader.document();
  const { problems, comments, strict } = reader;
  if (problems.length > 0) {
    const template = parseTemplate(text, problems.length);
    if (template) return template;
  }
  return { root, problems, comments, strict, templated: false, language: 'json' };
}

/** The text with its template expressions taken out, where it reads better so. */
function parseTemplate(text: string, problemsBefore: number): Tree | undefined {
  for (const wide of [false, true]) {
    const mask = maskTemplate(text, wide);
    if (!mask) continue;
    const reader = new JsonReader(mask.text, true);
    const root = reader.document();
    const { problems, comments } = reader;
    if (problems.length >= problemsBefore || (!wide && problems.length > 0 && maskTemplate(text, true)?.text !== mask.text)) continue;
    return { ...unmask(root, text, mask, 'json'), problems, comments, strict: false, language: 'json' };
  }
  return undefined;
}
