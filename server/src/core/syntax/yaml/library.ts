import { Composer, Parser, type CST, type Document } from 'yaml';
import { unknownNode } from '../nodes';
import type { SyntaxProblem } from '../tree';
import { commentsOf } from './comments';
import { Converter } from './convert';
import type { YamlReading } from './port';
import { MAX_DEPTH, pruneDeep } from './prune';

const options = {
  schema: 'failsafe',
  merge: false,
  uniqueKeys: false,
  strict: false,
  prettyErrors: false,
  keepSourceTokens: true,
  logLevel: 'silent',
  resolveKnownTags: false,
} as const;

/** Errors of the library that are none here: tags of other languages, anchors that a merge of ours judges. */
const ignored = new Set(['TAG_RESOLVE_FAILED', 'BAD_DIRECTIVE']);

/** Kubernetes stores no larger object, and CloudFormation takes no larger template. Lists of objects in plain style are not read here. */
const longest = 1_500_000;
/** The library keeps a list for each open bracket. Far above {@link MAX_DEPTH}: brackets in texts count too. */
const deepestFlow = 2000;

/**
 * Reads the first document of a text by the `yaml` library, which knows all of YAML. `inTemplate` marks the problems as a
 * renderer's, not the user's. Loaded through port.ts.
 */
export function readByLibrary(text: string, inTemplate: boolean): YamlReading {
  const problems: SyntaxProblem[] = [];
  const whole = { start: 0, end: text.length };
  if (text.length > longest) {
    const message = `the document is too large to read in its style: ${(text.length / 1e6).toFixed(1)} MB, the limit is ${longest / 1e6} MB`;
    return { root: undefined, problems: [], limits: [{ span: { start: 0, end: 0 }, message, inTemplate: false }], comments: [] };
  }
  if (opensDeeper(text)) {
    const message = `The text nests deeper than ${deepestFlow} brackets; it is not read.`;
    return {
      root: unknownNode(text, whole),
      problems: [],
      limits: [{ span: { start: 0, end: 0 }, message, inTemplate: false }],
      comments: [],
    };
  }
  try {
    const tokens = firstDocument(text);
    const deep = pruneDeep(tokens, text);
    const [document] = [...new Composer(options).compose(tokens)] as Document[];
    for (const error of document?.errors ?? []) {
      if (ignored.has(error.code) || problems.length >= 200) continue;
      const start = Math.max(0, Math.min(error.pos[0], text.length));
      const span = { start, end: Math.max(start, Math.min(error.pos[1], text.length)) };
      problems.push({ span, message: `This isn't valid YAML: ${error.message}.`, inTemplate });
    }
    const converter = new Converter(text);
    const root = converter.node(document?.contents);
    if (deep !== undefined) {
      const span = { start: deep, end: deep };
      problems.push({ span, message: `The text nests deeper than ${MAX_DEPTH} levels; deeper levels are skipped.`, inTemplate });
    }
    const trouble = converter.aliasTrouble;
    const limits = trouble === undefined ? [] : [{ span: { start: 0, end: 0 }, message: trouble, inTemplate }];
    return { root, problems, limits, comments: commentsOf(tokens) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    problems.push({ span: whole, message: "The document can't be read: it nests too deep.", inTemplate });
    return { root: unknownNode(text, whole), problems, limits: [], comments: [] };
  }
}

/** Whether more brackets stand open somewhere than any document has, wherever they stand. */
function opensDeeper(text: string): boolean {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 91 || code === 123) open++;
    else if ((code === 93 || code === 125) && open > 0) open--;
    if (open > deepestFlow) return true;
  }
  return false;
}

/** The tokens up to the end of the first document; what follows is not parsed. */
function firstDocument(text: string): CST.Token[] {
  const tokens: CST.Token[] = [];
  let documents = 0;
  for (const token of new Parser().parse(text)) {
    if (token.type === 'document' && ++documents > 1) break;
    tokens.push(token);
  }
  return tokens;
}
