import type { Rule, RuleContext } from './rule';
import { conditionsOn, denyMayNarrow } from './trust/restrictions';
import { headline, lines } from '../text/message';
import { podStatements, type PodStatement } from './trust/statements';
import type { Atom } from './trust/atoms';
import { isTooWide, type Width } from './trust/width';

/** The page: see pages.ts. */
export const doc = `
Finds subject patterns that match more namespaces than intended: \`*\` for every namespace, a prefix without a separator
(\`demo*:app\` allows \`demo-evil\`), one star that spans namespace and name (\`system:serviceaccount:demo*\`).

## Why

\`*\` matches any characters, colons too. Anyone who can create a matching namespace and service account can assume the
role.

## Wrong

\`\`\`json
"StringLike": {
  "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo*:app"
}
\`\`\`

## Right

\`\`\`json
"StringLike": {
  "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo:*"
}
\`\`\`

All service accounts of one namespace (\`demo:*\`), a prefix of names (\`demo:app-*\`) and a star next to a separator (\`pr-*:app\`,
for preview environments) aren't reported.

## When to turn it off

For clusters in which only trusted people can create namespaces.
`;

/** A subject pattern allows more namespaces than it seems. */
export const subjectTooWide: Rule = {
  id: 'subject-too-wide',
  level: 'warning',
  title: 'The subject pattern matches more namespaces than it seems',
  fixable: false,
  since: '0.1.0',
  source: 'IAM user guide, reference_policies_elements_condition_operators (StringLike); Kubernetes name rules',
  checks: {
    trustPolicy(fact, context) {
      for (const statement of podStatements(fact)) {
        if (!statement.irsa || statement.effect !== 'Allow') continue;
        const positive = conditionsOn('sub', statement).filter(
          (atom) => atom.operator.like && !atom.operator.negated && atom.ours !== false,
        );
        for (const atom of positive) {
          if (isNarrowed(atom, statement, context)) continue;
          for (const value of atom.values) {
            const width = isTooWide(value);
            if (width) context.report({ doc: fact.doc, span: value.span, message: message(width) });
          }
        }
      }
    },
  },
};

/** Another condition on the subject, or a Deny on it, may restrict the pattern. */
function isNarrowed(atom: Atom, statement: PodStatement, context: RuleContext): boolean {
  const others = conditionsOn('sub', statement).filter((other) => other !== atom);
  return (
    others.some((other) => other.operator.negated || !other.values.some((value) => isTooWide(value))) ||
    denyMayNarrow('sub', statement, context)
  );
}

const anyone = 'Anyone who can create a matching namespace and service account can assume this role.';

function message(width: Width): string {
  switch (width.kind) {
    case 'all':
      return lines(
        'This pattern matches every subject, so every pod of the cluster can assume this role.',
        undefined,
        'Specify the namespace and the service account.',
      );
    case 'any-namespace':
      return lines(headline`This pattern matches ${width.name} in any namespace.`, anyone, 'Specify the namespace.');
    case 'namespaces':
      return lines(
        headline`The namespace pattern ${width.pattern} also matches ${width.example}.`,
        anyone,
        'List the namespaces, or end the prefix with a separator.',
      );
    case 'spans':
      return lines(
        headline`This pattern also matches other namespaces: ${width.example}.`,
        `The star matches colons too. ${anyone}`,
        'Add a colon after the namespace: system:serviceaccount:<namespace>:*.',
      );
  }
}
