import { lines } from '../text/message';
import { documentOffset } from '../text/texts';
import type { Text } from '../text/text';
import { annotationKeys } from '../model/annotations';
import type { ObjectFact } from '../model/facts';
import { isBlock } from './support/edits';
import { meantKey } from '../model/meantKey';
import type { Edit, Fix, Rule, RuleContext } from './rule';

/** The page: see pages.ts. */
export const doc = `
Finds \`annotations\` that are a string or a list instead of a map, if they contain a key of the webhook. The usual
cause: no space after the colon, which makes key and value one string.

## Why

Kubernetes rejects the object:
\`json: cannot unmarshal string into Go struct field ObjectMeta.metadata.annotations of type map[string]string\`.

## Wrong

\`\`\`yaml
metadata:
  annotations:
    eks.amazonaws.com/role-arn:arn:aws:iam::111122223333:role/demo-role
\`\`\`

## Right

\`\`\`yaml
metadata:
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`

A block of text (\`annotations: |\`) in chart values isn't reported: some charts render it as a template.

## When to turn it off

If your own chart splits these strings itself.
`;

/** `metadata.annotations` isn't a map. */
export const annotationsNotAMap: Rule = {
  id: 'annotations-not-a-map',
  level: 'error',
  title: 'The annotations are a string or a list instead of a map',
  fixable: true,
  since: '0.1.0',
  source: 'Kubernetes apimachinery, meta/v1 ObjectMeta.annotations; YAML 1.2.2, 7.3.3 plain style',
  checks: {
    object(fact: ObjectFact, context: RuleContext): void {
      const broken = fact.brokenAnnotations;
      if (!broken) return;
      const { text } = broken;
      if (!text) {
        if (fact.objectKind !== 'ServiceAccount') return;
        context.report({
          doc: fact.doc,
          span: broken.key.span,
          message: message('list', 'array', 'Write the items as entries of one map, without dashes.'),
        });
        return;
      }
      const glued = gluedEntries(text);
      if (glued.length === 0 && !namesOurKey(text)) return;
      if (broken.withinMap) {
        context.report({ doc: fact.doc, span: text.span, message: withinMap, fixes: fixes(fact, glued, context) });
        return;
      }
      const advice = glued.length > 0 ? 'Add a space after the colon.' : 'Write each entry as a key, a colon, a space and a value.';
      context.report({
        doc: fact.doc,
        span: isBlock(text) ? broken.key.span : text.outer,
        message: message('string', 'string', advice),
        fixes: fixes(fact, glued, context),
      });
    },
  },
};

/** Source of the quoted text: go-yaml's scanner, as kubectl prints it. */
const withinMap = lines(
  "There is no space after the colon, so the file isn't valid YAML.",
  'kubectl rejects it with "could not find expected \':\'".',
  'Add a space after the colon.',
);

function message(kind: string, type: string, advice: string): string {
  return lines(
    `The annotations are a ${kind} instead of a map.`,
    `Kubernetes rejects the object with "json: cannot unmarshal ${type} into Go struct field ObjectMeta.metadata.annotations of type map[string]string".`,
    advice,
  );
}

/** The places in the value at which our keys lack the space after their colon; each entry's start and its colon. */
function gluedEntries(text: Text): { start: number; colon: number }[] {
  const found: { start: number; colon: number }[] = [];
  for (const token of text.value.matchAll(/\S+/g)) {
    const colon = token[0].indexOf(':');
    // The value has other text too: it can't be split here.
    if (colon <= 0 || colon === token[0].length - 1 || !token[0].slice(0, colon).includes('/')) return [];
    found.push({ start: token.index, colon: token.index + colon });
  }
  return found.some(({ start, colon }) => isOurs(text.value.slice(start, colon))) ? found : [];
}

function namesOurKey(text: Text): boolean {
  return text.value.split(/[\s,{}"']+/).some((word) => isOurs(word.split(/:(?!\/\/)/)[0] ?? ''));
}

function isOurs(key: string): boolean {
  return annotationKeys.some((known) => known.key === key) || meantKey(key) !== undefined;
}

/** A space after each colon, and a line of its own for a value that stands behind `annotations:`. */
function fixes(fact: ObjectFact, glued: readonly { start: number; colon: number }[], context: RuleContext): Fix[] {
  const { key, text } = fact.brokenAnnotations!;
  if (!text || glued.length === 0 || text.quoted || isBlock(text) || text.encodings.some((e) => e.kind !== 'yaml-plain')) return [];
  const place = (offset: number) => context.position?.(fact.doc, offset);
  const holder = place(key.outer.start);
  const lines = glued.map(({ start }) => place(documentOffset(text, start))?.line);
  if (!holder || lines.includes(undefined) || new Set(lines).size !== lines.length) return [];
  const edits: Edit[] = glued.map(({ colon }) => {
    const at = documentOffset(text, colon) + 1;
    return { doc: fact.doc, span: { start: at, end: at }, newText: ' ' };
  });
  if (lines[0] === holder.line) {
    if (glued.length > 1 || text.outer.start <= key.outer.end + 1) return [];
    const span = { start: key.outer.end + 1, end: text.outer.start };
    edits.unshift({ doc: fact.doc, span, newText: `\n${' '.repeat(holder.character + 2)}` });
  }
  return [{ title: 'Add a space after the colon', edits, safe: true }];
}
