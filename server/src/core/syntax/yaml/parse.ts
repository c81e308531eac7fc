import { Composer, Parser, type CST, type Document } from 'yaml';
import { unknownNode } from '../nodes';
import type { Node, SyntaxProblem, Tree } from '../tree';
import { commentsOf } from './comments';
import { Converter, MAX_DEPTH } from './convert';

const options = {
  schema: 'failsafe', merge: false, uniqueKeys: false, strict: false, prettyErrors: false, keepSourceTokens: true,
  logLevel: 'silent', resolveKnownTags: false,
} as const;

/** Errors of the library that are none here: tags of other languages, anchors that a merge of ours judges. */
const ignored = new Set(['TAG_RESOLVE_FAILED', 'BAD_DIRECTIVE']);

/** What a plain reading of the text gives, templates not minded. */
export interface YamlReading {
  readonly root: Node | undefined;
  readonly problems: SyntaxProblem[];
  readonly comments: Tree['comments'];
}

/**
 * Reads the first document of a text. `inTemplate` marks the problems as a renderer's, not the user's.
 * Never throws: what the library gives up on becomes an UnknownNode and a problem.
 */
export function readYaml(text: string, inTemplate: boolean): YamlReading {
  const problems: SyntaxProblem[] = [];
  const whole = { start: 0, end: text.length };
  let tokens: CST.Token[] = [];
  try {
    tokens = [...new Parser().parse(text)];
    const [document] = [...new Composer(options).compose(tokens)] as Document[];
    for (const error of document?.errors ?? []) {
      if (ignored.has(error.code) || problems.length >= 200) continue;
      const span = { start: error.pos[0], end: Math.max(error.pos[0], error.pos[1]) };
      problems.push({ span, message: `This is no valid YAML: ${error.message}.`, inTemplate });
    }
    const converter = new Converter(text);
    const root = converter.node(document?.contents);
    if (converter.tooDeep !== undefined) {
      const span = { start: converter.tooDeep, end: converter.tooDeep };
      problems.push({ span, message: `The text nests deeper than ${MAX_DEPTH} levels; what lies deeper is not read.`, inTemplate });
    }
    return { root, problems, comments: commentsOf(tokens) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    problems.push({ span: whole, message: 'The document could not be read: it nests too deep.', inTemplate });
    return { root: unknownNode(text, whole), problems, comments: [] };
  }
}

/** Reads one YAML document. Never throws. */
export function parseYaml(text: string): Tree {
  const { root, problems, comments } = readYaml(text, false);
  return { root, problems, comments, templated: false, language: 'yaml' };
}
