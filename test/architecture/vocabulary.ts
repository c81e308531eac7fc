import ts from 'typescript';

/** A word that texts for people don't use, and the field's word for it. */
interface Banned {
  readonly words: RegExp;
  readonly write: string;
}

/** AWS's, Kubernetes' and VS Code's documentation say it otherwise. */
const banned: readonly Banned[] = [
  { words: /\badmit(?:s|ted|ting)?\b/i, write: 'allow' },
  { words: /\blets? (?:in\b|\w+ in\b)/i, write: 'allow' },
  { words: /\brefus(?:e|es|ed|al|als|ing)\b/i, write: 'reject, deny, does not allow' },
  {
    words: /\bmay (?:take|become)\b|\btak(?:e|es|en) (?:the|this|that|a|any|its|their|no) roles?\b|\btakes? roles\b/i,
    write: 'can assume',
  },
  { words: /\bmend(?:s|ed|ing|ings)?\b/i, write: 'fix' },
  {
    words: /\bpass(?:es|ed)? over\b|\bpass over\b|\bleft alone\b|\bleft out\b|\bleaves? out\b/i,
    write: 'skip, ignore, omit, not reported',
  },
  { words: /\bask(?:s|ed|ing)? for (?:a|an|the|this|that|no|its|their|it|them) ?(?:role|account)?s?\b/i, write: 'use, request' },
  { words: /\bwhoever\b|\bnobody\b|\bsomebody\b/i, write: 'anyone who, no pod' },
  { words: /\bstands?\b(?!-)|\bstood\b/i, write: 'is, is set' },
  { words: /\bcounts? for nothing\b|\bin force\b/i, write: 'has no effect, in effect' },
  { words: /\btaken (?:to be|as true|back)\b/i, write: 'assumption, rolled back' },
  { words: /(?<!\bthere )\b(?:is|are) no (?!longer|more|less)[a-z]/i, write: "isn't a" },
  { words: /\bno file tells?\b|\btold by no\b|\bnot known\b/i, write: 'unknown' },
  { words: /\bwins? over\b|\bhides? the role\b/i, write: 'overrides' },
  { words: /\b\w+ against \w+\b/i, write: "doesn't match" },
  { words: /\bmake(?:s)? (?:calls )?as the\b|\bmistake in pod-roles\b/i, write: 'internal error' },
  { words: /\bturns? nothing off\b|\bfinds? anything in\b/i, write: 'unused suppression' },
  { words: /\btokens? lives?\b/i, write: 'expiration' },
  { words: /\bconcern(?:s)? pod roles\b|\bchains? checked\b/i, write: 'checked' },
  { words: /\bwithout .* and your word\b|\b(?:once|after) (?:you|the user) said so\b/i, write: 'confirmation, opt in' },
  {
    words: /\bAWS (?:is|was|may be|can be|is never|is not) asked\b|\b(?:clusters?|regions?) (?:that )?(?:is|are) asked\b/i,
    write: 'queried',
  },
  { words: /\bjudge[sd]?\b/i, write: 'checked, evaluated' },
  { words: /\bwins\b/i, write: 'overrides, takes precedence' },
  { words: /\broles? may do\b|\bMAY DO\b/, write: 'permissions' },
  { words: /\bmay use the\b.*\brole\b|\brole it asks for\b/i, write: 'can assume its role' },
];

/** Error texts of AWS and Kubernetes in quotes, code, links, comments of Markdown, and the identifiers that stay (contract.md). */
const exempt = /```[\s\S]*?```|`[^`\n]*`|"[^"\n]*"|\]\([^)\s]*\)|<!--[\s\S]*?-->|\brole-admits-no-account\b/g;

/** The banned words of a text, each with the word to write. Quotes, code and links are not looked at. */
export function offences(text: string): string[] {
  const own = text.replace(exempt, ' … ');
  return banned.flatMap(({ words, write }) => {
    const found = words.exec(own)?.[0];
    return found === undefined ? [] : [`"${found}" (write: ${write})`];
  });
}

/** The texts of a TypeScript file that may be shown to people: string literals and templates that hold more than a word. */
export function textsOf(source: string): { readonly line: number; readonly text: string }[] {
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest, true);
  const found: { line: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isLiteralTypeNode(node)) return;
    const text =
      ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)
        ? node.text
        : ts.isTemplateExpression(node)
          ? node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')
          : undefined;
    if (text !== undefined && /[a-z]\s+[a-z]/i.test(text))
      found.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, text });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The texts in a JSON file's descriptions, titles and messages. */
export function textsOfJson(value: unknown, path = ''): { readonly path: string; readonly text: string }[] {
  if (typeof value === 'string') return /\s/.test(value) ? [{ path, text: value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => textsOfJson(each, `${path}/${key}`));
}
