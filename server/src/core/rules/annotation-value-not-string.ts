import { lines } from '../text/message';
import { literal } from '../text/texts';
import type { AnnotationFact } from '../model/facts';
import { shortKey } from './support/surroundings';
import type { Rule, RuleContext } from './rule';

/** The page: see pages.ts. */
export const doc = `
Finds annotations of the webhook whose value is an unquoted boolean or number in a manifest.

## Why

Annotations are strings. YAML reads \`true\`, \`yes\` and \`3600\` as other types, and Kubernetes rejects the whole
object: \`json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.annotations of type string\`.

## Wrong

\`\`\`yaml
metadata:
  annotations:
    eks.amazonaws.com/sts-regional-endpoints: true
    eks.amazonaws.com/token-expiration: 3600
\`\`\`

## Right

\`\`\`yaml
metadata:
  annotations:
    eks.amazonaws.com/sts-regional-endpoints: "true"
    eks.amazonaws.com/token-expiration: "3600"
\`\`\`

Chart values aren't reported: many charts quote their values.

## When to turn it off

If another tool quotes the values before Kubernetes gets them.
`;

/** An unquoted boolean or number as an annotation's value. */
export const annotationValueNotString: Rule = {
  id: 'annotation-value-not-string',
  level: 'error',
  title: "The annotation value isn't a string, so Kubernetes rejects it",
  fixable: true,
  since: '0.1.0',
  source: 'Kubernetes apimachinery, meta/v1 ObjectMeta.annotations (map of string to string)',
  checks: {
    annotation(fact: AnnotationFact, context: RuleContext): void {
      if (fact.valueType !== 'boolean' && fact.valueType !== 'number') return;
      const { value } = fact;
      // Without a kind it is chart values, and their chart decides.
      if (!value || value.quoted || literal(value) === undefined || fact.owner.kind === undefined) return;
      if (shortKey(fact) === undefined || fact.place === 'unknown' || fact.place === 'beside-annotations') return;
      const kind = fact.valueType === 'boolean' ? 'bool' : 'number';
      const field = fact.place.endsWith('labels') ? 'labels' : 'annotations';
      context.report({
        doc: fact.doc,
        span: value.outer,
        message: lines(
          `This value is a ${fact.valueType}, but ${field} must be strings.`,
          `Kubernetes rejects the object with "json: cannot unmarshal ${kind} into Go struct field ObjectMeta.metadata.${field} of type string".`,
          'Put it in quotes.',
        ),
        fixes: [
          {
            title: 'Quote the value',
            edits: [
              { doc: fact.doc, span: { start: value.outer.start, end: value.outer.start }, newText: '"' },
              { doc: fact.doc, span: { start: value.outer.end, end: value.outer.end }, newText: '"' },
            ],
            safe: true,
          },
        ],
      });
    },
  },
};
